"""Running cases: one answer per case, one line per operation."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.statistics.result import JSON
from analytics.validation.case import Case, read_cases
from analytics.validation.catalog import OPERATIONS, PRECISION
from analytics.validation.comparison import Value, compare
from analytics.validation.data import rows

SUITE = Path(__file__).parent / "suite"


@dataclass(frozen=True)
class Outcome:
    """What came of one case.

    Attributes
    ----------
    case : Case
    values : tuple of Value
        Every value compared; empty when nothing could be computed.
    refusal : str or None
        Why nothing could be computed.
    seconds : float
        CPU time of the computation, without reading the data.
    """

    case: Case
    values: tuple[Value, ...]
    refusal: str | None
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every value agrees."""
        return self.refusal is None and all(value.agrees for value in self.values)

    @property
    def differences(self) -> tuple[str, ...]:
        """A sentence for each value that does not agree."""
        if self.refusal is not None:
            return (self.refusal,)
        return tuple(
            f"{value.path}: expected {value.expected}, got {value.got}"
            + (
                ""
                if value.error is None
                else f" (relative error {value.error:.1e}, allowed {value.allowed:.0e})"
            )
            for value in self.values
            if not value.agrees
        )


@dataclass(frozen=True)
class Line:
    """All cases of one operation together.

    Attributes
    ----------
    operation : str
    cases, failed : int
    worst : float or None
        The largest relative error; None where nothing was measured.
    share : float or None
        The largest part of what is allowed that any value uses; above 1 is a failure.
    seconds : float
    """

    operation: str
    cases: int
    failed: int
    worst: float | None
    share: float | None
    seconds: float


def run_file(file: Path, folder: Path) -> tuple[Outcome, ...]:
    """Run all cases of a file; `folder` holds its data sets."""
    return tuple(run_case(case, folder) for case in read_cases(file))


def run_suite() -> tuple[Outcome, ...]:
    """Run the cases that come with the project."""
    return tuple(outcome for file in sorted(SUITE.glob("*.json")) for outcome in run_file(file, SUITE))


def run_case(case: Case, folder: Path) -> Outcome:
    """Compute a case and compare; whatever goes wrong, a warning included, is an answer too."""
    operation = OPERATIONS.get(case.operation)
    if operation is None:
        return Outcome(case, (), f"there is no operation {case.operation}", 0.0)
    started = time.process_time()
    try:
        data = rows(case, folder)
        started = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            got = operation(case.args, data, folder)
    except Exception as error:  # one case must not stop the others
        return Outcome(case, (), f"{type(error).__name__}: {error}", time.process_time() - started)
    seconds = time.process_time() - started
    values = compare(case.expected, got, case.rtol, PRECISION.get(case.operation, {}))
    return Outcome(case, values, None, seconds)


def lines(outcomes: Iterable[Outcome]) -> tuple[Line, ...]:
    """Sum outcomes up by operation, in the order in which the operations first come."""
    by_operation: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_operation.setdefault(outcome.case.operation, []).append(outcome)
    return tuple(_line(operation, members) for operation, members in by_operation.items())


def _line(operation: str, outcomes: Sequence[Outcome]) -> Line:
    measured = [
        (value.error, value.allowed)
        for outcome in outcomes
        for value in outcome.values
        if value.error is not None
    ]
    return Line(
        operation=operation,
        cases=len(outcomes),
        failed=sum(not outcome.passed for outcome in outcomes),
        worst=max((error for error, _ in measured), default=None),
        share=max((error / allowed for error, allowed in measured), default=None),
        seconds=sum(outcome.seconds for outcome in outcomes),
    )


def to_json(outcomes: Sequence[Outcome]) -> dict[str, JSON]:
    """Return what a validation binder keeps: every operation, every case, every difference."""
    return {
        "passed": all(outcome.passed for outcome in outcomes),
        "operations": [
            {
                "operation": line.operation,
                "cases": line.cases,
                "failed": line.failed,
                "worst_relative_error": line.worst,
                "share_of_allowed": line.share,
                "seconds": round(line.seconds, 4),
            }
            for line in lines(outcomes)
        ],
        "cases": [
            {
                "id": outcome.case.id,
                "operation": outcome.case.operation,
                "oracle": outcome.case.oracle,
                "rtol": outcome.case.rtol,
                "values": len(outcome.values),
                "passed": outcome.passed,
                "worst_relative_error": max(
                    (value.error for value in outcome.values if value.error is not None), default=None
                ),
                "differences": list(outcome.differences),
            }
            for outcome in outcomes
        ],
    }
