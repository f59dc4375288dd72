"""What there is to do in the cases of some centers: each form's state, what it owes; read in one query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.completeness import Completeness
from registry.edit_checks.quality import Quality, pooled
from registry.models import DerivedCase, State, User
from registry.selectors import scope
from registry.selectors.case_page import NOT_STARTED

# A form nobody has begun, and nobody has to.
NONE = "NONE"


@dataclass(frozen=True, slots=True)
class FormWork:
    """One form of one case.

    Attributes
    ----------
    drafts : `seq` of the rows that are not called complete.
    owed : core variables without an answer in one of its rows.
    """

    name: str
    rows: int
    drafts: tuple[int, ...]
    core: Completeness
    owed: tuple[str, ...]
    is_expected: bool

    @property
    def state(self) -> str:
        if self.rows:
            return State.DRAFT if self.drafts else State.COMPLETE
        return NOT_STARTED if self.is_expected else NONE

    @property
    def wants_work(self) -> bool:
        return self.state in (State.DRAFT, NOT_STARTED)


@dataclass(frozen=True)
class CaseWork:
    """One case and what there is to do in it; `reference` is how its center calls it, "" without one."""

    pk: UUID
    patient_code: str
    reference: str
    center_id: UUID
    synthetic: bool
    changed_at: datetime
    forms: Mapping[str, FormWork]
    not_known: Mapping[str, int]

    @property
    def to_finish(self) -> list[FormWork]:
        """Forms that want work, in clinical order."""
        return [form for form in self.forms.values() if form.wants_work]

    @property
    def missing(self) -> int:
        return sum(form.core.missing for form in self.forms.values())

    @property
    def quality(self) -> Quality:
        """Metrics of D34."""
        return Quality({name: form.core for name, form in self.forms.items()}, {}, self.not_known)


def case_work(user: User, centers: Collection[UUID]) -> list[CaseWork]:
    """The person's cases at `centers`, by code; the own references of these centers may be seen."""
    cases = scope.cases(user).filter(center_id__in=centers).order_by("patient_code")
    lines = cases.values_list(
        "pk",
        "patient_code",
        "own_reference__text",
        "center_id",
        "synthetic",
        "derived__changed_at",
        "derived__forms",
        "derived__not_known",
    )
    return [
        CaseWork(
            pk, code, reference or "", center_id, synthetic, changed_at, _forms(forms or {}), unknown or {}
        )
        for pk, code, reference, center_id, synthetic, changed_at, forms, unknown in lines
    ]


def derived_values(case_ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Case id → stored derived values. The caller has the right to the cases."""
    found = DerivedCase.objects.filter(case_id__in=case_ids).scoped()
    return dict(found.values_list("case_id", "values"))


def quality_of(cases: Collection[CaseWork]) -> Quality:
    """Metrics of many cases together (D34)."""
    return pooled(case.quality for case in cases)


def _forms(stored: Mapping[str, Any]) -> dict[str, FormWork]:
    return {name: _form(name, stored.get(name)) for name in CASE_FORMS}


def _form(name: str, stored: Mapping[str, Any] | None) -> FormWork:
    if stored is None:
        return FormWork(name, 0, (), Completeness(), (), is_expected=False)
    return FormWork(
        name,
        stored["rows"],
        tuple(stored["drafts"]),
        Completeness(*stored["core"]),
        tuple(stored["owed"]),
        is_expected=True,
    )
