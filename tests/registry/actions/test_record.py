"""Saving, completing and removing rows."""

from decimal import Decimal

import pytest

from registry.actions import record
from registry.audit.actor import Actor
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    NotFound,
    NotPermitted,
    ReasonRequired,
    StaleVersion,
    TokenReused,
)
from registry.models import Action, Baseline, DataQuery, Event, FollowUp, QueryState, Response, State
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.empty_case(factories.center())


@pytest.fixture
def actor(case):
    return Actor.person(factories.user(Role.DATA_MANAGER, at=case.center))


def baseline(case):
    return Baseline.objects.filter(case=case).scoped().get()


def test_a_draft_is_saved_with_its_event_and_derived_case(case, actor):
    before = Event.objects.count()
    row = record.save(actor, case, "baseline", {"hb": {"value": "111", "unit": "g/L"}})

    assert (row.hb, row.hb_entered, row.hb_unit) == (Decimal("11.1"), "111", "g/L")
    assert row.state == State.DRAFT
    event = Event.objects.get(number=before + 1)
    assert (event.action, event.table, event.row_id) == (Action.CREATE, "registry_baseline", str(row.pk))
    assert event.actor_name == actor.name
    assert event.actor_role == f"DATA_MANAGER {case.center}"
    case.refresh_from_db()
    assert case.derived.values["hb_lt_11_8"]["value"] == "YES"
    assert case.derived.changed_by == actor.name


def test_an_update_needs_the_version_that_was_seen(case, actor):
    row = record.save(actor, case, "baseline", {"hb": "10"})
    record.save(actor, case, "baseline", {"hb": "11"}, seq=1, version=row.version)

    with pytest.raises(StaleVersion) as stale:
        record.save(actor, case, "baseline", {"hb": "12"}, seq=1, version=row.version)
    assert stale.value.row.hb_entered == "11"
    assert baseline(case).hb_entered == "11"


def test_an_update_that_changes_nothing_leaves_no_event(case, actor):
    row = record.save(actor, case, "baseline", {"hb": "10"})
    events = Event.objects.count()
    record.save(actor, case, "baseline", {"hb": "10"}, seq=1, version=row.version)
    assert Event.objects.count() == events
    assert baseline(case).version == 1


def test_a_variable_that_is_not_named_keeps_its_value(case, actor):
    row = record.save(actor, case, "baseline", {"hb": "10", "albumin": "3.5"})
    record.save(actor, case, "baseline", {"hb": "11"}, seq=1, version=row.version)
    assert baseline(case).albumin_entered == "3.5"


def test_every_wrong_entry_is_named_and_nothing_is_saved(case, actor):
    events = Event.objects.count()
    with pytest.raises(InvalidEntries) as invalid:
        record.save(actor, case, "baseline", {"hb": "eleven", "albumin": "99", "ecog": "9", "b2m": "4"})
    assert {name for _form, _seq, name in invalid.value.errors} == {"hb", "albumin", "ecog"}
    assert not Baseline.objects.filter(case=case).scoped().exists()
    assert Event.objects.count() == events


def test_the_future_is_refused(case, actor):
    with pytest.raises(InvalidEntries) as invalid:
        record.save(actor, case, "follow_up", {"contact_date": "2999-01-01"})
    assert "future" in str(invalid.value)


def test_complete_wants_every_core_answer(case, actor):
    with pytest.raises(Incomplete) as incomplete:
        record.save(actor, case, "demographics", {"sex": "F"}, complete=True)
    assert [finding.variable for finding in incomplete.value.findings] == ["birth_date"]
    row = record.save(actor, case, "demographics", {"sex": "F", "birth_date": "1954-06"}, complete=True)
    assert row.state == State.COMPLETE


def test_limits_that_refer_to_other_forms_block_completeness_only(case, actor):
    record.save(actor, case, "isapd_treatment", {"isapd_start_date": "2022-03-10"})
    entries = {"dx_date": "2023-01", "heavy_chain": "IGG", "light_chain": "K"}
    draft = record.save(actor, case, "diagnosis", entries)
    with pytest.raises(Incomplete) as incomplete:
        record.save(actor, case, "diagnosis", entries, seq=1, version=draft.version, complete=True)
    assert [finding.variable for finding in incomplete.value.findings] == ["dx_date"]


