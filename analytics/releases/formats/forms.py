"""One CSV per form of the dictionary, each variable by its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from analytics.extraction.cut import derived
from analytics.releases.content import Content, Member, first_day
from analytics.releases.csv_text import csv_bytes
from analytics.releases.rules import CENTER_FORMS, Rule, rule
from registry.dictionary.catalog import CASE_FORMS, FORMS
from registry.dictionary.facts import Record
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Form, Kind, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

LABEL = _("Forms as CSV")

# The store keeps as many decimals.
EXACT = Decimal("0.000001")


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `data/forms/<form>.csv` for the centers' and the cases' forms."""
    for name in CENTER_FORMS:
        yield _path(name), _center_form(FORMS[name], content)
    for name, form in CASE_FORMS.items():
        yield _path(name), _case_form(form, content.members)


def columns(form: Form) -> list[tuple[str, Variable]]:
    """Columns of a form's file after its keys: column name and the variable it belongs to."""
    found: list[tuple[str, Variable]] = []
    for variable in form:
        published = rule(form, variable)
        if published in (Rule.WITHHELD, Rule.PATIENT_CODE, Rule.CENTER_CODE):
            continue
        if published is Rule.AGE:
            found.append(("age_at_start", variable))
            continue
        suffixes = [""]
        if variable.kind is Kind.DECIMAL and variable.alternatives:
            suffixes += ["_entered", "_unit"]
        if variable.missing:
            suffixes.append("_missing")
        found += [(variable.name + suffix, variable) for suffix in suffixes]
    return found


def keys(form: Form) -> list[str]:
    """Columns that say whose row it is."""
    owner = "center_code" if form.name in CENTER_FORMS else "patient_code"
    return [owner, "seq"] if form.repeating else [owner]


def _path(form: str) -> str:
    return f"data/forms/{form}.csv"


def _case_form(form: Form, members: Sequence[Member]) -> bytes:
    rows: list[list[str]] = []
    for member in members:
        kept = (record for record in member.case.facts.rows(form.name) if _is_observed(record, member.end))
        for seq, record in enumerate(kept, start=1):
            key = [member.pseudonym.code, str(seq)] if form.repeating else [member.pseudonym.code]
            rows.append([*key, *(_cell(name, variable, record, member) for name, variable in columns(form))])
    return csv_bytes([*keys(form), *(name for name, _variable in columns(form))], rows)


def _center_form(form: Form, content: Content) -> bytes:
    one_of = {member.pseudonym.center: member for member in content.members}
    rows: list[list[str]] = []
    for center, member in sorted(one_of.items()):
        facts = member.case.facts
        records = facts.labrefs if form.repeating else (facts.center,)
        for seq, record in enumerate(records, start=1):
            key = [center, str(seq)] if form.repeating else [center]
            rows.append([*key, *(_cell(name, variable, record, member) for name, variable in columns(form))])
    return csv_bytes([*keys(form), *(name for name, _variable in columns(form))], rows)


def _is_observed(record: Record, end: date) -> bool:
    """Whether any of the row happened within the observation; a row without dates is no event."""
    days = [day for name in record if name != "birth_date" and (day := first_day(record.known(name)))]
    return not days or min(days) <= end


def _cell(column: str, variable: Variable, record: Record, member: Member) -> str:
    if column == "age_at_start":
        age = derived(member.case, "age_at_start")
        return "" if age is None else str(age)
    value = record[variable.name]
    if column == f"{variable.name}_missing":
        return value.value if isinstance(value, Missing) else ""
    if isinstance(value, Missing) or value is None:
        return ""
    if isinstance(value, Measurement) and column != variable.name:
        return value.entered if column.endswith("_entered") else value.unit
    return _written(value, member)


def _written(value: Value, member: Member) -> str:
    match value:
        case Measurement():
            return _decimal(value.canonical)
        case PartialDate() | date():
            if (first_day(value) or date.max) > member.end:
                return ""
            moved = member.pseudonym
            return moved.partial(value) if isinstance(value, PartialDate) else moved.date(value).isoformat()
        case tuple():
            return "|".join(value)
        case _:
            return str(value)


def _decimal(exact: Fraction) -> str:
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(EXACT, ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}"
