"""Everything the edit checks say of a case: the one engine of pages, admin, API, import and nightly run."""

from collections.abc import Iterator
from dataclasses import replace

from registry.derivations.refractoriness import undecided_rows
from registry.dictionary.facts import Facts
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.edit_checks import row
from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.check import Context
from registry.edit_checks.finding import Finding, Severity


def findings(context: Context) -> list[Finding]:
    """Findings of all rows, at most one of a check at each field of a row, the most severe first said."""
    facts = context.facts
    found: dict[tuple[str, int, str], Finding] = {}
    for finding in (*_of_rows(context), *_of_checks(context)):
        place = (finding.form, finding.index, finding.key)
        if place not in found:
            found[place] = replace(finding, entered=_entered(facts, finding))
    for finding in list(found.values()):
        if finding.check in _REPLACING_LIMIT:
            # One mistake, one sentence: nobody shall confirm it twice.
            limit = found.get((finding.form, finding.index, f"limit.{finding.variable}"))
            if limit and finding.severity in (Severity.ERROR, limit.severity):
                del found[limit.form, limit.index, limit.key]
    return list(found.values())


_REPLACING_LIMIT = frozenset(check.id for check in CHECKS if check.replaces_limit)


def _of_rows(context: Context) -> Iterator[Finding]:
    undecided = undecided_rows(context.facts)
    for form in context.facts.forms:
        for index in range(len(context.facts.rows(form))):
            yield from row.findings(context.facts, form, index, context.today, undecided)


def _of_checks(context: Context) -> Iterator[Finding]:
    for check in CHECKS:
        if check.id in context.rules.off:
            continue
        for hit in check.find(context):
            severity, message = hit.severity or check.severities[0], hit.message or check.message
            yield Finding(check.id, severity, hit.variable, message, dict(hit.params), hit.form, hit.index)


def _entered(facts: Facts, finding: Finding) -> str:
    rows = facts.rows(finding.form)
    return _text(rows[finding.index][finding.variable]) if finding.index < len(rows) else ""


def _text(value: Value) -> str:
    match value:
        case Measurement():
            return f"{value.entered} {value.unit}"
        case PartialDate():
            return value.text
        case tuple():
            return ",".join(value)
        case _:
            return "" if value is None else str(value)
