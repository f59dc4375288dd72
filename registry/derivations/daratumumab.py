"""Daratumumab before IsaPd: line, regimen, cycles, interval (D15)."""

from datetime import date
from typing import NamedTuple

from registry.derivations.dates import Span, days_between, settle
from registry.derivations.derived import NO, YES, Answer, ne, ok, yes_no
from registry.derivations.history import Drug, History
from registry.derivations.months import at_least_months, in_months
from registry.derivations.parameters import Parameters
from registry.derivations.reasons import missing
from registry.terminology.drugs import CLASS_OF
from registry.terminology.text import gettext_noop as _

DARA = "DARA"
LINE_INPUTS = ("drug", "line_no_ref")
REGIMEN_INPUTS = ("drug", "line_no_ref", "drug_phase", "line_transplant")
CYCLES_INPUTS = ("drug", "line_no_ref", "line_cycles")
INTERVAL_INPUTS = ("drug", "line_no_ref", "drug_start", "drug_last_dose", "isapd_start_date")
PROGRESSION_INPUTS = (
    "drug",
    "line_no_ref",
    "line_progression_date",
    "line_stop",
    "line_stop_reason",
    "isapd_start_date",
)
BETWEEN_INPUTS = ("drug", "line_no_ref", "line_no", "line_start", "isapd_start_date")

NEVER_GIVEN = _("No prior line contains daratumumab")
NO_LINE_NUMBER = _("The line of daratumumab is missing or is not one of the prior lines")
IMPUTED = _("From an imputed date")
INFERRED = _("Progression dated by the stop of the line, which stopped for it")
AFTER_START = _("The date is after the start of IsaPd")
NUMBERING = _("The prior lines are not numbered from 1 on")
STRADDLES = _("The partial date does not decide it")


class Dara(NamedTuple):
    """The rows of daratumumab, and its last line."""

    rows: tuple[Drug, ...]
    line: int | None

    @property
    def gap(self) -> str:
        """Why there is no last line."""
        return NO_LINE_NUMBER if self.rows else NEVER_GIVEN


def daratumumab(history: History) -> Dara:
    """Rows of daratumumab and the highest line that contains it."""
    rows = tuple(drug for drug in history.drugs if drug.code == DARA)
    numbers = [row.line_no for row in rows if row.line_no is not None and row.line_no in history.by_number]
    return Dara(rows, max(numbers, default=None))


def dara_line_last(dara: Dara) -> Answer:
    """`dara_line_last`: the highest line with daratumumab."""
    return ne(dara.gap, LINE_INPUTS) if dara.line is None else ok(dara.line, LINE_INPUTS)


def dara_regimen(dara: Dara, history: History) -> Answer:
    """`dara_regimen`: the drugs of that line's treatment phase, daratumumab first, steroids last as DEX.

    A drug without a recorded phase counts, save melphalan beside a transplant: that is conditioning.
    """
    if dara.line is None:
        return ne(dara.gap, REGIMEN_INPUTS)
    transplanted = history.by_number[dara.line].transplant not in (None, "NONE")
    given = [drug for drug in history.drugs_of(dara.line) if _is_induction(drug, transplanted)]
    named = {drug.code for drug in given if not drug.is_steroid} - {DARA}
    partners = [code for code in CLASS_OF if code in named]
    steroid = ["DEX"] if partners and any(drug.is_steroid for drug in given) else []
    return ok("-".join([DARA, *partners, *steroid]), REGIMEN_INPUTS)


def _is_induction(drug: Drug, transplanted: bool) -> bool:
    if drug.phases is None:
        return not (drug.code == "MEL" and transplanted)
    return "IND" in drug.phases


def dara_cycles(dara: Dara, history: History) -> Answer:
    """`dara_cycles`: cycles of all lines with daratumumab."""
    if dara.line is None:
        return ne(dara.gap, CYCLES_INPUTS)
    numbers = {row.line_no for row in dara.rows}
    lines = [history.by_number.get(number) for number in numbers if number is not None]
    cycles = [line.cycles for line in lines if line is not None and line.cycles is not None]
    if len(cycles) < len(numbers):
        return ne(missing("line_cycles"), CYCLES_INPUTS)
    return ok(sum(cycles), CYCLES_INPUTS)


