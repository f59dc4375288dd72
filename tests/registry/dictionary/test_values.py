"""Measurements, partial dates, missing reasons."""

from datetime import date

import pytest

from registry.dictionary.values import PartialDate, Precision
from registry.terminology.missing import LABELS, Missing


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest", "imputed"),
    [
        ("2019", Precision.YEAR, date(2019, 1, 1), date(2019, 12, 31), date(2019, 7, 1)),
        ("2019-05", Precision.MONTH, date(2019, 5, 1), date(2019, 5, 31), date(2019, 5, 15)),
        ("2020-02", Precision.MONTH, date(2020, 2, 1), date(2020, 2, 29), date(2020, 2, 15)),
        ("2021-12", Precision.MONTH, date(2021, 12, 1), date(2021, 12, 31), date(2021, 12, 15)),
        ("2019-05-09", Precision.DAY, date(2019, 5, 9), date(2019, 5, 9), date(2019, 5, 9)),
    ],
)
def test_partial_date(text: str, precision: Precision, earliest: date, latest: date, imputed: date) -> None:
    found = PartialDate(text)
    assert (found.precision, found.earliest, found.latest, found.imputed) == (
        precision,
        earliest,
        latest,
        imputed,
    )
    assert found.is_exact is (precision is Precision.DAY)
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    ["", "19", "2019-13", "2019-02-29", "2019-5", "05/2019", "2019-05-09T00:00", "0000", "٢٠١٩", "2019\n"],
)
def test_no_partial_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message of the calendar is not ours
        PartialDate(text)


def test_every_missing_reason_has_a_label() -> None:
    assert set(LABELS) == set(Missing)
    assert Missing.ND.label == "Not done"
