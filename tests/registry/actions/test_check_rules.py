"""Rules of the edit checks: proposed, counted, put in force by somebody else; the queries follow."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.actions import check_rules, data_query, rules_preview
from registry.actions.rederive import rederive
from registry.actions.rules_preview import preview
from registry.audit.actor import Actor
from registry.audit.log import data_version
from registry.audit.verify import differences
from registry.edit_checks import case as engine
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.exceptions import InvalidEntries, NotPermitted, ReasonRequired, StaleVersion
from registry.models import CheckRules, DataQuery, DerivedCase, Event, QueryState, RulesState
from registry.selectors.check_rules import rules_in_force
from registry.selectors.rules_effect import Effect, Line
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def _sample_too_old(context: Context) -> Iterator[Hit]:
    sample = context.facts.one("baseline").known("baseline_lab_date")
    if context.start and isinstance(sample, date):
        days = (context.start - sample).days
        if days > context.rules.baseline_window_days:
            yield Hit("baseline", 0, "baseline_lab_date", {"n": context.rules.baseline_window_days})


@pytest.fixture(autouse=True)
def one_check(monkeypatch):
    """The only check: a sample older than the rules allow. That of the fixture is two days old."""
    check = Check("C50", (Severity.WARNING,), "Too old.", "Older than %(n)s days.", _sample_too_old)
    for module in (engine, check_rules):
        monkeypatch.setattr(module, "CHECKS", (check,))


def coordinator() -> Actor:
    return Actor.person(factories.user(Role.COORDINATOR))


def propose(days, by=None) -> CheckRules:
    return check_rules.propose(by or coordinator(), {"baseline_window_days": days}, "A stricter window")


def lines(rules) -> list[Line]:
    return Effect(rules.effect).lines()


def queries(case):
    return list(DataQuery.objects.filter(case=case).scoped().order_by("opened_at"))


class TestProposing:
    def test_what_differs_from_the_specification_is_kept(self):
        rules = check_rules.propose(coordinator(), {"baseline_window_days": 14, "cycle_days_max": 56}, "Why")
        assert (rules.settings, rules.state) == ({"baseline_window_days": 14}, RulesState.PROPOSED)
        assert rules_in_force().baseline_window_days == 28

    @pytest.mark.parametrize(
        ("settings", "at"),
        [
            ({"baseline_window_days": -1}, ""),
            ({"no_such": 1}, ""),
            ({"off": ["C00"]}, "off"),
            ({"cycle_days_min": 60}, "cycle_days_max"),
            ({}, ""),
        ],
    )
    def test_what_cannot_be_is_refused(self, settings, at):
        with pytest.raises(InvalidEntries) as invalid:
            check_rules.propose(coordinator(), settings, "Why")
        assert [name for _form, _seq, name in invalid.value.errors] == [at]

    def test_not_twice(self):
        propose(14)
        with pytest.raises(InvalidEntries, match="proposed already"):
            propose(14)

    @pytest.mark.parametrize("reason", ["", " ", "x" * 501])
    def test_not_without_a_reason(self, reason):
        with pytest.raises(InvalidEntries):
            check_rules.propose(coordinator(), {"baseline_window_days": 14}, reason)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DATA_MANAGER, Role.STATISTICIAN])
    def test_by_coordinators_only(self, role):
        with pytest.raises(NotPermitted):
            propose(14, Actor.person(factories.user(role, at=factories.center())))


class TestCounting:
    def test_cases_that_would_newly_be_asked_about_by_center(self):
        here, there = factories.center(), factories.center()
        cases = sorted(str(factories.case(here).pk) for _ in range(2))
        other = factories.case(there)
        propose(1)
        version = data_version()
        rules = preview()
        assert (rules.state, rules.effect_version) == (RulesState.PREVIEWED, version)
        found = {line.center: line for line in lines(rules)}
        assert sorted(found[str(here)].opens) == cases
        assert found[str(there)] == Line(str(there), "C50", (str(other.pk),), ())
        assert (rules.cases_done, rules.cases_all) == (3, 3)
        # Nothing is asked before the rules are in force.
        assert queries(other) == []

    def test_cases_that_would_be_asked_about_no_longer(self):
        case = factories.warning(factories.center()).case
        propose(60)
        # What the dictionary itself says of that date was left to the check.
        found = [line for line in lines(preview()) if line.check == "C50"]
        assert found == [Line(str(case.center), "C50", (), (str(case.pk),))]

    def test_what_fires_under_both_is_no_change_though_it_is_said_otherwise(self):
        factories.warning(factories.center())
        propose(35)
        assert lines(preview()) == []

    def test_what_was_confirmed_and_would_be_asked_again_counts_as_new(self):
        query = factories.warning(factories.center())
        data_query.confirm(factories.SYSTEM, query, "Confirmed by the laboratory")
        propose(35)
        assert [line.opens for line in lines(preview())] == [(str(query.case_id),)]

    def test_a_draft_is_not_counted(self):
        case = factories.empty_case(factories.center())
        factories.row(case, "isapd_treatment", {"isapd_start_date": "2022-03-10"})
        factories.row(case, "baseline", {"baseline_lab_date": "2022-03-01"})
        propose(1)
        assert lines(preview()) == []

    def test_nothing_proposed_costs_one_look(self):
        with CaptureQueriesContext(connection) as asked:
            assert preview() is None
        assert len(asked) == 1

    def test_what_is_known_is_not_counted_again(self):
        propose(1)
        assert preview() is not None
        assert preview() is None

    def test_two_workers_do_not_count_the_same(self):
        rules = propose(1)
        assert rules_preview._claim(rules.pk)
        assert preview() is None
        # The other one has died.
        with rules_preview.writes_allowed():
            CheckRules.objects.update(counting_until=timezone.now() - timedelta(seconds=1))
        assert preview() is not None

    def test_a_proposal_given_up_meanwhile_stays_given_up(self, monkeypatch):
        rules = propose(1)

        def given_up(*args):
            check_rules.retire(factories.SYSTEM, rules, "A mistake")
            return iter(())

        monkeypatch.setattr(rules_preview, "changes", given_up)
        assert preview().state == RulesState.RETIRED

    def test_progress_leaves_no_event(self, monkeypatch):
        at = factories.center()
        for _ in range(2):
            factories.empty_case(at)
        monkeypatch.setattr(rules_preview, "CHUNK", 1)
        propose(1)
        before = Event.objects.count()
        preview()
        assert Event.objects.count() == before + 1
        assert list(differences()) == []


class TestPuttingInForce:
    def test_another_coordinator_puts_them_in_force_and_the_queries_follow(self):
        case = factories.case(factories.center())
        rules = propose(1)
        preview()
        check_rules.put_in_force(coordinator(), rules, "Agreed in the meeting")
        assert rules_in_force().baseline_window_days == 1
        assert rederive() == 1
        (query,) = queries(case)
        assert (query.check_id, query.state) == ("C50", QueryState.OPEN)
        assert DerivedCase.objects.filter(case=case).scoped().get().open_warnings == 1
        assert rederive() == 0
        assert list(differences()) == []

    def test_back_to_the_specification_closes_what_the_rules_asked(self):
        case = factories.case(factories.center())
        for days in (1, 20):
            rules = propose(days)
            preview()
            check_rules.put_in_force(factories.SYSTEM, rules, "Agreed")
            rederive()
        assert [query.state for query in queries(case)] == [QueryState.CLOSED]
        states = CheckRules.objects.order_by("proposed_at").values_list("state", flat=True)
        assert list(states) == [RulesState.RETIRED, RulesState.IN_FORCE]

    def test_not_by_who_proposed_them(self):
        me = coordinator()
        rules = propose(1, me)
        preview()
        with pytest.raises(NotPermitted, match="somebody else"):
            check_rules.put_in_force(me, rules, "Agreed")

    def test_not_before_their_effect_is_known(self):
        rules = propose(1)
        with pytest.raises(NotPermitted, match="not known"):
            check_rules.put_in_force(coordinator(), rules, "Agreed")

    def test_not_without_a_reason(self):
        rules = propose(1)
        preview()
        with pytest.raises(ReasonRequired):
            check_rules.put_in_force(coordinator(), rules, " ")

    def test_not_twice(self):
        rules = propose(1)
        preview()
        check_rules.put_in_force(coordinator(), rules, "Agreed")
        with pytest.raises(StaleVersion):
            check_rules.put_in_force(coordinator(), rules, "Agreed")

    def test_an_effect_counted_against_other_rules_is_counted_again_first(self):
        first, second = propose(1), propose(2)
        assert preview() is not None
        assert preview() is not None
        check_rules.put_in_force(coordinator(), first, "Agreed")
        with pytest.raises(StaleVersion, match="counted again"):
            check_rules.put_in_force(coordinator(), second, "Agreed")
        assert preview() == second
        check_rules.put_in_force(coordinator(), second, "Agreed")
        assert rules_in_force().baseline_window_days == 2

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INVESTIGATOR])
    def test_by_coordinators_only(self, role):
        rules = propose(1)
        preview()
        with pytest.raises(NotPermitted):
            check_rules.put_in_force(Actor.person(factories.user(role, at=factories.center())), rules, "Why")


class TestGivingUp:
    def test_a_proposal_can_be_given_up_with_a_reason(self):
        rules = propose(1)
        with pytest.raises(ReasonRequired):
            check_rules.retire(coordinator(), rules, "")
        assert check_rules.retire(coordinator(), rules, "A mistake").state == RulesState.RETIRED
        assert preview() is None

    def test_what_is_in_force_ends_only_with_the_next(self):
        rules = propose(1)
        preview()
        check_rules.put_in_force(coordinator(), rules, "Agreed")
        with pytest.raises(StaleVersion):
            check_rules.retire(coordinator(), rules, "A mistake")
