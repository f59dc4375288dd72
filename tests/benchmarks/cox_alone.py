"""Print the CPU milliseconds of one Cox model of the rows of a CSV file: the median of 7 rounds, warm.

A process of its own, because the number of threads of the linear algebra is fixed when NumPy is imported.
"""

import statistics
import sys
import time

import numpy as np

from analytics.statistics.cox import cox


def main(file: str, times: int) -> None:
    rows = np.loadtxt(file, delimiter=",", skiprows=1)
    durations, events, x = rows[:, 0].copy(), rows[:, 1] == 1, rows[:, 2:].copy()
    names = [f"x{number}" for number in range(x.shape[1])]

    def milliseconds() -> float:
        started = time.process_time()
        for _ in range(times):
            cox(durations, events, x, names)
        return 1000 * (time.process_time() - started) / times

    milliseconds()
    print(statistics.median(milliseconds() for _ in range(7)))  # noqa: T201 (its purpose)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
