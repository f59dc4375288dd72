"""Speed as a ratio of two things measured alternately in one run: a machine's mood touches both alike."""

import statistics
import time
from collections.abc import Callable


def per_second(action: Callable[[], object], times: int) -> float:
    """How often `action` runs in a second, over `times` runs."""
    started = time.perf_counter()
    for _ in range(times):
        action()
    return times / (time.perf_counter() - started)


def throughput_ratio(
    ours: Callable[[], object], bare: Callable[[], object], *, times: int = 40, rounds: int = 9
) -> float:
    """Median over `rounds` of our throughput divided by the bare one's; each is warmed up once."""
    ours(), bare()
    return statistics.median(per_second(ours, times) / per_second(bare, times) for _ in range(rounds))


def say(what: str, value: float, unit: str = "×", goal: str = "") -> None:
    """Print one line of the benchmark's result."""
    print(f"\n{what}: {value:.2f} {unit}{f'  (goal {goal})' if goal else ''}")  # noqa: T201 (its purpose)
