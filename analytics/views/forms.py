"""What is typed about releases."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.public import today


class ProposalForm(forms.Form):
    """Why to lock, and up to which day; the token makes a second submit of the form harmless."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        strip=True,
        help_text=_("What this release is for: an analysis, a submission, a journal's request."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cutoff = forms.DateField(
        label=_("Data cutoff"),
        help_text=_("Nothing that happened after this day is in the release."),
        widget=forms.DateInput(attrs={"autocomplete": "off", "size": 12}),
    )
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_cutoff(self) -> date:
        """Nobody can lock the future."""
        cutoff: date = self.cleaned_data["cutoff"]
        if cutoff > today():
            raise forms.ValidationError(_("The cutoff cannot be in the future."))
        return cutoff


class RejectionForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Reason"), max_length=500, strip=True)
