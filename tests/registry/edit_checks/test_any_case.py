"""What must hold of the engine for any case whatever."""

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.rules import Rules
from tests.registry.derivations.random_case import random_case, shuffled, written
from tests.registry.edit_checks.found import findings

seeds = st.integers(0, 2**32)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
EXTREMES = (date.min, date.max)
some_cases = settings(max_examples=60, deadline=None)


@some_cases
@given(seeds, days, st.booleans())
def test_every_finding_stands_somewhere_and_can_be_said(seed: int, today: date, twin: bool) -> None:
    case = written(random_case(seed))
    for found in findings(case, today, has_twin=twin):
        form = CASE_FORMS[found.form]
        assert found.variable in ("", *form.names)
        assert found.index == 0 or found.index < len(case[found.form])
        assert "%(" not in found.message % dict.fromkeys(found.params, "")


@some_cases
@given(seeds, seeds)
def test_the_order_of_rows_does_not_matter(seed: int, order: int) -> None:
    case = written(random_case(seed))
    if "isapd_cycle" in case:
        # Of two cycles with one number, the first row is the one that keeps it.
        case["isapd_cycle"] = list({row.get("cycle_no"): row for row in case["isapd_cycle"]}.values())
    assert _told(case) == _told(shuffled(case, order))


@some_cases
@given(seeds, st.sampled_from([check.id for check in CHECKS]))
def test_a_check_that_is_off_says_nothing_and_changes_no_other(seed: int, check: str) -> None:
    case = written(random_case(seed))
    without = _told(case, rules=Rules(off=(check,)))
    others = Counter({each: count for each, count in _told(case).items() if each[0] != check})
    # What it had replaced, the plain limit says again.
    assert {each[0] for each in without - others} <= {"limit"}
    assert not others - without


@some_cases
@given(seeds, st.integers(1, 3), st.sampled_from(EXTREMES))
def test_dates_at_the_ends_of_the_calendar(seed: int, every: int, extreme: date) -> None:
    case = written(random_case(seed))
    findings(_with_dates(case, extreme.isoformat(), every), extreme)


def test_an_empty_case() -> None:
    assert findings({}) == []


def _told(case: dict[str, Any], **options: Any) -> Counter[tuple[str, ...]]:
    """Findings without their place among the rows."""
    return Counter(
        (
            found.check,
            found.severity,
            found.form,
            found.variable,
            found.message,
            found.entered,
            *(f"{name}={value}" for name, value in sorted(found.params.items())),
        )
        for found in findings(case, **options)
    )


def _with_dates(case: dict[str, Any], day: str, every: int) -> dict[str, Any]:
    """The case with every nth of its dates on one day."""
    count = 0
    changed = {}
    for name, rows in case.items():
        if not isinstance(rows, list):
            changed[name] = rows
            continue
        changed[name] = [dict(row) for row in rows]
        for row in changed[name]:
            for key, value in row.items():
                if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
                    count += 1
                    row[key] = day if count % every == 0 else value
    return changed
