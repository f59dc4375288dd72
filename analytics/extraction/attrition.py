"""From the enrolled patients to the analysed ones, with a count at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.extraction.cohorts import Cohort, Step
from analytics.extraction.cut import NOT_EVALUABLE, Case, code


class CohortMismatchError(ValueError):
    """The steps of a cohort and its derived flag disagree: the definitions have drifted apart."""


@dataclass(frozen=True)
class Exclusion:
    """Those who leave at one step; `remaining` go on. Each patient leaves once, at the first step failed.

    Attributes
    ----------
    excluded : int
        Known not to meet the condition.
    not_evaluable : int
        For whom the condition cannot be decided yet.
    """

    key: str
    label: str
    reason: str
    excluded: int
    not_evaluable: int
    remaining: int


@dataclass(frozen=True)
class Flow:
    """The whole way into a cohort: `enrolled` minus all exclusions is `analyzed`."""

    enrolled: int
    exclusions: tuple[Exclusion, ...]
    analyzed: int


def select(cases: Sequence[Case], cohort: Cohort) -> tuple[tuple[Case, ...], Flow]:
    """Return the cases of a cohort, ordered by their id, and the flow that led to them.

    Raises
    ------
    CohortMismatchError
        When the patients left by the steps are not those whose derived flag says YES.
    """
    remaining: Sequence[Case] = sorted(cases, key=lambda case: str(case.case_id))
    flagged = [case for case in remaining if code(case, cohort.flag) == "YES"]
    exclusions = []
    for step in cohort.steps:
        staying = [case for case in remaining if code(case, step.derived) in step.keep]
        leaving = len(remaining) - len(staying)
        undecided = sum(code(case, step.derived) == NOT_EVALUABLE for case in remaining)
        undecided = 0 if NOT_EVALUABLE in step.keep else undecided
        exclusions.append(_exclusion(step, leaving - undecided, undecided, len(staying)))
        remaining = staying
    if [case.case_id for case in remaining] != [case.case_id for case in flagged]:
        raise CohortMismatchError(
            f"{cohort.name}: the steps leave {len(remaining)} cases, {cohort.flag} names {len(flagged)}"
        )
    return tuple(remaining), Flow(len(cases), tuple(exclusions), len(remaining))


def _exclusion(step: Step, excluded: int, not_evaluable: int, remaining: int) -> Exclusion:
    return Exclusion(step.key, step.label, step.excluded, excluded, not_evaluable, remaining)
