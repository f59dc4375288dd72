"""A whole case: the fixture of section E, and what must hold for any case whatever."""

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.derivations.derived import Derived
from registry.derivations.months import half_up, in_months
from registry.derivations.parameters import (
    DEFAULT,
    Parameters,
    PfsRule,
    ResponseConfirmation,
    ResponseSource,
)
from registry.dictionary.catalog import FORMS
from tests.registry.derivations.build import derived
from tests.registry.derivations.fixture_e import (
    CASE,
    EXPECTED,
    EXPECTED_DRUGS,
    EXPECTED_MONTHS_OF_DAYS,
    EXPECTED_ROUNDED,
)
from tests.registry.derivations.random_case import random_case, shuffled, written

RULES = (
    DEFAULT,
    Parameters(pfs_rule=PfsRule.CENSOR_AT_NEW_THERAPY, response_confirmation=ResponseConfirmation.CONFIRMED),
    Parameters(response_source=ResponseSource.COMPUTED),
)
seeds = st.integers(0, 2**32)
some_cases = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def answers() -> dict[str, Derived]:
    return derived(CASE)


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_section_e(answers: dict[str, Derived], name: str, expected: Any) -> None:
    assert answers[name].to_json() == answers[name].to_json() | {"value": expected, "status": "OK"}


@pytest.mark.parametrize(("name", "expected"), EXPECTED_ROUNDED.items(), ids=EXPECTED_ROUNDED)
def test_section_e_rounded(answers: dict[str, Derived], name: str, expected: str) -> None:
    assert half_up(Fraction(answers[name].value)) == expected  # type: ignore[arg-type]


def test_section_e_drugs(answers: dict[str, Derived]) -> None:
    verdicts = answers["drug_refractory"].value
    assert isinstance(verdicts, dict)
    assert {drug: verdicts[drug] for drug in EXPECTED_DRUGS} == EXPECTED_DRUGS


def test_section_e_months_of_days(answers: dict[str, Derived]) -> None:
    for name, months in EXPECTED_MONTHS_OF_DAYS.items():
        assert half_up(in_months(answers[name].value, DEFAULT)) == months  # type: ignore[arg-type]


def test_every_answer_carries_the_version_of_its_rules(answers: dict[str, Derived]) -> None:
    assert {answer.rule_version for answer in answers.values()} == {DEFAULT.rule_version}


def test_inputs_are_variables_of_the_dictionary(answers: dict[str, Derived]) -> None:
    known = {variable.name for form in FORMS.values() for variable in form}
    for name, answer in answers.items():
        assert answer.inputs, name
        assert set(answer.inputs) <= known, name
        assert len(set(answer.inputs)) == len(answer.inputs), name


def test_an_empty_case_is_not_evaluable_and_says_why() -> None:
    found = derived({})
    assert found.keys() == derived(CASE).keys()
    decided = {name for name, answer in found.items() if answer.is_ok}
    # Nothing recorded: never given before, no second therapy, and the scores' completeness.
    assert decided == {
        "cd38_refractory",
        "cohort_dara_r",
        "dara_refractory",
        "imid_refractory",
        "len_refractory",
        "pd_after_nat",
        "penta_refractory",
        "pi_refractory",
        "r2iss_complete",
        "tcr",
    }
    assert all(answer.reason for answer in found.values())


@some_cases
@given(seeds, st.sampled_from(RULES), st.none() | st.dates(date(2021, 1, 1), date(2023, 12, 31)))
def test_any_case_has_an_answer_to_everything(seed: int, rules: Parameters, cutoff: date | None) -> None:
    found = derived(written(random_case(seed)), rules, cutoff)
    assert found.keys() == derived(CASE).keys()
    for name, answer in found.items():
        assert (answer.value is None) is (answer.status == "NE"), name
        assert answer.reason, name
        json.dumps(answer.to_json(), allow_nan=False)
        # A cycle can start early.
        if name.endswith(("_days", "_months")) and answer.is_ok and name != "cycle_delay_days":
            assert answer.value >= 0, name  # type: ignore[operator]


@some_cases
@given(seeds, st.sampled_from(RULES), st.none() | st.dates(date(2021, 1, 1), date(2023, 12, 31)))
def test_nobody_progresses_after_death(seed: int, rules: Parameters, cutoff: date | None) -> None:
    found = derived(written(random_case(seed)), rules, cutoff)
    for shorter in ("pfs_days", "ttnt_days"):
        if found[shorter].is_ok and found["os_days"].is_ok:
            assert found[shorter].value <= found["os_days"].value  # type: ignore[operator]


@some_cases
@given(seeds, seeds)
def test_the_order_of_rows_changes_nothing(seed: int, order: int) -> None:
    case = written(random_case(seed))
    once = {name: rows[:1] if not repeats(name) else rows for name, rows in case.items()}
    assert derived(shuffled(once, order)) == derived(once)


def repeats(form: str) -> bool:
    return form in FORMS and bool(FORMS[form].repeating)


@some_cases
@given(seeds)
def test_the_units_change_nothing(seed: int) -> None:
    case = random_case(seed)
    assert derived(written(case, "other")) == derived(written(case, "canonical"))


def test_the_random_cases_do_use_other_units() -> None:
    texts = [json.dumps(written(random_case(seed), "other")) for seed in range(20)]
    assert any('"unit": "g/L"' in text for text in texts)
    assert any('"unit": "umol/L"' in text for text in texts)


@some_cases
@given(seeds)
def test_a_cutoff_after_everything_cuts_nothing(seed: int) -> None:
    case = written(random_case(seed))
    assert derived(case, cutoff=date(2100, 1, 1)) == derived(case)


@some_cases
@given(seeds, st.dates(date(2021, 1, 1), date(2023, 12, 31)))
def test_nothing_lasts_beyond_the_cutoff(seed: int, cutoff: date) -> None:
    found = derived(written(random_case(seed)), cutoff=cutoff)
    start = found["index_start_date"].value
    for name in ("os_days", "pfs_days", "ttnt_days"):
        if found[name].is_ok:
            assert isinstance(start, date)
            assert start + timedelta(days=found[name].value) <= cutoff  # type: ignore[arg-type]


def test_derivations_need_no_framework() -> None:
    import subprocess
    import sys

    program = (
        "import sys, registry.derivations.case; "
        "sys.exit(any(name.split('.')[0] in ('django', 'celery', 'redis') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
