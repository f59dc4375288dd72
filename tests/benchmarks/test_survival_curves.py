"""How fast survival curves are estimated and compared, beside R's survival package."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.log_rank import log_rank
from tests.benchmarks.ratio import say

pytestmark = pytest.mark.benchmark

GOALS = {"Kaplan–Meier": 0.05, "log-rank": 0.08}
UNITS = {"days": 1.0, "months": 30.4375}


def patients(n, days_per_unit):
    random = np.random.default_rng(n)
    durations = np.ceil(random.exponential(365, n) / days_per_unit)
    return durations, random.random(n) < 0.6, (random.random(n) < 0.5).astype(int)


def milliseconds(action, times):
    """CPU time of one call: the median of 7 rounds, warm."""
    action()
    rounds = []
    for _ in range(7):
        started = time.process_time()
        for _ in range(times):
            action()
        rounds.append(1000 * (time.process_time() - started) / times)
    return statistics.median(rounds)


def with_r(durations, events, groups, folder, times):
    file = folder / "patients.csv"
    columns = np.column_stack((durations, events, groups))
    np.savetxt(file, columns, fmt="%d", delimiter=",", header="time,event,group", comments="")
    script = Path(__file__).with_name("survival_curves.R")
    run = subprocess.run(
        ["Rscript", "--vanilla", script, file, str(times)], capture_output=True, text=True, check=True
    )
    return dict(zip(GOALS, map(float, run.stdout.split()), strict=True))


def with_lifelines(durations, events, groups, times):
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import multivariate_logrank_test

    return {
        "Kaplan–Meier": milliseconds(lambda: KaplanMeierFitter().fit(durations, events), times),
        "log-rank": milliseconds(lambda: multivariate_logrank_test(durations, groups, events), times),
    }


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("n", [1_000, 10_000, 100_000])
def test_speed_of_survival_curves(n, unit, tmp_path):
    durations, events, groups = patients(n, UNITS[unit])
    times = max(1, 20_000 // n)

    def with_ours():
        return {
            "Kaplan–Meier": milliseconds(lambda: kaplan_meier(durations, events), 10 * times),
            "log-rank": milliseconds(lambda: log_rank(durations, events, groups), 10 * times),
        }

    before = with_ours()
    if shutil.which("Rscript"):
        other, name = with_r(durations, events, groups, tmp_path, times), "R"
    else:
        other, name = with_lifelines(durations, events, groups, times), "lifelines"
    after = with_ours()
    for what, goal in GOALS.items():
        ratio = (before[what] + after[what]) / 2 / other[what]
        say(f"{what}, {n:,} patients, {unit}, CPU time to that of {name}", ratio, goal=f"≤ {goal}")
        assert ratio < 2 * goal  # a busy machine may double it, a slow estimate multiplies it
