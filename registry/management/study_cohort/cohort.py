"""The synthetic cohort: 270 case records over 28 centers, the same on every machine and for ever."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.management.study_cohort import (
    assessments,
    baseline_form,
    centers,
    disease,
    gaps,
    others,
    outcome,
    prior_forms,
    published,
    safety,
    treatment,
)
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.enrolment import enrolment
from registry.management.study_cohort.entries import Case, Row
from registry.management.study_cohort.history import prior_lines
from registry.management.study_cohort.profile import Profile, Trait

SIZE = 270


@dataclass(frozen=True)
class SyntheticCase:
    """One patient's raw record.

    Attributes
    ----------
    reference : stable name of the patient in this cohort, e.g. "SYN001"; the registry issues its own code
    center_code : the center whose patient it is
    forms : the case forms in the JSON entry format
    complete : whether every form can be called complete; a draft waits for an answer from the center
    """

    reference: str
    center_code: str
    forms: Case
    complete: bool


def synthetic_cases() -> Iterator[SyntheticCase]:
    """All patients, the 51 with prescribed values first."""
    for profile in profiles():
        yield SyntheticCase(
            profile.reference,
            centers.code(profile.center),
            _forms(profile),
            complete=not profile.has(Trait.UNDER_AGE),
        )


def records() -> Iterator[tuple[str, Case]]:
    """(center code, case) of every patient; the case also holds its center and reference ranges.

    This is what `Facts.from_json` reads. `patient_code` is the cohort's reference.
    """
    laboratories = {centers.code(number): number for number in range(1, centers.COUNT + 1)}
    for case in synthetic_cases():
        center = laboratories[case.center_code]
        yield (
            case.center_code,
            {
                "patient_code": case.reference,
                **case.forms,
                "center": centers.center_row(center),
                "center_labref": centers.labref_rows(center),
            },
        )


def center_rows() -> Iterator[tuple[Row, list[Row]]]:
    """(center form, reference ranges) of every center."""
    for number in range(1, centers.COUNT + 1):
        yield centers.center_row(number), centers.labref_rows(number)


def profiles() -> Iterator[Profile]:
    """The patients behind the records."""
    deal = _centers()
    yield from published.profiles(deal)
    yield from others.profiles(deal)


def _centers() -> Iterator[int]:
    """Every center once, then the large ones more often: hospitals are not of one size."""
    draw = Draw("centers")
    weights = {number: 1 / (2 + number) for number in range(1, centers.COUNT + 1)}
    yield from weights
    while True:
        yield draw.weighted(weights)


def _forms(profile: Profile) -> Case:
    if profile.has(Trait.REFUSED):
        # Without consent nothing but the refusal is recorded.
        return {"enrolment": enrolment(profile)}
    lines = prior_lines(profile)
    before = disease.baseline(profile)
    case: Case = {
        "enrolment": enrolment(profile),
        "demographics": prior_forms.demographics(profile),
        "diagnosis": prior_forms.diagnosis(profile, lines),
        "prior_line": prior_forms.prior_line_rows(profile, lines),
        "prior_line_drug": prior_forms.prior_line_drug_rows(profile, lines),
        "baseline": baseline_form.baseline(profile, before),
        "fish": baseline_form.fish_rows(profile, lines),
        "isapd_treatment": treatment.treatment(profile),
        "isapd_cycle": treatment.cycle_rows(profile),
        "response": assessments.response_rows(profile, before),
        "progression": assessments.progression(profile, before),
        "adverse_event": safety.adverse_event_rows(profile),
        "subsequent_therapy": outcome.subsequent_rows(profile),
        "follow_up": outcome.follow_up_rows(profile),
    }
    if not profile.exact:
        gaps.open_gaps(profile, case)
    return case
