"""Queries follow the findings: opened at complete rows, closed by themselves, settled once confirmed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from registry.actions import data_query, record
from registry.actions.rederive import rederive
from registry.audit.actor import Actor
from registry.audit.verify import differences
from registry.edit_checks import case as engine
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.exceptions import Incomplete, NotPermitted, ReasonRequired, StaleVersion, Unconfirmed
from registry.models import CASE_ROWS, DataQuery, DerivedCase, Event, QueryState, State
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

OPEN, CONFIRMED, CLOSED = QueryState.OPEN, QueryState.CONFIRMED, QueryState.CLOSED


@pytest.fixture
def case():
    return factories.case(factories.center())


@pytest.fixture
def actor(case):
    return Actor.person(factories.user(Role.DATA_MANAGER, at=case.center, name="Marco Rossi"))


def saved(actor, case, form, entries, *, reason="Checked in the chart", complete=True, **options):
    stored = CASE_ROWS[form].objects.filter(case=case, seq=1).scoped().get()
    options |= {"seq": 1, "version": stored.version, "reason": reason, "complete": complete}
    return record.save(actor, case, form, entries, **options)


def start(actor, case, day):
    """Move the start of IsaPd, to which the baseline sample and the first cycle have to fit."""
    return saved(actor, case, "isapd_treatment", {"isapd_start_date": day}, complete=False)


def queries(case, variable):
    found = DataQuery.objects.filter(case=case, variable=variable, check_id__in=["C97", "C98"]).scoped()
    return list(found.order_by("opened_at"))


def one(case, variable):
    (found,) = queries(case, variable)
    return found


def opened(case):
    derived = DerivedCase.objects.filter(case=case).scoped().get()
    return derived.open_errors, derived.open_warnings, derived.open_queries


def _sample_too_old(context: Context) -> Iterator[Hit]:
    sample = context.facts.one("baseline").known("baseline_lab_date")
    if context.start and isinstance(sample, date) and (context.start - sample).days > 28:
        yield Hit("baseline", 0, "baseline_lab_date", {"n": 28})


def _cycle_too_early(context: Context) -> Iterator[Hit]:
    for index, cycle in enumerate(context.facts.rows("isapd_cycle")):
        begins = cycle.known("cycle_start")
        if context.start and isinstance(begins, date) and begins < context.start:
            yield Hit("isapd_cycle", index, "cycle_start")


@pytest.fixture(autouse=True)
def checks(monkeypatch):
    """Two checks across forms in place of all others: what is tested hangs on no clinical rule."""

    def replace(*these: Check) -> None:
        monkeypatch.setattr(engine, "CHECKS", these)

    replace(
        Check("C97", (Severity.WARNING,), "Too old.", "Older than %(n)s days.", _sample_too_old),
        Check("C98", (Severity.ERROR,), "Too early.", "Before the start.", _cycle_too_early),
    )
    return replace


def check_of(severity: Severity, *, after: date = date.min, until: date = date.max) -> Check:
    """A check that fires at the birth date on certain days."""

    def find(context: Context) -> Iterator[Hit]:
        if after < context.today <= until:
            yield Hit("demographics", 0, "birth_date")

    return Check("C99", (severity,), "Always.", "Look at this.", find)


class TestOpening:
    def test_another_form_opens_a_query_at_a_complete_row(self, case, actor):
        start(actor, case, "2022-04-20")
        query = one(case, "baseline_lab_date")
        assert (query.form, query.seq, query.severity, query.state) == ("baseline", 1, "warning", OPEN)
        assert query.opened_by == "Marco Rossi"
        assert opened(case)[1] >= 1

    def test_a_draft_is_unfinished_work_about_which_nobody_is_asked(self, case, actor):
        saved(actor, case, "baseline", {}, complete=False)
        start(actor, case, "2022-04-20")
        assert queries(case, "baseline_lab_date") == []

    def test_a_row_that_goes_back_to_draft_is_not_asked_about_any_more(self, case, actor):
        start(actor, case, "2022-04-20")
        saved(actor, case, "baseline", {}, complete=False)
        assert one(case, "baseline_lab_date").state == CLOSED

    def test_an_error_that_another_form_makes_opens_at_the_row_it_stands_at(self, case, actor):
        start(actor, case, "2022-03-14")
        query = one(case, "cycle_start")
        assert (query.form, query.severity, query.state) == ("isapd_cycle", "error", OPEN)
        # What was complete stays complete; nobody's work is undone behind their back.
        assert CASE_ROWS["isapd_cycle"].objects.filter(case=case).scoped().get().state == State.COMPLETE
        assert opened(case)[0] >= 1

    def test_query_and_counts_are_written_with_the_change_that_made_them(self, case, actor):
        before = Event.objects.count()
        start(actor, case, "2022-04-20")
        tables = set(Event.objects.order_by("number")[before:].values_list("table", flat=True))
        assert tables == {"registry_isapdtreatment", "registry_dataquery"}
        assert list(differences()) == []


class TestClosing:
    def test_a_correction_closes_it_by_itself_and_leaves_an_event(self, case, actor):
        start(actor, case, "2022-03-14")
        query = one(case, "cycle_start")
        saved(actor, case, "isapd_cycle", {"cycle_start": "2022-03-14"})
        assert one(case, "cycle_start").state == CLOSED
        assert Event.objects.filter(row_id=str(query.pk)).count() == 2
        assert list(differences()) == []

    def test_the_same_condition_again_is_the_same_query_again(self, case, actor):
        start(actor, case, "2022-04-20")
        query = one(case, "baseline_lab_date")
        start(actor, case, "2022-03-10")
        assert one(case, "baseline_lab_date").state == CLOSED
        start(actor, case, "2022-04-20")
        assert one(case, "baseline_lab_date") == query
        assert one(case, "baseline_lab_date").state == OPEN

    def test_with_its_row_it_is_gone(self, case, actor):
        start(actor, case, "2022-03-14")
        row = CASE_ROWS["isapd_cycle"].objects.filter(case=case).scoped().get()
        record.remove(actor, case, "isapd_cycle", 1, version=row.version, reason="Entered twice")
        assert one(case, "cycle_start").state == CLOSED


class TestConfirming:
    def test_a_reason_settles_it(self, case, actor):
        start(actor, case, "2022-04-20")
        warnings = opened(case)[1]
        data_query.confirm(actor, one(case, "baseline_lab_date"), "  Confirmed by the laboratory ")
        query = one(case, "baseline_lab_date")
        assert (query.state, query.reason, query.answered_by) == (
            CONFIRMED,
            "Confirmed by the laboratory",
            "Marco Rossi",
        )
        assert opened(case)[1] == warnings - 1
        assert Event.objects.order_by("number").last().reason == "Confirmed by the laboratory"

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_not_without_a_reason(self, case, actor, reason):
        start(actor, case, "2022-04-20")
        with pytest.raises(ReasonRequired):
            data_query.confirm(actor, one(case, "baseline_lab_date"), reason)
        assert one(case, "baseline_lab_date").state == OPEN

    def test_an_error_never_is(self, case, actor):
        start(actor, case, "2022-03-14")
        with pytest.raises(NotPermitted, match="correct it"):
            data_query.confirm(actor, one(case, "cycle_start"), "It is right")
        assert one(case, "cycle_start").state == OPEN

    def test_nor_by_a_save(self, case, actor):
        start(actor, case, "2022-03-14")
        with pytest.raises(Incomplete):
            saved(actor, case, "isapd_cycle", {}, confirmations={"C98.cycle_start": "It is right"})
        assert one(case, "cycle_start").state == OPEN

    def test_for_this_answer_it_stays_settled(self, case, actor):
        start(actor, case, "2022-04-20")
        data_query.confirm(actor, one(case, "baseline_lab_date"), "Confirmed by the laboratory")
        start(actor, case, "2022-03-10")
        assert one(case, "baseline_lab_date").state == CLOSED
        start(actor, case, "2022-04-20")
        query = one(case, "baseline_lab_date")
        assert (query.state, query.answered_by) == (CONFIRMED, "Marco Rossi")

    def test_another_answer_is_asked_about_again(self, case, actor):
        start(actor, case, "2022-04-20")
        data_query.confirm(actor, one(case, "baseline_lab_date"), "Confirmed by the laboratory")
        with pytest.raises(Unconfirmed) as unconfirmed:
            saved(actor, case, "baseline", {"baseline_lab_date": "2022-03-09"})
        assert "C97.baseline_lab_date" in {finding.key for finding in unconfirmed.value.findings}
        reasons = {finding.key: "The one before was mistyped" for finding in unconfirmed.value.findings}
        saved(actor, case, "baseline", {"baseline_lab_date": "2022-03-09"}, confirmations=reasons)
        assert [query.state for query in queries(case, "baseline_lab_date")] == [CLOSED, CONFIRMED]

    def test_somebody_else_was_faster(self, case, actor):
        start(actor, case, "2022-04-20")
        seen_by_both = one(case, "baseline_lab_date")
        data_query.confirm(actor, seen_by_both, "Confirmed by the laboratory")
        with pytest.raises(StaleVersion):
            data_query.confirm(factories.SYSTEM, seen_by_both, "As the physician decided")
        assert one(case, "baseline_lab_date").reason == "Confirmed by the laboratory"

    def test_nobody_without_the_right(self, case, actor):
        start(actor, case, "2022-04-20")
        for role in (Role.MONITOR, Role.COORDINATOR, Role.ADMINISTRATOR):
            other = Actor.person(factories.user(role, at=case.center))
            with pytest.raises(NotPermitted):
                data_query.confirm(other, one(case, "baseline_lab_date"), "It is right")
        foreign = Actor.person(factories.user(Role.DATA_MANAGER, at=factories.center()))
        with pytest.raises(NotPermitted):
            data_query.confirm(foreign, one(case, "baseline_lab_date"), "It is right")


class TestSeverities:
    def complete(self, case, actor, **options):
        return saved(actor, case, "demographics", {"sex": "M"}, **options)

    def test_an_error_blocks_complete_and_no_draft(self, case, actor, checks):
        checks(check_of(Severity.ERROR))
        with pytest.raises(Incomplete):
            self.complete(case, actor)
        assert self.complete(case, actor, complete=False).state == State.DRAFT

    def test_a_warning_wants_a_reason(self, case, actor, checks):
        checks(check_of(Severity.WARNING))
        with pytest.raises(Unconfirmed):
            self.complete(case, actor)
        row = self.complete(case, actor, confirmations={"C99.birth_date": "Seen on the passport"})
        assert row.state == State.COMPLETE
        query = DataQuery.objects.filter(case=case, check_id="C99").scoped().get()
        assert (query.state, query.reason) == (CONFIRMED, "Seen on the passport")

    def test_once_confirmed_the_reason_is_not_asked_for_again(self, case, actor, checks):
        checks(check_of(Severity.WARNING))
        self.complete(case, actor, confirmations={"C99.birth_date": "Seen on the passport"})
        assert saved(actor, case, "demographics", {"sex": "F"}).state == State.COMPLETE

    def test_a_query_never_blocks(self, case, actor, checks):
        checks(check_of(Severity.QUERY))
        assert self.complete(case, actor).state == State.COMPLETE
        assert opened(case) == (0, 0, 1)

    def test_what_becomes_an_error_is_settled_no_longer(self, case, actor, checks):
        checks(check_of(Severity.WARNING))
        self.complete(case, actor, confirmations={"C99.birth_date": "Seen on the passport"})
        checks(check_of(Severity.ERROR))
        start(actor, case, "2022-03-11")
        states = DataQuery.objects.filter(case=case, check_id="C99").scoped().values_list("severity", "state")
        assert set(states) == {("warning", CLOSED), ("error", OPEN)}


class TestNightlyRun:
    """Nobody touches the case; a day goes by."""

    def run_on(self, day):
        with time_machine.travel(datetime(2030, 1, day, 12, tzinfo=UTC)):
            return rederive()

    def test_a_query_about_today_opens_and_closes(self, case, checks):
        checks(check_of(Severity.QUERY, after=date(2030, 1, 10), until=date(2030, 1, 12)))
        changed = DerivedCase.objects.filter(case=case).scoped().get().changed_at
        states = []
        for day in (10, 11, 12, 13):
            assert self.run_on(day) == 1
            found = DataQuery.objects.filter(case=case, check_id="C99").scoped().first()
            states.append((found.state if found else None, opened(case)[2]))
        assert states == [(None, 0), (OPEN, 1), (OPEN, 1), (CLOSED, 0)]
        # A day is no change of the case.
        assert DerivedCase.objects.filter(case=case).scoped().get().changed_at == changed
        assert list(differences()) == []

    def test_once_a_day_is_enough(self, case, checks):
        checks(check_of(Severity.QUERY))
        assert self.run_on(10) == 1
        events = Event.objects.count()
        assert self.run_on(10) == 0
        assert Event.objects.count() == events
