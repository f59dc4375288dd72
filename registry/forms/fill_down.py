"""New rows of a grid, filled down from the row before: an unchanged cycle costs one key."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from registry.derivations.dates import span_of
from registry.derivations.reading import code, day
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Measurement, Value
from registry.dictionary.variable import Form
from registry.forms.as_typed import as_typed
from registry.forms.grid_posted import PostedRow, new_key
from registry.forms.grid_rows import places
from registry.forms.posted import Posted, Typed, typed
from registry.forms.row_table import COLUMNS
from registry.forms.suggestions import suggestions
from registry.models import CaseRow
from registry.selectors.whole_case import WholeCase

Answers = Mapping[str, Typed]

CYCLE_DAYS = 28
# Planned infusions of isatuximab: weekly in cycle 1, then every other week.
FIRST_INFUSIONS, LATER_INFUSIONS = 4, 2
# What goes on as it was, until somebody says otherwise. The weight is measured anew.
_SAME = (
    "cycle_completed",
    "isa_infusions_n",
    "isa_total_mg",
    "pom_daily_mg",
    "pom_total_mg",
    "dex_weekly_mg",
    "dex_doses_n",
)


def in_order(rows: Sequence[CaseRow]) -> list[CaseRow]:
    """Rows as they are counted or happened, the oldest first; what has no number or date comes last."""

    def key(row: CaseRow) -> tuple[object, ...]:
        record = row.record()
        name = "line_no_ref" if row.form.name == "prior_line_drug" else next(iter(COLUMNS[row.form.name]))
        value = record.known(name)
        span = span_of(value)
        number = span.imputed.toordinal() if span else value
        return (not isinstance(number, int), number if isinstance(number, int) else 0, row.seq)

    return sorted(rows, key=key)


def with_new_rows(
    form: Form, rows: Sequence[PostedRow], whole: WholeCase, today: date, count: int
) -> list[PostedRow]:
    """The rows of a page and up to `count` new ones; fewer where the next cycle would lie in the future."""
    found = list(rows)
    for _number in range(count):
        answers = _next(form, found, whole, today)
        if answers is None:
            break
        found.append(PostedRow(new_key(found), Posted(answers)))
    return found


def _next(form: Form, rows: Sequence[PostedRow], whole: WholeCase, today: date) -> Answers | None:
    fill = _FILL.get(form.name)
    if fill is None:
        return {}
    last = [record for record in _records(form, rows, whole) if record]
    return fill(whole.facts, last[-1] if last else Record(form), today)


def _records(form: Form, rows: Sequence[PostedRow], whole: WholeCase) -> list[Record]:
    kept = [(place, sent) for place, sent in places(form, rows, whole) if not sent.is_removed]
    return [as_typed(place, sent.posted).kept for place, sent in kept]


def _next_cycle(facts: Facts, before: Record, today: date) -> Answers | None:
    """The next cycle at the same doses, without a change; None when it has not begun yet."""
    treatment = facts.one("isapd_treatment")
    if not before:
        return _first_cycle(treatment)
    started, number = day(before, "cycle_start"), before.known("cycle_no")
    following = started + timedelta(days=CYCLE_DAYS) if started else None
    if following and following > min(day(treatment, "isapd_end_date") or today, today):
        return None
    answers = {name: before[name] for name in _SAME}
    answers |= {"cycle_no": number + 1 if isinstance(number, int) else None, "cycle_start": following}
    if number == 1:
        answers |= _after_the_first(before)
    if before["cycle_modification"] is not None:
        answers["cycle_modification"] = ("NONE",)
    return {name: typed(value) for name, value in answers.items() if value is not None}


def _first_cycle(treatment: Record) -> Answers:
    """Cycle 1 begins with IsaPd, at its starting doses."""
    return {
        "cycle_no": Typed(text="1"),
        "cycle_start": typed(treatment.known("isapd_start_date")),
        "isa_infusions_n": Typed(text=str(FIRST_INFUSIONS)),
        "pom_daily_mg": Typed(options=tuple(filter(None, [code(treatment, "pom_start_dose")]))),
        "dex_weekly_mg": Typed(text=code(treatment, "dex_start_dose") or ""),
    }


def _after_the_first(first: Record) -> dict[str, Value]:
    """Half the infusions of a full first cycle, and half its dose."""
    total = first.known("isa_total_mg")
    if first.known("isa_infusions_n") != FIRST_INFUSIONS:
        return {}
    half: Value = None
    if isinstance(total, Measurement):
        entered = Fraction(total.entered) / 2
        half = Measurement(f"{float(entered):g}", total.unit, total.canonical / 2)
    return {"isa_infusions_n": LATER_INFUSIONS, "isa_total_mg": half}


def _same_line(facts: Facts, before: Record, today: date) -> Answers:
    """The next drug of the same line, over the same time."""
    same = ("line_no_ref", "drug_start", "drug_last_dose")
    return {name: typed(before[name]) for name in same if before[name] is not None}


def _next_line(facts: Facts, before: Record, today: date) -> Answers:
    number = before.known("line_no")
    if isinstance(number, int):
        return {"line_no": Typed(text=str(number + 1))}
    return {"line_no": Typed(text=suggestions("prior_line", facts, before)["line_no"])}


_FILL: Mapping[str, Callable[[Facts, Record, date], Answers | None]] = {
    "isapd_cycle": _next_cycle,
    "prior_line": _next_line,
    "prior_line_drug": _same_line,
}
