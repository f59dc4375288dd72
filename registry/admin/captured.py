"""One generic admin class over the dictionary's declarations: every capturing model uses it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry import fields
from registry.admin.action_form import ActionForm, bookkeeping, entry_fields, form_class
from registry.admin.base import RegistryAdmin
from registry.forms.wording import label_of, text_of
from registry.models.captured import Captured


class CapturedAdmin(RegistryAdmin):
    """Its form fields are the declared variables; an action reads, checks and stores what is typed."""

    model: type[Captured]

    def owner_fields(self, request: HttpRequest, row: Captured | None) -> dict[str, forms.Field]:
        """What a new row must be told besides its variables: of which case, at which center."""
        return {}

    def further_fields(self, request: HttpRequest, row: Captured | None) -> dict[str, forms.Field]:
        """Fields after the variables."""
        return bookkeeping(row, token=False)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ActionForm]:
        made = {
            **self.owner_fields(request, obj),
            **entry_fields(self.model.variables, obj),
            **self.further_fields(request, obj),
        }
        return form_class(self.model, made, variables=self.model.variables, refusal=self.refusal(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, dict[str, Any]]]:
        label = _(self.model.form.label)
        if obj is not None and not self.has_change_permission(request, obj):
            return [
                (
                    label,
                    {"fields": [*self.readonly_fields, *(_reader(each) for each in self.model.variables)]},
                )
            ]
        before = [*self.readonly_fields] if obj is not None else [*self.owner_fields(request, obj)]
        return [
            (label, {"fields": [*before, *(each.name for each in self.model.variables)]}),
            (_("Saving"), {"fields": [*self.further_fields(request, obj)]}),
        ]


def _reader(variable: Any) -> Callable[[Captured], str]:
    """A column for those who may only look: the value as it was entered."""

    def read(row: Captured) -> str:
        return text_of(variable, fields.get(row, variable)) or "–"

    read.__name__ = variable.name
    read.short_description = label_of(variable)  # type: ignore[attr-defined]
    return read
