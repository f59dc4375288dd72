"""C9, C10, C11, C12: reports reconcile with the events, are made once, and survive whoever makes them."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from json import loads

import pytest
from django.db import transaction

from analytics.extraction.cohorts import COHORTS
from analytics.models import Lease, Release, ReportSnapshot
from analytics.models.release import ReleaseState
from analytics.releases import workflow
from analytics.releases.build import build_approved
from analytics.reports.pipeline import build_report
from analytics.reports.recompute import Watch, consistent_cut, recompute
from analytics.reports.snapshot import newest
from registry.actions import record
from registry.actions.derive import stale_cases
from registry.audit import replay
from registry.derivations.case import derive
from registry.management.supervisor.process_tree import tail
from registry.models import CASE_ROWS, Action, Case, Enrolment, Event
from registry.public import Actor, result_version
from registry.selectors.facts import facts_of
from registry.terminology.roles import Role
from registry.today import today
from tests import factories
from tests.faults.scale import in_parallel, say, scaled
from tests.faults.stack import Stack, is_current, wait_until_current
from tests.registry.supervisor.processes import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])]

TABLES = {model._meta.db_table: (form, model) for form, model in CASE_ROWS.items()}


def change(case: Case, form: str, **entries: object) -> None:
    """Enter something in the only row of a form."""
    row = CASE_ROWS[form].objects.filter(case=case).scoped().get()
    record.save(
        factories.SYSTEM,
        Case.objects.filter(pk=case.pk).select_related("center").scoped().get(),
        form,
        entries,
        seq=1,
        version=row.version,
        reason="a later finding",
    )


def is_confirmed(case: Case) -> bool:
    return Enrolment.objects.filter(case=case).scoped().get().elig_mm_confirmed == "Y"


class Replayed:
    """What the audit trail says of every case at some data version, without looking at a table of cases."""

    def __init__(self) -> None:
        self._derived: dict[tuple[str, ...], dict[str, object]] = {}

    def counts(self, version: int) -> Counter:
        """How many cases there were, and for how many each cohort's flag was "YES"."""
        cases: dict[str, list[tuple[str, str]]] = {}
        for (table, row_id), text in replay.state(upto=version).items():
            if table == Case._meta.db_table:
                cases.setdefault(row_id, []).append((table, text))
            elif table in TABLES:
                cases.setdefault(loads(text)["case_id"], []).append((table, text))
        found = Counter(enrolled=len(cases))
        for rows in cases.values():
            derived = self._derive(tuple(sorted(rows)))
            found.update(name for name, cohort in COHORTS.items() if derived[cohort.flag] == "YES")
        return found

    def _derive(self, texts: tuple[tuple[str, str], ...]) -> dict[str, object]:
        if texts not in self._derived:
            rows: dict[str, list] = {form: [] for form in CASE_ROWS}
            for table, text in texts:
                if table in TABLES:
                    form, model = TABLES[table]
                    rows[form].append(restored(model, text))
                else:
                    case = restored(Case, text)
            for these in rows.values():
                these.sort(key=lambda row: row.seq)
            values = derive(facts_of(case, rows))
            self._derived[texts] = {name: value.value for name, value in values.items()}
        return self._derived[texts]


def restored(model, text: str):
    """A row as it was, from its after-image."""
    image = loads(text)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in image.items()})


def totals(snapshot: ReportSnapshot) -> tuple[int, int]:
    """Enrolled and analyzed; every section must say the same, and the flow must add up."""
    content = snapshot.content
    numbers = next(section for section in content["sections"] if section["key"] == "flow")["numbers"]
    flow = numbers["flow"]
    gone = sum(step["excluded"] + step["not_evaluable"] for step in flow["exclusions"])
    assert flow["enrolled"] - gone == flow["analyzed"] == content["n"], flow
    return flow["enrolled"], content["n"]


def test_c11_totals_reconcile_amid_writes(stack: Stack, capsys) -> None:
    """C11: each report counts exactly the cases that were eligible at its data version."""
    centers = [factories.center() for _ in range(3)]
    cases = [factories.case(centers[number % 3]) for number in range(9)]
    for case in cases[:4]:
        change(case, "enrolment", elig_mm_confirmed="N")
    dice, runs = random.Random(11), scaled(200)
    stack.start("worker", "beat")
    deadline = time.monotonic() + 30 + 15 * runs
    while ReportSnapshot.objects.count() < runs * len(COHORTS):
        assert time.monotonic() < deadline, tail(stack.log("worker"), 30)
        what = dice.random()
        if what < 0.1:
            cases.append(factories.case(dice.choice(centers)))
        elif what < 0.4:
            change(dice.choice(cases), "progression", pd_date=f"2022-09-{dice.randint(1, 28):02d}")
        else:
            # One goes, one comes, together: no reader may see only one of them.
            leaving = dice.choice([case for case in cases if is_confirmed(case)])
            coming = dice.choice([case for case in cases if not is_confirmed(case)])
            with transaction.atomic():
                change(leaving, "enrolment", elig_mm_confirmed="N")
                change(coming, "enrolment", elig_mm_confirmed="Y")
        time.sleep(dice.uniform(0, 0.2))
    replayed, wrong = Replayed(), []
    snapshots = list(ReportSnapshot.objects.all())
    for snapshot in snapshots:
        expected = replayed.counts(snapshot.data_version)
        if totals(snapshot) != (expected["enrolled"], expected[snapshot.cohort]):
            wrong.append((snapshot.cohort, snapshot.data_version, totals(snapshot), expected))
    say(
        capsys, f"{len(snapshots)} reports amid {Event.objects.count()} events: {len(wrong)} do not reconcile"
    )
    assert wrong == []


