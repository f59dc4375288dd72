"""Several rows in one action: all or none, every error at its row."""

import pytest

from registry.actions import record
from registry.actions.entries import RowEntries
from registry.audit import log
from registry.audit.actor import Actor
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    ReasonRequired,
    StaleVersion,
    TokenReused,
    Unconfirmed,
)
from registry.models import CASE_ROWS, Event, State
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.case(factories.center())


@pytest.fixture
def actor(case):
    return Actor.person(factories.user(Role.DATA_MANAGER, at=case.center))


def stored(case, form):
    return list(CASE_ROWS[form].objects.filter(case=case).scoped().order_by("seq"))


def cycle(number, start, **more):
    return RowEntries(
        {
            "cycle_no": str(number),
            "cycle_start": start,
            "cycle_completed": "Y",
            "isa_infusions_n": "2",
            "cycle_modification": ["NONE"],
        }
        | more,
        complete=True,
    )


def test_new_and_changed_rows_are_saved_together(case, actor):
    version = log.data_version()
    first = RowEntries({"pom_daily_mg": "3"}, seq=1, version=1, complete=True)
    saved = record.save_all(
        actor,
        case,
        "isapd_cycle",
        [cycle(2, "2022-04-07"), first, cycle(3, "2022-05-05")],
        reason="chart",
    )
    assert [row.cycle_no for row in saved] == [2, 1, 3]
    assert [(row.seq, row.cycle_no, row.state) for row in stored(case, "isapd_cycle")] == [
        (1, 1, State.COMPLETE),
        (2, 2, State.COMPLETE),
        (3, 3, State.COMPLETE),
    ]
    # One moment, one reason, one derivation.
    events = Event.objects.filter(number__gt=version)
    assert {(event.at, event.reason) for event in events} == {(events[0].at, "chart")}


def test_one_unreadable_cell_saves_nothing_and_is_named_with_all_the_others(case, actor):
    rows = [cycle(2, "2022-04-07"), cycle("two", "2022-05-05"), cycle(4, "soon")]
    with pytest.raises(InvalidEntries) as invalid:
        record.save_all(actor, case, "isapd_cycle", rows)
    assert set(invalid.value.errors) == {
        ("isapd_cycle", 2, "cycle_no"),
        ("isapd_cycle", 3, "cycle_start"),
    }
    assert len(stored(case, "isapd_cycle")) == 1


def test_what_is_missing_is_said_of_the_row_that_lacks_it(case, actor):
    incomplete_row = RowEntries({"cycle_no": "3", "cycle_start": "2022-05-05"}, complete=True)
    with pytest.raises(Incomplete) as incomplete:
        record.save_all(actor, case, "isapd_cycle", [cycle(2, "2022-04-07"), incomplete_row])
    at = {
        (position, finding.variable)
        for finding, position in zip(incomplete.value.findings, incomplete.value.positions, strict=True)
    }
    assert {(2, "cycle_completed"), (2, "isa_infusions_n")} <= at
    assert {position for position, _variable in at} == {2}


def test_a_draft_beside_a_complete_row_owes_nothing(case, actor):
    draft = RowEntries({"cycle_no": "3"})
    saved = record.save_all(actor, case, "isapd_cycle", [cycle(2, "2022-04-07"), draft])
    assert [row.state for row in saved] == [State.COMPLETE, State.DRAFT]


def test_a_warning_wants_its_reason_at_its_row(case, actor):
    # Later than planned: no infusion at all is unusual.
    unusual = cycle(2, "2022-04-07", isa_infusions_n="0")
    with pytest.raises(Unconfirmed) as unconfirmed:
        record.save_all(actor, case, "isapd_cycle", [unusual])
    keys = {finding.key: "checked" for finding in unconfirmed.value.findings}
    assert set(unconfirmed.value.positions) == {1}
    confirmed = RowEntries(unusual.entries, complete=True, confirmations=keys)
    assert record.save_all(actor, case, "isapd_cycle", [confirmed])[0].state == State.COMPLETE


def test_the_row_that_somebody_else_changed_is_named(case, actor):
    record.save(
        actor, case, "response", {"resp_serum_m": "1.8"}, seq=2, version=1, reason="chart", complete=True
    )
    rows = [
        RowEntries({"resp_serum_m": "1.7"}, seq=1, version=1),
        RowEntries({"resp_serum_m": "1.7"}, seq=2, version=1),
    ]
    with pytest.raises(StaleVersion) as stale:
        record.save_all(actor, case, "response", rows, reason="chart")
    assert stale.value.place == ("response", 2)
    assert stored(case, "response")[0].resp_serum_m_entered == "1.9"


def test_a_complete_row_among_them_changes_with_a_reason_only(case, actor):
    rows = [cycle(2, "2022-04-07"), RowEntries({"pom_daily_mg": "3"}, seq=1, version=1)]
    with pytest.raises(ReasonRequired):
        record.save_all(actor, case, "isapd_cycle", rows)
    assert len(stored(case, "isapd_cycle")) == 1


def test_a_second_submit_answers_with_the_rows_of_the_first(case, actor):
    rows = [cycle(2, "2022-04-07"), cycle(3, "2022-05-05")]
    first = record.save_all(actor, case, "isapd_cycle", rows, token="t-1")
    version = log.data_version()
    assert record.save_all(actor, case, "isapd_cycle", rows, token="t-1") == first
    assert log.data_version() == version
    with pytest.raises(TokenReused):
        record.save_all(actor, case, "isapd_cycle", rows[:1], token="t-1")


def test_rows_are_removed_in_the_same_action(case, actor):
    rows = [RowEntries({}, seq=5, version=1, is_removed=True), RowEntries({"resp_date": "2022-10-15"})]
    saved = record.save_all(actor, case, "response", rows, reason="chart", token="t-1")
    assert [row.seq for row in saved] == [6]
    assert [row.seq for row in stored(case, "response")] == [1, 2, 3, 4, 6]
    assert record.save_all(actor, case, "response", rows, reason="chart", token="t-1") == saved


def test_rows_of_several_forms_are_saved_together(case, actor):
    line = RowEntries({"line_no": "9"})
    drug = RowEntries({"drug": "nothing of the kind"})
    with pytest.raises(InvalidEntries) as invalid:
        record.save_forms(actor, case, {"prior_line": [line], "prior_line_drug": [drug]})
    assert set(invalid.value.errors) == {("prior_line_drug", 1, "drug")}
    assert len(stored(case, "prior_line")) == 3
