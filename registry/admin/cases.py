"""Cases: enroll a patient, find the forms of one. A case itself is never changed or removed."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import case as case_actions
from registry.admin.action_form import (
    ActionForm,
    bookkeeping,
    completing,
    confirming,
    entry_fields,
    form_class,
)
from registry.admin.base import RegistryAdmin
from registry.admin.filters import CenterFilter
from registry.admin.site import site
from registry.models import CASE_ROWS, Case, Center, Enrolment
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope


class CaseAdmin(RegistryAdmin):
    """Adding a case is enrolling: the registry issues the code."""

    may_view = (Verb.VIEW_CASES,)
    may_add = Verb.ENROLL

    list_display = ("patient_code", "center", "created_at", "synthetic")
    list_filter = (CenterFilter,)
    ordering = ("patient_code",)
    readonly_fields = ("patient_code", "center", "created_at", "synthetic", "case_forms")

    def get_queryset(self, request: HttpRequest) -> Any:
        return scope.cases(request.user)  # type: ignore[arg-type]

    def center_of(self, row: Case) -> Center:
        return row.center

    def case_id(self, row: Any) -> object:
        return row.pk

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ActionForm]:
        if obj is not None:
            return form_class(Case, {})
        made = {
            "center": _center_field(request),
            **entry_fields(Enrolment.variables, None),
            **completing(),
            **bookkeeping(None),
        }
        return form_class(Case, made, variables=Enrolment.variables, refusal=self.refusal(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, dict[str, Any]]]:
        if obj is not None:
            return [(None, {"fields": self.readonly_fields})]
        names = [variable.name for variable in Enrolment.variables]
        return [(_(Enrolment.form.label), {"fields": ["center", *names, "complete", "confirm", "token"]})]

    def save_model(self, request: HttpRequest, obj: Case, form: ActionForm, change: bool) -> None:
        given = form.cleaned_data

        def enroll(confirmations: dict[str, str]) -> Case:
            return case_actions.enroll(
                self.actor(request),
                given["center"],
                form.entries,
                complete=given["complete"],
                confirmations=confirmations,
                token=given["token"],
            )

        self.adopt(obj, confirming(enroll, given["confirm"]))

    @staticmethod
    def case_forms(case: Case) -> str:
        """Where the rows of each form are listed."""
        links = (
            (reverse(f"admin:registry_{model._meta.model_name}_changelist"), case.pk, _(model.form.label))
            for model in CASE_ROWS.values()
        )
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}?case={}">{}</a></li>', links))

    case_forms.short_description = gettext_lazy("forms")  # type: ignore[attr-defined]


def _center_field(request: HttpRequest) -> forms.Field:
    allowed = [each.pk for each in scope.centers(request.user) if user_can(request.user, Verb.ENROLL, each)]  # type: ignore[arg-type]
    return forms.ModelChoiceField(Center.objects.filter(pk__in=allowed), label=_("Center"))


site.register(Case, CaseAdmin)
