"""The form of an admin page: it checks nothing itself and shows what an action refused, at the field."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from registry import fields
from registry.admin.entry_field import EntryField
from registry.dictionary.entry import EntryError, read
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    NotFound,
    NotPermitted,
    ReasonRequired,
    RegistryError,
    StaleVersion,
    TokenReused,
    Unconfirmed,
)
from registry.forms.wording import message_of, text_of
from registry.models.captured import Captured

# What a person can mend by reading a sentence; anything else is a fault of ours.
REFUSALS = (
    InvalidEntries,
    StaleVersion,
    ReasonRequired,
    Incomplete,
    Unconfirmed,
    TokenReused,
    NotPermitted,
    NotFound,
)


class ActionForm(forms.Form):
    """Stands where the stock admin expects a ModelForm.

    Attributes
    ----------
    instance : the row the page is about, or an unsaved one.
    refusal : why the action refused what was posted; None before it was asked.
    variables : declared variables among the fields.
    """

    model: ClassVar[type[models.Model]]
    refusal: ClassVar[RegistryError | None] = None
    variables: ClassVar[tuple[Any, ...]] = ()

    def __init__(
        self, data: Any = None, files: Any = None, instance: Any = None, initial: Any = None
    ) -> None:
        self.instance = instance if instance is not None else self.model()
        self._meta = SimpleNamespace(labels=None, help_texts=None, model=self.model)
        if data is not None and isinstance(self.refusal, StaleVersion) and self.refusal.row is not None:
            # Having seen what the other person stored, one may save again.
            data = data.copy()
            data["version"] = str(self.refusal.row.version)
        super().__init__(data, files, initial=initial)

    def save(self, commit: bool = True) -> Any:
        """The row as it was; what is stored is up to the action."""
        return self.instance

    def save_m2m(self) -> None:
        """Nothing: the action stores everything."""

    @property
    def entries(self) -> dict[str, Any]:
        """Variable name → raw entry."""
        return {variable.name: self.cleaned_data[variable.name] for variable in self.variables}

    def clean(self) -> dict[str, Any]:
        for name, message in self._refused():
            self.add_error(name if name in self.fields else None, message)
        return self.cleaned_data

    def _refused(self) -> Iterator[tuple[str, str]]:
        match self.refusal:
            case None:
                return
            case InvalidEntries() as invalid:
                for (_form, _seq, name), messages in invalid.errors.items():
                    yield from ((name, message) for message in messages)
            case Incomplete() | Unconfirmed() as found:
                yield "", str(found)
                for finding in found.findings:
                    yield finding.variable, message_of(finding)
            case ReasonRequired() as wanted:
                yield "reason", str(wanted)
            case StaleVersion() as stale:
                yield "", str(stale)
                if stale.row is not None:
                    yield from self._differences(stale.row)
            case other:
                yield "", str(other)

    def _differences(self, stored: Captured) -> Iterator[tuple[str, str]]:
        yield (
            "",
            _("Where your entry differs, what is stored now is said below it. Save again to keep yours."),
        )
        for variable in self.variables:
            value = fields.get(stored, variable)
            try:
                same = read(variable, self.cleaned_data[variable.name]) == value
            except EntryError:
                same = False
            if not same:
                yield variable.name, _("Stored now: %(value)s") % {"value": text_of(variable, value) or "–"}


def entry_fields(variables: tuple[Any, ...], row: Captured | None) -> dict[str, forms.Field]:
    """Form fields of declared variables, filled from `row`."""
    return {
        variable.name: EntryField(variable, fields.get(row, variable) if row else None)
        for variable in variables
    }


def bookkeeping(row: Captured | None, *, reason: bool = True, token: bool = True) -> dict[str, forms.Field]:
    """Fields every capturing form has: the version one saw, an idempotency token, the reason of a change."""
    made: dict[str, forms.Field] = {}
    if row is not None:
        made["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=row.version)
    if token:
        made["token"] = forms.CharField(
            widget=forms.HiddenInput, max_length=64, required=False, initial=lambda: uuid4().hex
        )
    if reason and row is not None:
        made["reason"] = forms.CharField(
            label=_("Reason of the change"),
            max_length=500,
            required=False,
            widget=forms.TextInput(attrs={"size": 60}),
        )
    return made


def completing(*, initial: bool = False) -> dict[str, forms.Field]:
    """Fields of a form that can be called complete: whether, and why what is unusual is correct."""
    return {
        "complete": forms.BooleanField(label=_("Complete"), required=False, initial=initial),
        "confirm": forms.CharField(
            label=_("Why what is unusual is correct"),
            max_length=500,
            required=False,
            widget=forms.TextInput(attrs={"size": 60}),
        ),
    }


def confirming(save: Callable[[dict[str, str]], Any], reason: str) -> Any:
    """Save; where warnings stand in the way, once more with the reason that was given for them.

    Parameters
    ----------
    save : the action, given its confirmations: key of a finding → why the answer is correct.
    """
    try:
        return save({})
    except Unconfirmed as doubts:
        if not reason.strip():
            raise
        return save({finding.key: reason for finding in doubts.findings})


def form_class(
    model: type[models.Model],
    form_fields: Mapping[str, forms.Field],
    *,
    variables: tuple[Any, ...] = (),
    refusal: RegistryError | None = None,
) -> type[ActionForm]:
    """A form class for one request."""
    attributes = {"model": model, "variables": variables, "refusal": refusal, **form_fields}
    return type(f"{model.__name__}Form", (ActionForm,), attributes)
