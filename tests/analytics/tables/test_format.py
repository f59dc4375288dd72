from __future__ import annotations

import pytest

from analytics.tables import format as fmt
from analytics.tables.table import Cell, Column, Row, Table


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (6.25, 1, "6.3"),
        (0.05, 1, "0.1"),
        (-0.04, 1, "0.0"),
        (-1.25, 1, "−1.3"),
        (67.0, 0, "67"),
        (None, 1, "—"),
    ],
)
def test_numbers_are_rounded_half_up(value, decimals, text):
    assert fmt.number(value, decimals) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0004, "<0.001"), (0.001, "0.001"), (0.0577, "0.058"), (0.1, "0.10"), (0.906, "0.91"), (None, "—")],
)
def test_p_values_are_never_zero(p, text):
    assert fmt.p_value(p) == text


def test_shares_counts_and_intervals():
    assert fmt.percent(1.0) == "100"
    assert fmt.percent(0.0) == "0"
    assert fmt.count(29, 51) == "29 (56.9)"
    assert fmt.count(0, 0) == "0 (—)"
    assert fmt.interval(3.91, 7.73) == "3.9–7.7"
    assert fmt.interval(5.2, None) == "5.2–NR"
    assert fmt.interval(None, None) == "—"
    assert fmt.interval(-1.0, 2.0) == "−1.0 to 2.0"


def test_hazard_ratios_keep_three_digits():
    assert fmt.ratio_interval(3.549, 1.507, 8.358) == "3.55 (1.51–8.36)"
    assert fmt.ratio_interval(10.66, 2.999, 137.89) == "10.7 (3.00–138)"
    assert fmt.ratio_interval(None, None, None) == "—"
    assert fmt.ratio(None) == "—"


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Table("t", "T", (Column("a", "A"),), (Row((Cell("1"), Cell("2"))),), (), 1, None, "m", 1)
