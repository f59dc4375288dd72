"""Print the milliseconds of CPU time of one replicate: bootstrapped, and validated with corrected C.

``python -m tests.benchmarks.cox_bootstrap_in_process PATIENTS_CSV REPLICATES`` is a process of its own: the
number of threads of matrix products is read when NumPy starts.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from analytics.statistics.cox import fit
from analytics.statistics.cox_bootstrap import cox_bootstrap
from analytics.statistics.cox_data import cox_data
from analytics.statistics.internal_validation import internal_validation


def main(file: str, replicates: int) -> None:
    """Measure the median of 3 rounds, warm."""
    durations, events, *covariates = np.loadtxt(file, delimiter=",", skiprows=1).T
    names = [f"x{number}" for number in range(len(covariates))]
    data = cox_data(durations, events, np.column_stack(covariates), names)
    model = fit(data)
    for action in (cox_bootstrap, internal_validation):
        print(milliseconds(lambda: action(data, model, replicates)) / replicates)  # noqa: B023, T201


def milliseconds(action: Callable[[], object]) -> float:
    action()
    rounds = []
    for _ in range(3):
        started = time.process_time()
        action()
        rounds.append(1000 * (time.process_time() - started))
    return statistics.median(rounds)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