def last_dose(dara: Dara, start: date | None) -> Span | None:
    """Last daratumumab in any line, clipped between its first dose and IsaPd; None when not dated.

    Of the last line the date is needed; an earlier line's cannot be the last one.
    """
    dated = [(row, row.last) for row in dara.rows if row.last is not None]
    if any(row.last is None and (row.line_no is None or row.line_no == dara.line) for row in dara.rows):
        return None
    spans = [
        Span(last.earliest, last.latest, settle(last, row.first.imputed if row.first else None, start))
        for row, last in dated
    ]
    if not spans:
        return None
    return Span(*(max(days) for days in zip(*spans, strict=True)))


class Interval(NamedTuple):
    """From the last daratumumab to IsaPd, or why there is none."""

    last: Span | None
    start: date | None
    gap: str


def interval(dara: Dara, start: date | None) -> Interval:
    """The interval D15 measures, checked."""
    if not dara.rows:
        return Interval(None, start, NEVER_GIVEN)
    if start is None:
        return Interval(None, start, missing("isapd_start_date"))
    last = last_dose(dara, start)
    if last is None:
        return Interval(None, start, missing("drug_last_dose"))
    if last.earliest > start:
        return Interval(None, start, AFTER_START)
    return Interval(last, start, "")


def dara_isapd_interval_days(interval: Interval) -> Answer:
    """`dara_isapd_interval_days`, from the last daratumumab to the first IsaPd."""
    if interval.last is None or interval.start is None:
        return ne(interval.gap, INTERVAL_INPUTS)
    days = days_between(interval.last.imputed, interval.start)
    return ok(days, INTERVAL_INPUTS) if interval.last.is_exact else ok(days, INTERVAL_INPUTS, IMPUTED)


def dara_isapd_interval_months(days: Answer, parameters: Parameters) -> Answer:
    """`dara_isapd_interval_months`, not rounded."""
    if not isinstance(days.value, int):
        return days
    return ok(in_months(days.value, parameters), INTERVAL_INPUTS, days.reason)


def dara_interval_at_least(interval: Interval, months: int) -> Answer:
    """`dara_int_ge6`, `dara_int_ge12`: by calendar months, on the bounds."""
    if interval.last is None or interval.start is None:
        return ne(interval.gap, INTERVAL_INPUTS)
    return yes_no(at_least_months(interval.last, interval.start, months), INTERVAL_INPUTS, STRADDLES)


def dara_pd_isapd_months(dara: Dara, history: History, start: date | None, parameters: Parameters) -> Answer:
    """`dara_pd_isapd_months`, from the progression of the last line with daratumumab to IsaPd."""
    if dara.line is None:
        return ne(dara.gap, PROGRESSION_INPUTS)
    if start is None:
        return ne(missing("isapd_start_date"), PROGRESSION_INPUTS)
    line = history.by_number[dara.line]
    progression = line.progression_or_stop
    if progression is None:
        return ne(missing("line_progression_date"), PROGRESSION_INPUTS)
    if progression.earliest > start:
        return ne(AFTER_START, PROGRESSION_INPUTS)
    day = settle(progression, line.start.imputed if line.start else None, start)
    months = in_months(days_between(day, start), parameters)
    if line.progression_is_inferred:
        return ok(months, PROGRESSION_INPUTS, INFERRED)
    return ok(months, PROGRESSION_INPUTS) if progression.is_exact else ok(months, PROGRESSION_INPUTS, IMPUTED)


def lines_between_dara_isapd(dara: Dara, history: History, start: date | None) -> Answer:
    """`lines_between_dara_isapd`: number of prior lines − number of the last one with daratumumab."""
    if dara.line is None:
        return ne(dara.gap, BETWEEN_INPUTS)
    if start is None:
        return ne(missing("isapd_start_date"), BETWEEN_INPUTS)
    between = len(history.lines) - dara.line
    return ok(between, BETWEEN_INPUTS) if between >= 0 else ne(NUMBERING, BETWEEN_INPUTS)


def dara_last_therapy(between: Answer) -> Answer:
    """`dara_last_therapy`: whether daratumumab was in the last line before IsaPd."""
    if not between.is_ok:
        return between
    return ok(YES if between.value == 0 else NO, BETWEEN_INPUTS)
