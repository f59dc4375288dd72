"""How long a change takes to stand in the report, and what the report page costs."""

import statistics
import time

import pytest

from analytics.reports.recompute import Watch
from analytics.reports.snapshot import newest
from registry.actions import record
from registry.models import Baseline
from registry.terminology.roles import Role
from tests import factories
from tests.benchmarks.asking import asking
from tests.benchmarks.cohort import enter_cohort
from tests.benchmarks.ratio import say, throughput_ratio
from tests.faults.stack import Stack, wait_until_current

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.django_db(transaction=True, databases=["default", "snapshot"]),
    pytest.mark.urls("tests.benchmarks.bare_urls"),
]


@pytest.mark.parametrize("patients", [51, 270])
def test_seconds_from_save_to_fresh_report(patients: int, stack: Stack, quiet):
    """No goal but to say it: with worker, beat and broker as they run, and both reports drawn."""
    cases = enter_cohort(patients)
    stack.start("worker", "beat")
    wait_until_current(stack, 180)
    seconds = []
    for number, case in enumerate(cases[:11]):
        row = Baseline.objects.filter(case=case).scoped().get()
        # At any moment between two ticks.
        time.sleep(number * 0.07)
        record.save(
            factories.SYSTEM,
            case,
            "baseline",
            {"hb": f"{9 + number / 10}"},
            seq=1,
            version=row.version,
            reason="benchmark",
        )
        seconds.append(wait_until_current(stack))
    say(
        f"save to fresh report with {patients} patients, median of {len(seconds)}",
        statistics.median(seconds),
        "s",
    )
    durations = [newest(cohort).duration_ms / 1000 for cohort in ("dara_refractory", "all_isapd")]
    say("  of which computing and drawing both reports", sum(durations), "s")


def test_report_page(quiet):
    """Goal: a stored report page takes ≤ 3× a bare view of one row, on a page of the house."""
    enter_cohort(51)
    Watch().recompute_if_behind()
    get = asking(factories.user(Role.STATISTICIAN))

    def page():
        get("/reports/dara_refractory/")

    framed = 1 / throughput_ratio(page, lambda: get("/bare/row/?framed"), times=30)
    alone = 1 / throughput_ratio(page, lambda: get("/bare/row/"), times=30)
    say("report page, time / one row on a page of the house", framed, goal="≤ 3 ×")
    say("report page, time / one row without any page around it", alone)
    assert framed <= 3
