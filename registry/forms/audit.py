"""What to look for in the audit trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Action, Source
from registry.selectors.audit import Wanted
from registry.selectors.people import all_centers


class AuditFilterForm(forms.Form):
    """Each field narrows the list; an empty one does not."""

    number = forms.IntegerField(
        label=gettext_lazy("Number"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    action = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    person = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=120)
    center = forms.ChoiceField(label=gettext_lazy("Center"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Where from"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False)
    until = forms.DateField(label=gettext_lazy("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [str(center) for center in all_centers()]
        self.fields["action"].choices = [("", _("Anything")), *Action.choices]
        self.fields["source"].choices = [("", _("Anywhere")), *Source.choices]
        self.fields["center"].choices = [("", _("All")), *((code, code) for code in codes)]
        for name in ("since", "until"):
            self.fields[name].widget.attrs |= {"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric"}

    def wanted(self) -> Wanted:
        """What was asked for; the fields that could not be read are left out."""
        found = self.cleaned_data
        return Wanted(
            action=found.get("action", ""),
            center_code=found.get("center", ""),
            person=found.get("person", ""),
            source=found.get("source", ""),
            since=found.get("since"),
            until=found.get("until"),
            number=found.get("number"),
        )
