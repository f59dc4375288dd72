"""The prior lines and their drugs, read once."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from registry.derivations.dates import Span
from registry.derivations.reading import code, codes, said, span, whole
from registry.dictionary.facts import Facts, Record
from registry.terminology.drugs import CLASS_OF, DrugClass


class Line(NamedTuple):
    """One prior line; `row` is its place on the form."""

    row: int
    number: int | None
    start: Span | None
    stop: Span | None
    cycles: int | None
    transplant: str | None
    best: str | None
    progressed: bool | None
    progression: Span | None
    stop_reason: str | None

    @property
    def progression_or_stop(self) -> Span | None:
        """Date of progression; the line's stop where that is unknown and the line stopped for it (R1b)."""
        if self.progression is None and self.stop_reason == "PD":
            return self.stop
        return self.progression

    @property
    def progression_is_inferred(self) -> bool:
        return self.progression is None and self.progression_or_stop is not None


class Drug(NamedTuple):
    """One drug of one prior line; `row` is its place on the form."""

    row: int
    line_no: int | None
    code: str
    first: Span | None
    last: Span | None
    phases: tuple[str, ...] | None
    asserted: bool | None

    @property
    def is_steroid(self) -> bool:
        return CLASS_OF.get(self.code) is DrugClass.STEROID


class History(NamedTuple):
    """Prior lines in order of their number, and the drugs of all of them."""

    lines: tuple[Line, ...]
    drugs: tuple[Drug, ...]
    by_number: Mapping[int, Line]

    def line_of(self, drug: Drug) -> Line | None:
        """The line a drug belongs to; None when it has none, or more than one."""
        return None if drug.line_no is None else self.by_number.get(drug.line_no)

    def drugs_of(self, number: int | None) -> tuple[Drug, ...]:
        return tuple(drug for drug in self.drugs if drug.line_no == number)

    @property
    def last_number(self) -> int | None:
        """Highest line number; None without a numbered line."""
        return max((line.number for line in self.lines if line.number is not None), default=None)


def read_history(facts: Facts, start: date | None) -> History:
    """Lines and drugs before the start of IsaPd.

    A row of the prior-line form is left out only when it certainly began on the day IsaPd began or later.
    """
    every = [_line(index, row) for index, row in enumerate(facts.rows("prior_line"))]
    late = {line.number for line in every if _is_late(line, start)}
    lines = sorted((line for line in every if not _is_late(line, start)), key=lambda line: line.number or 0)
    numbers = [line.number for line in lines]
    return History(
        lines=tuple(lines),
        drugs=tuple(drug for drug in _drugs(facts) if drug.line_no not in late or drug.line_no in numbers),
        # Two lines of one number: which of them the drug was given in is not known.
        by_number={
            line.number: line for line in lines if line.number is not None and numbers.count(line.number) == 1
        },
    )


def _is_late(line: Line, start: date | None) -> bool:
    return start is not None and line.start is not None and line.start.earliest >= start


def _line(index: int, row: Record) -> Line:
    return Line(
        row=index,
        number=whole(row, "line_no"),
        start=span(row, "line_start"),
        stop=span(row, "line_stop"),
        cycles=whole(row, "line_cycles"),
        transplant=code(row, "line_transplant"),
        best=code(row, "line_best_response"),
        progressed=said(row, "line_progressed"),
        progression=span(row, "line_progression_date"),
        stop_reason=code(row, "line_stop_reason"),
    )


def _drugs(facts: Facts) -> list[Drug]:
    return [
        Drug(
            row=index,
            line_no=whole(row, "line_no_ref"),
            code=name,
            first=span(row, "drug_start"),
            last=span(row, "drug_last_dose"),
            phases=codes(row, "drug_phase"),
            asserted=said(row, "drug_refractory_asserted"),
        )
        for index, row in enumerate(facts.rows("prior_line_drug"))
        if (name := code(row, "drug")) is not None
    ]
