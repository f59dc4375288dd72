"""Who holds which role, where. A role is given and ended; what was held stays on record."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry.actions import people
from registry.admin.action_form import ActionForm, form_class
from registry.admin.base import RegistryAdmin
from registry.admin.site import site
from registry.models import Center, Membership, User
from registry.permissions.verbs import Verb
from registry.terminology.roles import Role


class MembershipAdmin(RegistryAdmin):
    """Removing a membership ends it; changing one is ending it and giving another."""

    may_view = (Verb.MANAGE_PEOPLE,)
    may_add = may_delete = Verb.MANAGE_PEOPLE

    list_display = ("user", "role", "center", "since", "ended_at")
    list_select_related = ("user", "center")
    list_filter = ("role",)
    ordering = ("user__name", "since")
    readonly_fields = ("user", "role", "center", "since", "ended_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.ended_at is None)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ActionForm]:
        made: dict[str, forms.Field] = {}
        if obj is None:
            made = {
                "user": forms.ModelChoiceField(User.objects.order_by("name"), label=_("Person")),
                "role": forms.ChoiceField(
                    label=_("Role"), choices=[("", "–"), *((role.value, _(role.label)) for role in Role)]
                ),
                "center": forms.ModelChoiceField(
                    Center.objects.all(),
                    label=_("Center"),
                    required=False,
                    help_text=_("For the roles that are held at a center."),
                ),
                "reason": forms.CharField(label=_("Reason"), max_length=500, required=False),
            }
        return form_class(Membership, made, refusal=self.refusal(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, dict[str, Any]]]:
        return [(None, {"fields": self.readonly_fields if obj else ["user", "role", "center", "reason"]})]

    def save_model(self, request: HttpRequest, obj: Membership, form: ActionForm, change: bool) -> None:
        given = form.cleaned_data
        membership = people.grant(
            self.actor(request), given["user"], Role(given["role"]), given["center"], reason=given["reason"]
        )
        self.adopt(obj, membership)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        people.revoke(self.actor(request), obj, reason=self.posted_reason(request))


site.register(Membership, MembershipAdmin)
