"""Reading cases' rows as facts, for derivations and edit checks.

The caller has the right to the cases: these selectors ask no further.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from uuid import UUID

from django.db import connections

from registry.dictionary.facts import Facts, Record
from registry.models import CASE_ROWS, Case, CaseRow, Center, CenterLabref
from registry.selectors.compiled import compiled_rows

Rows = Mapping[str, Sequence[CaseRow]]


def rows_of(case: Case, using: str | None = None) -> dict[str, list[CaseRow]]:
    """Form name → rows of one case, in order of `seq`; empty lists included."""
    connection = connections[using or case._state.db or "default"]
    rows = {
        name: list(compiled_rows(model, "case_id", case.pk, connection)) for name, model in CASE_ROWS.items()
    }
    for row in chain.from_iterable(rows.values()):
        row.case = case
    return rows


def rows_of_all(cases: Sequence[Case], using: str = "default") -> dict[UUID, dict[str, list[CaseRow]]]:
    """Case id → form name → rows, with one query per form."""
    ids = [case.pk for case in cases]
    grouped: dict[UUID, dict[str, list[CaseRow]]] = {pk: {name: [] for name in CASE_ROWS} for pk in ids}
    for name, model in CASE_ROWS.items():
        for row in model.objects.using(using).filter(case_id__in=ids).scoped().order_by("seq"):
            grouped[row.case_id][name].append(row)
    return grouped


def facts_of(case: Case, rows: Rows | None = None, labrefs: tuple[Record, ...] | None = None) -> Facts:
    """Facts of one case; pass `rows`, and the `labrefs` of its center, when they are read already."""
    rows = rows_of(case) if rows is None else rows
    if labrefs is None:
        connection = connections[case._state.db or "default"]
        ranges = compiled_rows(CenterLabref, "center_id", case.center_id, connection)
        labrefs = tuple(labref.record() for labref in ranges)
    return _facts(case, rows, labrefs)


def facts_of_all(
    cases: Iterable[Case], using: str = "default", chunk: int = 200
) -> Iterator[tuple[Case, Facts]]:
    """Facts of many cases, in their order, with one query per form and `chunk` cases."""
    labrefs: dict[UUID, tuple[Record, ...]] | None = None
    for some in _chunks(cases, chunk):
        if labrefs is None:
            labrefs = labrefs_of(None, using)
        grouped = rows_of_all(some, using)
        for case in some:
            yield case, _facts(case, grouped[case.pk], labrefs.get(case.center_id, ()))


def labrefs_of(center_ids: "list[UUID] | None", using: str = "default") -> dict[UUID, tuple[Record, ...]]:
    """Center id → its reference ranges; None for all centers."""
    found: dict[UUID, tuple[Record, ...]] = dict.fromkeys(center_ids or [], ())
    ranges = CenterLabref.objects.using(using).order_by("seq")
    for labref in ranges if center_ids is None else ranges.filter(center_id__in=center_ids):
        found[labref.center_id] = (*found.get(labref.center_id, ()), labref.record())
    return found


def _facts(case: Case, rows: Rows, labrefs: tuple[Record, ...]) -> Facts:
    center: Center = case.center
    return Facts(
        patient_code=case.patient_code,
        forms={name: tuple(_record(row, case) for row in these) for name, these in rows.items() if these},
        labrefs=labrefs,
        center=center.record(),
    )


def _record(row: CaseRow, case: Case) -> Record:
    record = row.record()
    # The dictionary asks for the patient code on the enrolment form; it is the case's.
    return (
        Record(row.form, {**record, "patient_code": case.patient_code})
        if row.form.name == "enrolment"
        else record
    )


def _chunks(cases: Iterable[Case], size: int) -> Iterator[list[Case]]:
    some: list[Case] = []
    for case in cases:
        some.append(case)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
