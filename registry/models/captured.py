"""Rows that capture a form of the dictionary: their columns come from its declarations."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry import fields
from registry.dictionary.facts import Record
from registry.dictionary.variable import Form
from registry.models.guard import Audited
from registry.models.scoped import ScopedManager

Model = TypeVar("Model", bound=type[models.Model])


class State(models.TextChoices):
    """How far a row is. Complete is an explicit act of a person."""

    DRAFT = "DRAFT", _("Draft")
    COMPLETE = "COMPLETE", _("Complete")


def captures(form: Form, *, elsewhere: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Class decorator: add the columns of `form` to a model.

    Parameters
    ----------
    elsewhere : names of variables that another model keeps (the patient code is the case's).
    """

    def add_columns(model: Model) -> Model:
        model.form = form  # type: ignore[attr-defined]
        model.variables = tuple(v for v in form if v.name not in elsewhere)  # type: ignore[attr-defined]
        for variable in model.variables:  # type: ignore[attr-defined]
            for name, column in fields.columns(variable).items():
                column.contribute_to_class(model, name)
        return model

    return add_columns


class Captured(Audited):
    """A row with the dictionary's columns, a version for optimistic locking, and a state."""

    form: ClassVar[Form]
    variables: ClassVar[tuple[Any, ...]]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True

    def record(self) -> Record:
        """The row's values, exact and without a database."""
        values = ((variable.name, fields.get(self, variable)) for variable in self.variables)
        return Record(self.form, {name: value for name, value in values if value is not None})


class CaseRow(Captured):
    """One row of one case: of a form that does not repeat, or one of several.

    `seq` is issued by the server and never reused; a form that does not repeat has `seq` 1.
    """

    case: models.ForeignKey[Any, Any] = models.ForeignKey(
        "registry.Case", on_delete=models.PROTECT, related_name="%(class)s_rows", editable=False
    )
    seq = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    completed_once = models.BooleanField(default=False, editable=False)

    objects = ScopedManager()

    class Meta:
        abstract = True
        ordering = ("seq",)
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="%(class)s_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form.label} {self.seq}" if self.form.repeating else self.form.label