def test_c12_many_edits_few_runs_and_the_same_report_as_from_scratch(stack: Stack, capsys) -> None:
    """C12: 1,000 edits in 10 s: ≤ 20 runs; the last report is byte for byte what computing it anew gives."""
    cases = [factories.case(factories.center()) for _ in range(4)]
    stack.start("worker", "beat")
    wait_until_current(stack)
    taken = Lease.objects.get(name="recompute").token
    edits, seconds = scaled(1000), 10
    started = time.monotonic()

    def edit(case: Case, numbers: Iterator[int]) -> None:
        for number in numbers:
            time.sleep(max(0, started + seconds * number / edits - time.monotonic()))
            change(case, "baseline", hb=f"{6 + number % 1000 / 100:.2f}")

    share = [range(offset, edits, len(cases)) for offset in range(len(cases))]
    answers = in_parallel(
        [
            lambda case=case, numbers=numbers: edit(case, numbers)
            for case, numbers in zip(cases, share, strict=True)
        ],
        workers=len(cases),
    )
    took = time.monotonic() - started
    runs = Lease.objects.get(name="recompute").token - taken
    assert answers == [None] * len(cases)
    wait_until_current(stack)
    say(capsys, f"{edits} edits in {took:.1f} s: {runs} runs")
    # A slower machine may take longer for the edits, and runs go on meanwhile.
    assert 1 <= runs <= 20 * max(took, seconds) / seconds
    assert list(stale_cases()) == []
    for name, cohort in COHORTS.items():
        stored = ReportSnapshot.objects.get(pk=newest(name).pk)
        assert stored.result == build_report(consistent_cut(), cohort).to_text()


def test_c10_a_task_run_twice_at_once_has_one_result() -> None:
    """C10: one snapshot per cohort and change; one bundle and one lock per release."""
    case = factories.case(factories.center())
    statistician, coordinator = factories.user(Role.STATISTICIAN), factories.user(Role.COORDINATOR)
    for number in range(scaled(50)):
        change(case, "baseline", hb=f"{7 + number / 100:.2f}")
        answers = at_once(lambda: Watch().recompute_if_behind(), times=4)
        assert all(isinstance(answer, list) for answer in answers), answers
        # All four may come too early for each other's pause; then the next tick does it.
        wait_until(lambda: recompute() or is_current(), 30)
        for name in COHORTS:
            assert ReportSnapshot.objects.filter(cohort=name, data_version=result_version()).count() == 1
    for number in range(scaled(10)):
        release = workflow.propose(
            Actor.person(statistician), reason="proof", cutoff=today(), token=f"token-{number}"
        )
        workflow.approve(Actor.person(coordinator), release.number)
        answers = at_once(build_approved, times=4)
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        stored = Release.objects.get(pk=release.number)
        assert stored.state == ReleaseState.LOCKED
        assert stored.attempts == 1
        assert Event.objects.filter(action=Action.LOCK, row_id=str(release.number)).count() == 1
        bundles = list(stored.bundle_path.parent.glob(f"{release.number:04d}-*.zip"))
        assert bundles == [stored.bundle_path]


def at_once(task: Callable[[], object], times: int) -> list[object]:
    """Run a task several times, all starting at the same moment."""
    gate = threading.Barrier(times)

    def run() -> object:
        gate.wait()
        return task()

    return in_parallel([run] * times, workers=times)


def test_c9_a_worker_killed_while_it_computes_is_taken_over(stack: Stack, capsys) -> None:
    """C9: kill -9 in the middle of a recompute: redone within a minute, and stored once."""
    case = factories.case(factories.center())
    stack.start("worker", "beat")
    wait_until_current(stack)
    kills, number, lease = 0, 0, Lease.objects.filter(name="recompute").exclude(holder="")
    while kills < max(1, scaled(20) // 2):
        number += 1
        assert number < 100, "no kill hit a computation"
        change(case, "baseline", hb=f"{7 + number / 100:.2f}")
        assert wait_until_soon(lease.exists, 30)
        for pid in stack.children("worker"):
            os.kill(pid, signal.SIGKILL)
        if is_current():
            # Too late: it had just been stored.
            continue
        kills += 1
        seconds = wait_until_current(stack)
        say(capsys, f"worker killed while it computed: redone after {seconds:.1f} s")
        for name in COHORTS:
            assert ReportSnapshot.objects.filter(cohort=name, data_version=result_version()).count() == 1


def wait_until_soon(condition: Callable[[], object], seconds: float) -> bool:
    """Wait without a pause: what is waited for lasts a fraction of a second."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
    return False
