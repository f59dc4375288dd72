"""Reading people for those who manage them: accounts, roles in force, and what was changed about them."""

from collections.abc import Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from registry.exceptions import NotFound
from registry.models import Center, Membership, User
from registry.terminology.roles import Role

ACTIVE, INVITED, OFF = "active", "invited", "off"

_STATUS = {
    ACTIVE: Q(is_active=True) & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
    INVITED: Q(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX),
    OFF: Q(is_active=False),
}


def people(*, search: str = "", role: Role | None = None, status: str = "") -> QuerySet[User]:
    """Everybody with an account, by name; `held` are the roles in force, `has_totp` the second factor."""
    found = User.objects.order_by("name", "email").prefetch_related(_held()).annotate(has_totp=_has_totp())
    if search:
        found = found.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role:
        found = found.filter(
            Exists(Membership.objects.filter(user=OuterRef("pk"), role=role.value, ended_at=None))
        )
    if status in _STATUS:
        found = found.filter(_STATUS[status])
    return found


def person(user_id: object) -> User:
    """One person; raises NotFound."""
    try:
        return people().get(pk=user_id)
    except (User.DoesNotExist, ValidationError):
        raise NotFound(_("There is no such person.")) from None


def status_of(user: User) -> str:
    """Whether the account is in use, waits for its first password, or is switched off."""
    if not user.is_active:
        return OFF
    return ACTIVE if user.has_usable_password() else INVITED


def membership(user: User, membership_id: object) -> Membership:
    """One of a person's roles, in force or ended; raises NotFound."""
    try:
        return user.memberships.select_related("center", "user").get(pk=membership_id)
    except (Membership.DoesNotExist, ValidationError):
        raise NotFound(_("This person holds no such role.")) from None


def membership_ids(user: User) -> list[UUID]:
    """Ids of all roles a person ever held."""
    return list(user.memberships.values_list("pk", flat=True))


def all_centers() -> Iterable[Center]:
    """Every center, for whoever gives roles there; no patients hang on this list."""
    return Center.objects.order_by("center_code")


def _held() -> Prefetch:
    in_force = Membership.objects.filter(ended_at=None).select_related("center").order_by("since")
    return Prefetch("memberships", queryset=in_force, to_attr="held")


def _has_totp() -> Exists:
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP))
