"""The forms of a case, one change list each."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import record
from registry.admin.action_form import ActionForm, bookkeeping, completing, confirming
from registry.admin.captured import CapturedAdmin
from registry.admin.filters import CaseFilter, RowCenterFilter
from registry.admin.site import site
from registry.models import CASE_ROWS, CaseRow, Center, State
from registry.permissions.verbs import Verb
from registry.selectors import scope


class CaseRowAdmin(CapturedAdmin):
    """Rows of one form, of all cases the person may see."""

    may_view = (Verb.VIEW_CASES,)
    may_add = may_change = may_delete = Verb.RECORD

    list_display = ("case", "row", "state", "version", "updated_at")
    list_display_links = ("case", "row")
    list_filter = (RowCenterFilter, CaseFilter)
    ordering = ("case__patient_code", "seq")
    readonly_fields = ("case",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return scope.rows(request.user, self.model)  # type: ignore[arg-type]

    def center_of(self, row: CaseRow) -> Center:
        return row.case.center  # type: ignore[no-any-return]

    def owner_fields(self, request: HttpRequest, row: Any) -> dict[str, forms.Field]:
        if row is not None:
            return {}
        return {"case": forms.ModelChoiceField(scope.cases(request.user), label=_("Case"))}  # type: ignore[arg-type]

    def further_fields(self, request: HttpRequest, row: Any) -> dict[str, forms.Field]:
        is_complete = row is not None and row.state == State.COMPLETE
        return {**completing(initial=is_complete), **bookkeeping(row)}

    def save_model(self, request: HttpRequest, obj: CaseRow, form: ActionForm, change: bool) -> None:
        given = form.cleaned_data

        def save(confirmations: dict[str, str]) -> CaseRow:
            return record.save(
                self.actor(request),
                obj.case if change else given["case"],
                self.model.form.name,
                form.entries,
                seq=obj.seq if change else None,
                version=given.get("version"),
                complete=given["complete"],
                confirmations=confirmations,
                reason=given.get("reason", ""),
                token=given["token"],
            )

        self.adopt(obj, confirming(save, given["confirm"]))

    def delete_model(self, request: HttpRequest, obj: CaseRow) -> None:
        record.remove(
            self.actor(request),
            obj.case,
            self.model.form.name,
            obj.seq,
            version=self.posted_version(request),
            reason=self.posted_reason(request),
        )

    @staticmethod
    def row(row: CaseRow) -> str:
        return str(row)

    row.short_description = gettext_lazy("row")  # type: ignore[attr-defined]


for _model in CASE_ROWS.values():
    site.register(_model, CaseRowAdmin)
