"""Forms of the people pages. They shape what was typed; `registry.actions.people` decides what is valid."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.exceptions import InvalidEntries
from registry.models import Center
from registry.selectors.people import ACTIVE, INVITED, OFF, all_centers
from registry.terminology.roles import CENTER_ROLES, Role


class ActionForm(forms.Form):
    """A form that shows what an action refused at the fields it names."""

    def add_refusal(self, refusal: InvalidEntries) -> None:
        """Put each message of `refusal` at its field; elsewhere at the form."""
        for (_form, _seq, name), messages in refusal.errors.items():
            self.add_error(name if name in self.fields else None, list(messages))


class RoleFields(ActionForm):
    """A center, where one of the chosen roles is held at one."""

    # For the script that hides the center where it means nothing.
    center_roles = " ".join(sorted(CENTER_ROLES))

    center = forms.ModelChoiceField(
        label=gettext_lazy("Center"),
        queryset=Center.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a center"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["center"]
        field.queryset = all_centers()
        field.label_from_instance = lambda center: f"{center.center_code}, {center.center_name}"

    def clean(self) -> dict[str, Any]:
        """Ask for the center of a role that is held at one."""
        cleaned = super().clean() or {}
        if any(role.at_center for role in self.roles()) and not cleaned.get("center"):
            self.add_error("center", _("Choose the center: this role is held at one."))
        return cleaned

    def roles(self) -> list[Role]:
        """The roles that were chosen."""
        raise NotImplementedError

    def center_for(self, role: Role) -> Center | None:
        """Where `role` is given; None for a study-wide one."""
        return self.cleaned_data["center"] if role.at_center else None


class InviteForm(RoleFields):
    """A new account with its first roles."""

    email = forms.EmailField(label=gettext_lazy("Email"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    role = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one role.")},
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)
    field_order = ("email", "name", "role", "center", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _role_choices(Role)

    def roles(self) -> list[Role]:
        """The roles that were ticked."""
        return [Role(code) for code in self.cleaned_data.get("role", [])]


class GrantForm(RoleFields):
    """One more role for a person."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)
    field_order = ("role", "center", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at_center = [role for role in Role if role.at_center]
        study_wide = [role for role in Role if not role.at_center]
        self.fields["role"].choices = [
            ("", _("Choose a role")),
            (_("At a center"), _role_choices(at_center)),
            (_("For the whole study"), _role_choices(study_wide)),
        ]

    def roles(self) -> list[Role]:
        """The role that was chosen, if any."""
        code = self.cleaned_data.get("role")
        return [Role(code)] if code else []


class NameForm(ActionForm):
    """A person's name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


class ReasonForm(ActionForm):
    """Why something is done; kept in the audit trail."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class PeopleFilterForm(forms.Form):
    """Which people to list."""

    q = forms.CharField(
        label=gettext_lazy("Name or email"), required=False, max_length=254, widget=forms.SearchInput()
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Account"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("All roles")), *_role_choices(Role)]
        self.fields["status"].choices = [("", _("All accounts")), *STATUS_LABELS.items()]


STATUS_LABELS = {
    ACTIVE: gettext_lazy("Active"),
    INVITED: gettext_lazy("Invited"),
    OFF: gettext_lazy("Switched off"),
}


def _role_choices(roles: Iterable[Role]) -> list[tuple[str, str]]:
    return [(role.value, _(role.label)) for role in roles]
