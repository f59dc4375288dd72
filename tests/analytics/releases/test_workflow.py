"""Two people make a lock: one proposes, another approves; every step is an event."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from analytics.exceptions import Decided
from analytics.models import Release
from analytics.models.release import TRANSITIONS, LockedRelease, ReleaseState
from analytics.releases import workflow
from registry.models import Action, Event, User
from registry.public import Actor, NotPermitted
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
Propose = Callable[..., Release]


def last_event() -> Event:
    return Event.objects.order_by("-number").first()


def test_a_proposal_is_an_event_with_its_reason(propose: Propose, statistician: User) -> None:
    release = propose()
    event = last_event()
    assert release.state == ReleaseState.PROPOSED
    assert (event.action, event.row_id, event.reason) == (
        Action.PROPOSE,
        str(release.number),
        "Analysis for the journal",
    )
    assert event.actor_name == statistician.name


def test_a_second_submit_of_one_form_makes_no_second_release(propose: Propose) -> None:
    assert propose(token="same") == propose(token="same")
    assert Release.objects.count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_propose_is_told_so(role: Role, propose: Propose) -> None:
    with pytest.raises(NotPermitted):
        propose(by=factories.user(role))
    assert Release.objects.count() == 0


def test_the_software_cannot_propose() -> None:
    with pytest.raises(NotPermitted):
        workflow.propose(Actor.system("tests"), reason="x", cutoff=workflow.timezone.now().date(), token="x")


def test_another_person_approves(propose: Propose, coordinator: User) -> None:
    release = workflow.approve(Actor.person(coordinator), propose().number)
    assert (release.state, release.decided_by) == (ReleaseState.APPROVED, coordinator.name)
    assert last_event().action == Action.APPROVE


def test_nobody_approves_their_own(propose: Propose, coordinator: User) -> None:
    release = propose(by=coordinator)
    with pytest.raises(NotPermitted, match="somebody else"):
        workflow.approve(Actor.person(coordinator), release.number)
    release.refresh_from_db()
    assert release.state == ReleaseState.PROPOSED
    assert "somebody else" in workflow.refusal(coordinator, release)


def test_the_database_itself_refuses_an_own_approval(propose: Propose, coordinator: User) -> None:
    release = propose(by=coordinator)
    release.state = ReleaseState.APPROVED
    release.decided_at, release.decided_by, release.decided_by_id = (
        release.proposed_at,
        coordinator.name,
        str(coordinator.pk),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        release.save()


def test_a_statistician_does_not_approve(propose: Propose) -> None:
    with pytest.raises(NotPermitted):
        workflow.approve(Actor.person(factories.user(Role.STATISTICIAN)), propose().number)


def test_rejecting_says_why(propose: Propose, coordinator: User) -> None:
    release = workflow.reject(Actor.person(coordinator), propose().number, reason="Too early")
    assert (release.state, release.decision_reason) == (ReleaseState.REJECTED, "Too early")
    assert (last_event().action, last_event().reason) == (Action.REJECT, "Too early")


def test_everybody_may_withdraw_their_own(propose: Propose, statistician: User) -> None:
    release = workflow.reject(Actor.person(statistician), propose().number, reason="Mistake")
    assert release.state == ReleaseState.REJECTED


def test_nobody_else_may_withdraw_it(propose: Propose) -> None:
    with pytest.raises(NotPermitted):
        workflow.reject(Actor.person(factories.user(Role.STATISTICIAN)), propose().number, reason="x")


def test_what_was_decided_is_not_decided_again(propose: Propose, coordinator: User) -> None:
    number = propose().number
    workflow.approve(Actor.person(coordinator), number)
    with pytest.raises(Decided, match="approved already"):
        workflow.reject(Actor.person(coordinator), number, reason="x")
    with pytest.raises(Decided):
        workflow.approve(Actor.person(coordinator), number)


def test_row_and_event_come_together(
    propose: Propose, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = propose().number

    def fail(*args: object) -> None:
        raise MemoryError

    monkeypatch.setattr(workflow, "record_event", fail)
    with pytest.raises(MemoryError):
        workflow.approve(Actor.person(coordinator), number)
    assert Release.objects.get(pk=number).state == ReleaseState.PROPOSED


@pytest.mark.parametrize("target", [ReleaseState.APPROVED, ReleaseState.REJECTED])
@pytest.mark.parametrize("state", list(ReleaseState))
def test_people_go_only_the_ways_of_the_table(
    state: ReleaseState, target: ReleaseState, propose: Propose, coordinator: User
) -> None:
    release = propose()
    if state != ReleaseState.PROPOSED:
        Release.objects.filter(pk=release.pk).update(
            state=state,
            decided_at=release.proposed_at,
            decided_by="Somebody",
            decided_by_id="somebody",
            locked_at=release.proposed_at,
            data_version=1,
            size=1,
            sha256="0" * 64,
        )
    act = workflow.approve if target == ReleaseState.APPROVED else workflow.reject
    options = {} if target == ReleaseState.APPROVED else {"reason": "x"}
    # Building goes back to approved by failing, not by a person.
    if state == ReleaseState.PROPOSED:
        assert act(Actor.person(coordinator), release.number, **options).state == target
    else:
        assert target not in TRANSITIONS[state] or state == ReleaseState.BUILDING
        with pytest.raises((Decided, LockedRelease)):
            act(Actor.person(coordinator), release.number, **options)
        assert Release.objects.get(pk=release.pk).state == state


def test_a_release_is_never_deleted(propose: Propose) -> None:
    release = propose()
    with pytest.raises(LockedRelease):
        release.delete()
    with pytest.raises(LockedRelease):
        Release.objects.all().delete()
