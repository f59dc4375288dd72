"""The one reader of what is typed."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.dictionary.catalog import FORMS
from registry.dictionary.entry import EntryError, read, write
from registry.dictionary.values import Measurement, PartialDate
from registry.dictionary.variable import Variable
from registry.terminology.missing import Missing
from tests.registry.derivations.random_case import random_case, written

ALL = {variable.name: variable for form in FORMS.values() for variable in form}


def entered(name: str, raw: Any) -> Any:
    return read(ALL[name], raw)


@pytest.mark.parametrize(
    "raw", [None, "", [], (), {"value": None}, {"value": ""}, {"value": []}, {}, {"missing": ""}]
)
@pytest.mark.parametrize(
    "name", ["hb", "birth_date", "sex", "dialysis", "ae_related", "line_no", "center_name"]
)
def test_blank_is_blank(name: str, raw: Any) -> None:
    assert entered(name, raw) is None


@pytest.mark.parametrize(
    ("raw", "number", "canonical"),
    [
        ("11.1", "11.1", "11.1"),
        ("11,1", "11.1", "11.1"),
        (" 11.10 ", "11.10", "11.1"),
        (11.1, "11.1", "11.1"),
        (11, "11", "11"),
        ("+11", "11", "11"),
        (".5", "0.5", "0.5"),
        (",5", "0.5", "0.5"),
        ("-0.5", "-0.5", "-0.5"),
        ("1 250,5", "1250.5", "1250.5"),
        ("1\u00a0250,5", "1250.5", "1250.5"),
        (1e-5, "0.00001", "0.00001"),
        ("1.5e-7", "0.00000015", "0.00000015"),
        ("1.23456789e-3", "0.00123456789", "0.00123456789"),
        ("2E2", "200", "200"),
        ({"value": 11.1}, "11.1", "11.1"),
        ({"value": "11,1", "unit": "g/dL"}, "11.1", "11.1"),
        ({"value": "111", "unit": "g/L"}, "111", "11.1"),
        ({"value": 0, "unit": "g/L"}, "0", "0"),
    ],
)
def test_decimal(raw: Any, number: str, canonical: str) -> None:
    found = entered("hb", raw)
    assert isinstance(found, Measurement)
    assert found.entered == number
    assert found.canonical == Fraction(canonical)
    assert found.unit == (raw.get("unit", "g/dL") if isinstance(raw, dict) else "g/dL")


@pytest.mark.parametrize(
    "raw",
    [
        "nan",
        float("nan"),
        "Infinity",
        float("inf"),
        "-inf",
        "1e99",
        "1e-99",
        "1e999",
        "1.234,5",
        "1,234.5",
        "5.",
        "5/2",
        "0x10",
        "1_000",
        "٣",
        "twelve",
        "9" * 25,
        "--1",
        True,
        [11],
        {"value": [11]},
        {"value": {"value": 11}},
    ],
)
def test_no_decimal(raw: Any) -> None:
    with pytest.raises(EntryError):
        entered("hb", raw)


def test_unknown_units_are_refused_by_name() -> None:
    with pytest.raises(EntryError, match=r"Unknown unit mg/L; allowed: g/dL, g/L, mmol/L\.") as refused:
        entered("hb", {"value": "11", "unit": "mg/L"})
    assert refused.value.params == {"unit": "mg/L", "allowed": "g/dL, g/L, mmol/L"}
    assert refused.value.message == "Unknown unit %(unit)s; allowed: %(allowed)s."
    with pytest.raises(EntryError):
        entered("isa_start_dose_mgkg", {"value": "10", "unit": "g/kg"})


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2022-03-10", "2022-03-10"),
        ("2022-3-1", "2022-03-01"),
        ("10/03/2022", "2022-03-10"),
        ("1/3/2022", "2022-03-01"),
        ("10.03.2022", "2022-03-10"),
        (" 10/03/2022 ", "2022-03-10"),
        ({"value": "10/03/2022"}, "2022-03-10"),
        ("29/02/2024", "2024-02-29"),
        ("10032022", "2022-03-10"),
        (10032022, "2022-03-10"),
        ("20220310", "2022-03-10"),
        ("20101912", "1912-10-20"),
        ("20121019", "2012-10-19"),
        ("10/3/22", "2022-03-10"),
        ("1.3.22", "2022-03-01"),
        ("31/12/98", "1998-12-31"),
    ],
)
def test_full_date(raw: Any, iso: str) -> None:
    assert entered("isapd_start_date", raw) == date.fromisoformat(iso)
    assert entered("dx_date", raw) == PartialDate(iso)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2022-03", "2022-03"),
        ("03/2022", "2022-03"),
        ("3/2022", "2022-03"),
        ("2022", "2022"),
        (2022, "2022"),
        ("032022", "2022-03"),
        ("202203", "2022-03"),
        ("012012", "2012-01"),
    ],
)
def test_partial_date(raw: Any, iso: str) -> None:
    assert entered("dx_date", raw) == PartialDate(iso)
    with pytest.raises(EntryError, match="full date"):
        entered("isapd_start_date", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "31/02/2022",
        "2022-13-01",
        "2022-00",
        "0000",
        "29/02/2023",
        "10-03-2022",
        "31022022",
        "1032022",
        "32022",
        "10031822",
        "201230",
        "100322",
        "yesterday",
        "٢٠٢٢-٠١-٠١",
        0,
    ],
)
@pytest.mark.parametrize("name", ["isapd_start_date", "dx_date"])
def test_no_date(name: str, raw: Any) -> None:
    with pytest.raises(EntryError):
        entered(name, raw)


@pytest.mark.parametrize(
    ("raw", "iso"), [("1/6/54", "1954-06-01"), ("1/6/22", "1922-06-01"), ("1/6/04", "2004-06-01")]
)
def test_a_short_year_of_birth(raw: str, iso: str) -> None:
    assert entered("birth_date", raw) == PartialDate(iso)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_in_digits_alone_is_read_one_way(day: date) -> None:
    assert entered("isapd_start_date", f"{day:%d%m%Y}") == entered("isapd_start_date", f"{day:%Y%m%d}") == day


def test_the_year_of_death_alone_is_refused() -> None:
    assert entered("death_date", "04/2023") == PartialDate("2023-04")
    with pytest.raises(EntryError, match="month is needed"):
        entered("death_date", "2023")


@pytest.mark.parametrize("reason", ["NK", "ND"])
def test_allowed_missing_reasons(reason: str) -> None:
    assert entered("hb", {"missing": reason}) is Missing(reason)


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("hb", {"missing": "NA"}, "NA is not a missing reason here; allowed: NK, ND."),
        ("sex", {"missing": "NK"}, "NK is not a missing reason here; allowed: –."),
        ("hb", {"missing": "??"}, "is not a missing reason here"),
        ("hb", {"missing": ["NK"]}, "is not a missing reason here"),
        ("hb", {"missing": "NK", "value": "11"}, "Enter a value or a missing reason, not both."),
        ("hb", {"value": 11, "units": "g/L"}, "Unknown part of an entry: units."),
        ("sex", "female", "“female” is not one of the choices."),
        ("sex", "f", "is not one of the choices"),
        ("sex", ["F"], "Enter one value."),
        ("ae_related", ["ISA", "XYZ"], "“XYZ” is not one of the choices."),
        ("ae_related", [["ISA"]], "is not one of the choices"),
        ("center_name", "x" * 501, "At most 500 characters."),
        ("center_name", "a\x00b", "cannot be stored"),
        ("center_name", "a\ud800b", "cannot be stored"),
        ("line_no", "1.5", "Enter a whole number."),
        ("line_no", "1234567890", "Enter a whole number."),
        ("line_no", "٣", "Enter a whole number."),
        ("line_no", "", None),
    ],
)
def test_refusals_say_why(name: str, raw: Any, message: str | None) -> None:
    if message is None:
        assert entered(name, raw) is None
        return
    with pytest.raises(EntryError) as refused:
        entered(name, raw)
    assert message in str(refused.value)
    assert refused.value.message % refused.value.params == str(refused.value)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("dialysis", True, "Y"),
        ("dialysis", False, "N"),
        ("dialysis", "Y", "Y"),
        ("ecog", 2, "2"),
        ("line_no", 3, 3),
        ("line_no", "3", 3),
        ("line_no", 3.0, 3),
        ("line_no", "-3", -3),
        ("center_name", "  Reggio Calabria ", "Reggio Calabria"),
        ("center_name", "   ", None),
        ("center_name", "x" * 500, "x" * 500),
        # In the dictionary's order, once each, whatever the order and the separator typed.
        ("ae_related", ["POM", "ISA", "POM"], ("ISA", "POM")),
        ("ae_related", "POM; ISA", ("ISA", "POM")),
        ("ae_related", "POM,ISA", ("ISA", "POM")),
        ("ae_related", {"value": ["DEX", ""]}, ("DEX",)),
        ("ae_related", [""], None),
    ],
)
def test_other_kinds(name: str, raw: Any, value: Any) -> None:
    assert entered(name, raw) == value


def test_what_is_written_reads_back() -> None:
    assert write(entered("hb", {"value": "111", "unit": "g/L"})) == {"value": "111", "unit": "g/L"}
    assert write(entered("isapd_start_date", "10/03/2022")) == "2022-03-10"
    assert write(entered("dx_date", "03/2022")) == "2022-03"
    assert write(Missing.NK) == {"missing": "NK"}
    assert write(("ISA", "POM")) == ["ISA", "POM"]
    assert write(None) is None
    assert write(Measurement("3", "", Fraction(3))) == "3"


@given(st.integers(0, 2**32))
def test_everything_reads_back(seed: int) -> None:
    case = written(random_case(seed), "other")
    for name, rows in case.items():
        for row in rows if isinstance(rows, list) else ():
            for key, raw in row.items():
                value = read(FORMS[name].variable(key), raw)
                assert read(FORMS[name].variable(key), write(value)) == value


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "unit", "missing", "x"]), inner)
    ),
    max_leaves=5,
)


@given(st.sampled_from(list(ALL.values())), ANYTHING)
def test_anything_typed_is_read_or_refused(variable: Variable, raw: Any) -> None:
    try:
        value = read(variable, raw)
    except EntryError:
        return
    assert read(variable, write(value)) == value
