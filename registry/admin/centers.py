"""Centers, and the reference ranges of their laboratories."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry.actions import center as center_actions
from registry.admin.action_form import ActionForm
from registry.admin.captured import CapturedAdmin
from registry.admin.filters import CenterFilter
from registry.admin.site import site
from registry.models import Center, CenterLabref
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope


class CenterAdmin(CapturedAdmin):
    """An administrator manages all centers; who works at one reads it."""

    may_view = (Verb.MANAGE_CENTERS, Verb.VIEW_CASES)
    may_add = may_change = may_delete = Verb.MANAGE_CENTERS

    list_display = ("center_code", "center_name", "center_country", "center_activation_date", "synthetic")
    ordering = ("center_code",)

    def get_queryset(self, request: HttpRequest) -> Any:
        if user_can(request.user, Verb.MANAGE_CENTERS):  # type: ignore[arg-type]
            return Center.objects.all()
        return Center.objects.filter(pk__in=scope.center_ids(request.user))  # type: ignore[arg-type]

    def center_of(self, row: Center) -> Center:
        return row

    def save_model(self, request: HttpRequest, obj: Center, form: ActionForm, change: bool) -> None:
        if change:
            given = form.cleaned_data
            stored = center_actions.update(
                self.actor(request), obj, form.entries, version=given["version"], reason=given["reason"]
            )
        else:
            stored = center_actions.create(self.actor(request), form.entries)
        self.adopt(obj, stored)

    def delete_model(self, request: HttpRequest, obj: Center) -> None:
        center_actions.remove(
            self.actor(request),
            obj,
            version=self.posted_version(request),
            reason=self.posted_reason(request),
        )


class CenterLabrefAdmin(CapturedAdmin):
    """Reference ranges; every change derives the center's cases anew."""

    may_view = (Verb.VIEW_CASES,)
    may_add = may_change = may_delete = Verb.MANAGE_LABREFS

    list_display = ("center", "labref_valid_from", "version", "updated_at")
    list_display_links = ("center", "labref_valid_from")
    list_filter = (CenterFilter,)
    list_select_related = ("center",)
    ordering = ("center__center_code", "seq")
    readonly_fields = ("center",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return CenterLabref.objects.filter(center__in=scope.center_ids(request.user))  # type: ignore[arg-type]

    def center_of(self, row: CenterLabref) -> Center:
        return row.center  # type: ignore[no-any-return]

    def owner_fields(self, request: HttpRequest, row: Any) -> dict[str, forms.Field]:
        if row is not None:
            return {}
        own = Center.objects.filter(pk__in=scope.center_ids(request.user))  # type: ignore[arg-type]
        return {"center": forms.ModelChoiceField(own, label=_("Center"))}

    def save_model(self, request: HttpRequest, obj: CenterLabref, form: ActionForm, change: bool) -> None:
        given = form.cleaned_data
        labref = center_actions.save_labref(
            self.actor(request),
            obj.center if change else given["center"],
            form.entries,
            seq=obj.seq if change else None,
            version=given.get("version"),
            reason=given.get("reason", ""),
        )
        self.adopt(obj, labref)

    def delete_model(self, request: HttpRequest, obj: CenterLabref) -> None:
        center_actions.remove_labref(
            self.actor(request),
            obj.center,
            obj.seq,
            version=self.posted_version(request),
            reason=self.posted_reason(request),
        )


site.register(Center, CenterAdmin)
site.register(CenterLabref, CenterLabrefAdmin)
