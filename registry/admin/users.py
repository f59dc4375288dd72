"""People's accounts. An account is switched off, never removed: the audit trail names it."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry.actions import people
from registry.admin.action_form import ActionForm, form_class
from registry.admin.base import RegistryAdmin
from registry.admin.site import site
from registry.models import User
from registry.permissions.verbs import Verb


class UserAdmin(RegistryAdmin):
    """Adding a person is inviting them: they set their own password by mail."""

    may_view = (Verb.MANAGE_PEOPLE,)
    may_add = may_change = Verb.MANAGE_PEOPLE

    list_display = ("name", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    ordering = ("name",)
    readonly_fields = ("email",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ActionForm]:
        name = forms.CharField(label=_("Name"), max_length=120, initial=obj.name if obj else "")
        if obj is None:
            made: dict[str, forms.Field] = {"email": forms.EmailField(label=_("Email address")), "name": name}
        else:
            made = {
                "name": name,
                "is_active": forms.BooleanField(label=_("Active"), required=False, initial=obj.is_active),
                "reason": forms.CharField(label=_("Reason of the change"), max_length=500, required=False),
            }
        return form_class(User, made, refusal=self.refusal(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, dict[str, Any]]]:
        return [(None, {"fields": ["email", "name"] + (["is_active", "reason"] if obj else [])})]

    def save_model(self, request: HttpRequest, obj: User, form: ActionForm, change: bool) -> None:
        given = form.cleaned_data
        if change:
            stored = people.update(
                self.actor(request),
                obj,
                name=given["name"],
                is_active=given["is_active"],
                reason=given["reason"],
            )
        else:
            stored = people.invite(self.actor(request), given["email"], given["name"])
        self.adopt(obj, stored)


site.register(User, UserAdmin)
