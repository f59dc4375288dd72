"""Every change that can move a result leads to one more snapshot, and nothing else does."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.db.models.functions import Now
from django.utils import timezone

from analytics.extraction.cohorts import COHORTS
from analytics.models import Lease, ReportSnapshot
from analytics.models.report_snapshot import Trigger
from analytics.reports import recompute as module
from analytics.reports.lease import take
from analytics.reports.recompute import LEASE, Watch, behind, consistent_cut, recompute
from analytics.reports.snapshot import freshness, newest
from registry.actions import people
from registry.actions import record as record_actions
from registry.models import Action, Case
from registry.public import result_version, today
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
DARA = "dara_refractory"


def edit(case: Case, weight: str) -> None:
    """A correction of the baseline form."""
    row = case.baseline_rows.get()
    entries = {
        "weight_kg": weight,
    }
    record_actions.save(
        factories.SYSTEM, case, "baseline", entries, seq=1, version=row.version, reason="Typing error"
    )


def results() -> dict[str, str]:
    return {name: newest(name).result for name in COHORTS}


@pytest.mark.usefixtures("snapshot_sees_test")
class TestWhatIsComputed:
    def test_the_first_run_makes_one_snapshot_per_cohort(self, case: Case) -> None:
        made = recompute()
        assert {snapshot.cohort for snapshot in made} == set(COHORTS)
        stored = newest(DARA)
        assert stored.data_version == result_version()
        assert stored.trigger == Trigger.FIRST
        assert stored.previous_version is None
        assert stored.content["n"] == 1
        assert stored.as_of == today()

    def test_an_empty_registry_has_a_report_too(self) -> None:
        recompute()
        assert newest(DARA).data_version == 0
        assert newest(DARA).content["n"] == 0

    def test_a_current_report_is_not_computed_again(self, case: Case) -> None:
        recompute()
        assert behind(today()) == []
        assert recompute() == []

    def test_an_edit_makes_a_new_snapshot_and_keeps_the_old_one(self, case: Case) -> None:
        recompute()
        old = newest(DARA)
        edit(case, "61")
        assert {cohort.name for cohort in behind(today())} == set(COHORTS)
        recompute()
        new = newest(DARA)
        assert (new.trigger, new.previous_version) == (Trigger.EDIT, old.data_version)
        assert new.data_version == result_version() > old.data_version
        assert ReportSnapshot.objects.get(pk=old.pk).result == old.result

    def test_reference_ranges_can_move_a_result(self, case: Case) -> None:
        recompute()
        factories.center_actions.save_labref(
            factories.SYSTEM,
            case.center,
            factories.LabrefEntries(ldh_uln="300", labref_valid_from="2019-01-01"),
        )
        assert behind(today())

    def test_a_login_does_not_make_a_report_old(self, case: Case) -> None:
        recompute()
        people.note(factories.SYSTEM, Action.LOGIN)
        assert behind(today()) == []
        assert freshness(newest(DARA)).is_current

    def test_a_login_between_two_states_does_not_change_their_name(self, case: Case) -> None:
        recompute()
        before = results()
        people.note(factories.SYSTEM, Action.LOGIN)
        ReportSnapshot.objects.all().delete()
        recompute()
        assert results() == before

    def test_a_new_day_makes_a_new_snapshot(self, case: Case) -> None:
        recompute()
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            assert freshness(newest(DARA)).new_day
            recompute()
            assert newest(DARA).trigger == Trigger.NEW_DAY
            assert freshness(newest(DARA)).is_current

    def test_other_code_computes_anew_and_does_not_fight_the_old(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recompute()
        monkeypatch.setattr(module, "code_version", lambda: "0.1.0+other")
        recompute()
        assert newest(DARA).trigger == Trigger.CODE
        monkeypatch.undo()
        # Two versions at work during a deployment: what the old one has computed stays computed.
        assert behind(today()) == []

    def test_by_hand_says_so(self, case: Case) -> None:
        recompute(trigger=Trigger.MANUAL)
        assert newest(DARA).trigger == Trigger.MANUAL

    def test_from_scratch_it_is_the_same_byte_for_byte(self, case: Case) -> None:
        for weight in ("61", "62", "63"):
            edit(case, weight)
            recompute()
        before = results()
        ReportSnapshot.objects.all().delete()
        recompute()
        assert results() == before

    def test_computed_again_it_is_stored_once(self, case: Case) -> None:
        recompute()
        again = recompute(again=True)
        assert len(again) == len(COHORTS)
        assert ReportSnapshot.objects.count() == len(COHORTS)
        assert {s.result_digest for s in again} == set(
            ReportSnapshot.objects.values_list("result_digest", flat=True)
        )


@pytest.mark.usefixtures("snapshot_sees_test")
class TestHowItIsPaced:
    def test_an_idle_tick_is_one_query(self, case: Case, django_assert_num_queries: Any) -> None:
        watch = Watch()
        watch.recompute_if_behind()
        watch.recompute_if_behind()
        with django_assert_num_queries(1):
            assert watch.recompute_if_behind() == []

    def test_an_idle_watch_wakes_up_with_the_next_edit(self, case: Case) -> None:
        watch = Watch()
        watch.recompute_if_behind()
        watch.recompute_if_behind()
        edit(case, "61")
        Lease.objects.update(taken_at=None)
        assert watch.recompute_if_behind()

    def test_edits_that_come_fast_are_computed_together(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "PAUSE", timedelta(hours=1))
        watch = Watch()
        runs = []
        for weight in range(60, 90):
            edit(case, str(weight))
            runs += [watch.recompute_if_behind()]
        assert [bool(run) for run in runs] == [True] + 29 * [False]
        Lease.objects.update(taken_at=None)
        watch.recompute_if_behind()
        assert newest(DARA).data_version == result_version()
        assert ReportSnapshot.objects.filter(cohort=DARA).count() == 2

    def test_while_another_process_computes_nothing_is_done(self, case: Case) -> None:
        take(LEASE)
        assert recompute() == []
        assert newest(DARA) is None

    def test_a_dead_process_is_taken_over(self, case: Case) -> None:
        take(LEASE)
        Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
        assert recompute()

    def test_who_lost_the_lease_stores_nothing(self, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        real = module.build_report

        def slow(*args: Any) -> Any:
            Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
            take(LEASE)
            monkeypatch.setattr(module, "build_report", real)
            return real(*args)

        monkeypatch.setattr(module, "build_report", slow)
        assert recompute() == []
        assert ReportSnapshot.objects.count() == 0

    def test_a_failure_leaves_nothing_behind_and_is_made_good(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: Any) -> None:
            raise MemoryError

        with monkeypatch.context() as broken:
            broken.setattr(module, "build_report", fail)
            with pytest.raises(MemoryError):
                recompute()
        assert ReportSnapshot.objects.count() == 0
        assert recompute()


@pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
class TestBesideOthers:
    def test_twice_at_once_makes_one_result(self, case: Case) -> None:
        started = threading.Barrier(2)
        failures: list[BaseException] = []

        def run() -> None:
            try:
                started.wait()
                Watch().recompute_if_behind()
            except BaseException as failure:
                failures.append(failure)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert ReportSnapshot.objects.count() == len(COHORTS)

    def test_a_writer_in_between_is_in_the_next_report_not_in_half_of_this(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = result_version()
        real = module.data_cut

        def read_then_somebody_writes(cutoff: Any) -> Any:
            cut = real(cutoff)
            factories.case(case.center)
            return cut

        with monkeypatch.context() as patched:
            patched.setattr(module, "data_cut", read_then_somebody_writes)
            cut = consistent_cut()
        assert result_version() > before
        assert (cut.data_version, len(cut.cases)) == (before, 1)
        assert len(consistent_cut().cases) == 2

    def test_a_reader_at_work_blocks_no_writer(self, case: Case) -> None:
        with connections["snapshot"].cursor(), module.transaction.atomic(using="snapshot"):
            assert result_version("snapshot") == result_version()
            edit(case, "61")
            assert result_version("snapshot") < result_version()
