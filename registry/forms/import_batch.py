"""The form with which a file is brought."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.people import ActionForm
from registry.models import Center


class UploadForm(ActionForm):
    """A file, for one of the person's centers; `registry.actions.import_batch` decides what is valid."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel (.xlsx) or CSV in UTF-8, up to 30 MB. Nothing is imported before you have seen it."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    center = forms.ChoiceField(label=_("Center"))
    completing = forms.BooleanField(
        label=_("Mark rows complete where nothing is owed and no warning is unconfirmed"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: object, centers: Sequence[Center], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(center.pk), f"{center.center_code}, {center.center_name}") for center in centers]
        self.fields["center"].choices = choices
        self.fields["center"].initial = choices[0][0]
        if len(choices) == 1:
            self.fields["center"].widget = forms.HiddenInput()
