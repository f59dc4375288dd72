"""People: accounts and roles. Whoever is invited sets their own password."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.actions.change import change
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.exceptions import InvalidEntries, NotPermitted
from registry.models import Action, Center, Membership, User
from registry.permissions.verbs import Verb
from registry.terminology.roles import Role


def invite(actor: Actor, email: str, name: str, *, password: str | None = None) -> User:
    """Make an account. Without `password` it cannot be logged in to until its owner sets one by mail.

    Raises
    ------
    InvalidEntries, NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_PEOPLE)
    email = email.strip().lower()
    _check_person(email, name)
    user = User(email=email, name=name.strip())
    user.set_password(password) if password else user.set_unusable_password()
    with change(actor) as work:
        work.create(user)
    return user


def update(
    actor: Actor, user: User, *, name: str | None = None, is_active: bool | None = None, reason: str = ""
) -> User:
    """Rename a person, or switch the account off or on. Raises InvalidEntries, NotPermitted."""
    check_actor_can(actor, Verb.MANAGE_PEOPLE)
    check_not_oneself(actor, user)
    with change(actor, reason=reason) as work:
        stored: User = User.objects.select_for_update().get(pk=user.pk)
        before = image(stored)
        if name is not None:
            _check_name(name)
            stored.name = name.strip()
        if is_active is not None:
            stored.is_active = is_active
        work.update(stored, before)
    return stored


def grant(
    actor: Actor, user: User, role: Role, center: Center | None = None, *, reason: str = ""
) -> Membership:
    """Give a person a role, at a center where the role is held at one. Idempotent.

    Raises
    ------
    InvalidEntries, NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_PEOPLE)
    check_not_oneself(actor, user)
    if role.at_center != (center is not None):
        message = _("This role is held at a center.") if role.at_center else _("This role is study-wide.")
        raise InvalidEntries({("membership", 1, "center"): [message]})
    with change(actor, center=center, reason=reason) as work:
        User.objects.select_for_update().get(pk=user.pk)
        held = Membership.objects.filter(user=user, role=role, center=center, ended_at=None).first()
        if held:
            return held  # type: ignore[no-any-return]
        membership = Membership(user=user, role=role, center=center, since=work.at)
        work.create(membership, Action.ROLE)
    return membership


def revoke(actor: Actor, membership: Membership, *, reason: str = "") -> Membership:
    """End a role; it acts on the person's next request. Raises NotPermitted."""
    check_actor_can(actor, Verb.MANAGE_PEOPLE)
    check_not_oneself(actor, membership.user)
    with change(actor, center=membership.center, reason=reason) as work:
        stored = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if stored.ended_at is None:
            before = image(stored)
            stored.ended_at = work.at
            work.update(stored, before, Action.ROLE)
    return stored  # type: ignore[no-any-return]


def note(actor: Actor, action: Action, at: datetime | None = None) -> None:
    """Record that somebody logged in or out, failed to, or changed a password or second factor."""
    with change(actor) as work:
        work.at = at or timezone.now()
        work.note(action)


def check_not_oneself(actor: Actor, user: User) -> None:
    """Raise NotPermitted when the actor is about to change their own account or roles."""
    if actor.user is not None and actor.user.pk == user.pk:
        raise NotPermitted(_("You may not change your own account or roles."))


def _check_person(email: str, name: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidEntries({("user", 1, "email"): list(error.messages)}) from None
    if User.objects.filter(email__iexact=email).exists():
        raise InvalidEntries({("user", 1, "email"): [_("There is an account with this address already.")]})
    _check_name(name)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > 120:
        raise InvalidEntries({("user", 1, "name"): [_("Enter a name of at most 120 characters.")]})