def test_a_form_once_complete_changes_only_with_a_reason(case, actor):
    row = record.save(actor, case, "demographics", {"sex": "F", "birth_date": "1954-06"}, complete=True)
    with pytest.raises(ReasonRequired):
        record.save(actor, case, "demographics", {"sex": "M"}, seq=1, version=row.version)
    record.save(actor, case, "demographics", {"sex": "M"}, seq=1, version=row.version, reason="Typing error")
    assert Event.objects.order_by("number").last().reason == "Typing error"


def test_a_second_submit_with_the_same_token_answers_with_the_first_row(case, actor):
    first = record.save(actor, case, "response", {"resp_date": "2022-04-07"}, token="t-1")
    second = record.save(actor, case, "response", {"resp_date": "2022-04-07"}, token="t-1")
    assert first.pk == second.pk
    assert Response.objects.filter(case=case).scoped().count() == 1
    with pytest.raises(TokenReused):
        record.save(actor, case, "response", {"resp_date": "2022-05-07"}, token="t-1")


def test_a_removed_rows_number_is_not_given_out_again(case, actor):
    row = record.save(actor, case, "response", {"resp_date": "2022-04-07"})
    record.remove(actor, case, "response", row.seq, version=row.version)
    again = record.save(actor, case, "response", {"resp_date": "2022-04-07"})
    assert (row.seq, again.seq) == (1, 2)
    assert Event.objects.filter(action=Action.DELETE, row_id=str(row.pk)).exists()


def test_a_form_that_does_not_repeat_is_entered_once(case, actor):
    record.save(actor, case, "baseline", {"hb": "10"})
    with pytest.raises(StaleVersion) as stale:
        record.save(actor, case, "baseline", {"hb": "11"})
    assert stale.value.row.hb_entered == "10"


def test_removing_a_row_somebody_else_removed_says_so(case, actor):
    row = record.save(actor, case, "follow_up", {"contact_date": "2022-04-07", "vital_status": "ALIVE"})
    record.remove(actor, case, "follow_up", row.seq, version=row.version)
    with pytest.raises(StaleVersion):
        record.remove(actor, case, "follow_up", row.seq, version=row.version)
    assert not FollowUp.objects.filter(case=case).scoped().exists()


@pytest.mark.parametrize("role", [Role.MONITOR, Role.COORDINATOR, Role.STATISTICIAN, Role.ADMINISTRATOR])
def test_others_may_not_write(case, role):
    actor = Actor.person(factories.user(role, at=case.center))
    with pytest.raises(NotPermitted):
        record.save(actor, case, "baseline", {"hb": "10"})


def test_another_centers_data_manager_may_not_write(case):
    actor = Actor.person(factories.user(Role.DATA_MANAGER, at=factories.center()))
    with pytest.raises(NotPermitted):
        record.save(actor, case, "baseline", {"hb": "10"})


def test_an_unknown_form_is_not_found(case, actor):
    with pytest.raises(NotFound):
        record.save(actor, case, "nothing", {})


def test_an_unknown_variable_is_refused(case, actor):
    with pytest.raises(InvalidEntries):
        record.save(actor, case, "baseline", {"version": "7"})


def test_a_reason_alone_settles_what_was_asked_about_a_complete_row():
    """The answers stay as they are; only that they are correct is new."""
    query = factories.warning(factories.center())
    row = query.case.baseline_rows.get()
    asked = DataQuery.objects.filter(case=query.case, form="baseline").scoped()
    confirmations = {each.key: "the sample before was lost" for each in asked}
    saved = record.save(
        factories.SYSTEM,
        query.case,
        "baseline",
        {},
        seq=1,
        version=row.version,
        complete=True,
        confirmations=confirmations,
    )
    query.refresh_from_db()
    assert (query.state, query.reason) == (QueryState.CONFIRMED, "the sample before was lost")
    assert saved.version == row.version
