"""D04: what is entered, in the canonical unit."""

from fractions import Fraction

import pytest

from registry.derivations.months import half_up
from registry.dictionary.bounds import above, range_of
from registry.dictionary.catalog import FORMS
from registry.dictionary.entry import read
from registry.dictionary.values import Measurement

ROWS = {
    "Hb 111 g/L | 11.1 g/dL": ("hb", "111", "g/L", "11.1", 1),
    "Hb 6.9 mmol/L | 11.12 g/dL": ("hb", "6.9", "mmol/L", "11.12", 2),
    "creatinine 110 µmol/L | 1.244 mg/dL": ("creatinine", "110", "umol/L", "1.244", 3),
    "calcium 2.3 mmol/L | 9.22 mg/dL": ("calcium_total", "2.3", "mmol/L", "9.22", 2),
    "LDH 4.2 µkat/L | 252 U/L": ("ldh", "4.2", "ukat/L", "252", 0),
    "FLC 85 mg/dL | 850 mg/L": ("flc_kappa", "85", "mg/dL", "850", 0),
}
REFUSED = {"**Hb 111 g/dL** | rejected, C11": ("hb", "111", "g/dL")}


def measured(name: str, number: str, unit: str) -> Measurement:
    found = read(FORMS["baseline"].variable(name), {"value": number, "unit": unit})
    assert isinstance(found, Measurement)
    return found


@pytest.mark.parametrize(("name", "number", "unit", "canonical", "decimals"), ROWS.values(), ids=ROWS)
def test_canonical_value(name: str, number: str, unit: str, canonical: str, decimals: int) -> None:
    found = measured(name, number, unit)
    assert half_up(found.canonical, decimals) == canonical
    assert (found.entered, found.unit) == (number, unit)


@pytest.mark.parametrize(("name", "number", "unit"), REFUSED.values(), ids=REFUSED)
def test_refused_by_the_hard_limit(name: str, number: str, unit: str) -> None:
    from datetime import date

    variable = FORMS["baseline"].variable(name)
    entered, limit = range_of(measured(name, number, unit)), variable.hard.upper
    assert limit is not None
    assert above(entered, limit.span(lambda name: None, date(2024, 1, 1)))


@pytest.mark.parametrize(
    ("name", "unit", "factor"),
    [
        ("hb", "g/L", Fraction(1, 10)),
        ("hb", "mmol/L", Fraction("1.6114")),
        ("creatinine", "umol/L", 1 / Fraction("88.4")),
        ("calcium_total", "mmol/L", Fraction("4.008")),
        ("albumin", "g/L", Fraction(1, 10)),
        ("serum_m_protein", "g/L", Fraction(1, 10)),
        ("b2m", "ug/mL", Fraction(1)),
        ("b2m", "nmol/L", Fraction("0.0118")),
        ("ldh", "ukat/L", Fraction(60)),
        ("flc_lambda", "mg/dL", Fraction(10)),
        ("urine_m_protein", "g/(24.h)", Fraction(1000)),
    ],
)
def test_factors_of_the_specification(name: str, unit: str, factor: Fraction) -> None:
    assert FORMS["baseline"].variable(name).factor(unit) == factor
