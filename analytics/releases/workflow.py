"""Proposing, approving and rejecting a release: the row and its audit event in one transaction."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.exceptions import Decided
from analytics.models import Release
from analytics.models.release import ReleaseState
from registry.public import Action, Actor, NotPermitted, User, Verb, check_user_can, record_event

TABLE = Release._meta.db_table


def propose(actor: Actor, *, reason: str, cutoff: date, token: str) -> Release:
    """Propose to lock the data up to `cutoff`; the same token again answers with the release it made.

    Raises
    ------
    NotPermitted
    """
    _check(actor, Verb.PROPOSE_RELEASE)
    earlier = Release.objects.filter(token=token).first()
    if earlier:
        return earlier
    release = Release(
        reason=reason,
        cutoff=cutoff,
        token=token,
        proposed_at=timezone.now(),
        proposed_by_id=str(_person(actor).pk),
        proposed_by=actor.name,
        secret=secrets.token_hex(32),
    )
    try:
        with transaction.atomic():
            release.save(force_insert=True)
            _record(actor, Action.PROPOSE, release, reason)
    except IntegrityError:
        # Two submits at once: the other one made it.
        return Release.objects.get(token=token)
    return release


def approve(actor: Actor, number: int) -> Release:
    """Approve a proposal of somebody else; the next tick builds it. Raises NotPermitted, Decided."""
    return _decide(actor, number, ReleaseState.APPROVED, Action.APPROVE, "")


def reject(actor: Actor, number: int, *, reason: str) -> Release:
    """Reject a proposal, or withdraw one's own. Raises NotPermitted, Decided."""
    return _decide(actor, number, ReleaseState.REJECTED, Action.REJECT, reason)


def check_user_can_approve(user: User, release: Release) -> None:
    """Raise NotPermitted, saying why, unless `user` may approve `release`."""
    check_user_can(user, Verb.APPROVE_RELEASE)
    if release.proposed_by_id == str(user.pk):
        raise NotPermitted(_("You proposed this release: somebody else has to approve it."))


def check_user_can_reject(user: User, release: Release) -> None:
    """Raise NotPermitted, saying why, unless `user` may reject `release`; one's own can be withdrawn."""
    if release.proposed_by_id != str(user.pk):
        check_user_can(user, Verb.APPROVE_RELEASE)


def refusal(user: User, release: Release) -> str:
    """Why `user` may not approve `release`; empty when they may."""
    try:
        check_user_can_approve(user, release)
    except NotPermitted as refused:
        return str(refused)
    return ""


def _decide(actor: Actor, number: int, state: ReleaseState, action: Action, reason: str) -> Release:
    _check(actor, Verb.VIEW_RELEASES)
    with transaction.atomic():
        release: Release = Release.objects.select_for_update().get(pk=number)
        check = check_user_can_approve if state == ReleaseState.APPROVED else check_user_can_reject
        check(_person(actor), release)
        # People decide about proposals only; the way back from building to approved is the builder's.
        if release.state != ReleaseState.PROPOSED:
            raise Decided(
                _("This release is %(state)s already.") % {"state": release.get_state_display().lower()}
            )
        release.state = state
        release.decided_at = timezone.now()
        release.decided_by_id = str(_person(actor).pk)
        release.decided_by = actor.name
        release.decision_reason = reason
        release.save()
        _record(actor, action, release, reason)
    return release


def _check(actor: Actor, verb: Verb) -> None:
    check_user_can(_person(actor), verb)


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise NotPermitted(_("Only a person can do this."))
    return actor.user


def _record(actor: Actor, action: Action, release: Release, reason: str) -> None:
    content = {"number": release.number, "state": release.state, "cutoff": release.cutoff.isoformat()}
    record_event(actor, action, TABLE, str(release.number), content, reason)
