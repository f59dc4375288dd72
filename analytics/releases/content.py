"""What a release is made of: one consistent read of those who may be in it, under the release's own names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from analytics.extraction.cohorts import COHORTS
from analytics.extraction.cut import Case, DataCut, code
from analytics.models import Release
from analytics.releases.pseudonyms import Pseudonym, Pseudonyms, draw
from analytics.reports.pipeline import Report, build_report
from registry.dictionary.values import PartialDate
from registry.terminology.text import gettext_noop as _

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Member:
    """One patient of the release."""

    case: Case
    pseudonym: Pseudonym
    # Nothing later is known: the data cutoff, or the day consent was withdrawn.
    end: date


@dataclass(frozen=True)
class Content:
    """Everything the formats write from.

    Attributes
    ----------
    members : in the order of the release's study codes, which is no order of anything else.
    reports : one per cohort, computed on the true dates.
    """

    number: int
    cutoff: date
    data_version: int
    rule_version: str
    code_version: str
    is_synthetic: bool
    members: tuple[Member, ...]
    cut: DataCut
    pseudonyms: Pseudonyms
    reports: tuple[Report, ...]


def content(release: Release, cut: DataCut, code_version: str, progress: Progress) -> Content:
    """Gather a release from a data cut.

    In it are the patients with consent or another legal basis (E6), whether or not a cohort takes them.
    """
    progress(_("Reading the cases"))
    cases = [case for case in cut.cases if code(case, "elig_e6") == "YES"]
    pseudonyms = draw(
        release.secret,
        {case.case_id: case.center_code for case in cases},
    )
    # The day somebody happens to build it must change nothing: the cutoff is the release's day.
    cut = replace(cut, as_of=release.cutoff)  # type: ignore[type-var]
    reports = []
    for cohort in COHORTS.values():
        progress(_("Computing the reports"))
        reports.append(build_report(cut, cohort))
    return Content(
        number=release.number,
        cutoff=release.cutoff,
        data_version=cut.data_version,
        rule_version=cut.rule_version,
        code_version=code_version,
        is_synthetic=any(case.synthetic for case in cut.cases),
        members=_members(cases, pseudonyms, release.cutoff),
        cut=replace(cut, cases=tuple(cases)),  # type: ignore[type-var]
        pseudonyms=pseudonyms,
        reports=tuple(reports),
    )


def _members(cases: Sequence[Case], pseudonyms: Pseudonyms, cutoff: date) -> tuple[Member, ...]:
    members = (Member(case, pseudonyms.patients[case.case_id], _end(case, cutoff)) for case in cases)
    return tuple(sorted(members, key=lambda member: member.pseudonym.code))


def _end(case: Case, cutoff: date) -> date:
    withdrawal = case.facts.one("enrolment").known("consent_withdrawal_date")
    return min(cutoff, withdrawal) if withdrawal else cutoff


def first_day(value: object) -> date | None:
    """The first day a date value can mean; None for anything else."""
    if isinstance(value, PartialDate):
        return value.earliest
    return value if isinstance(value, date) else None
