"""Two results agree when a statistician would say so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.validation.comparison import compare


def agree(expected, got, rtol=1e-8, precision=None):
    return all(value.agrees for value in compare({"key": expected}, {"key": got}, rtol, precision or {}))


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1.0 + 1e-9),
        (1e-15, 3e-15),  # p-values without digits
        (None, None),
        ("Inf", math.inf),
        ("-Inf", -math.inf),
        (5, [5]),  # R writes a list of one as its element
        ([[0.25]], 0.25),
        ([1, None, 3], np.array([1.0, None, 3.0])),
        ({"a": 1, "_row": "threshold"}, {"a": 1}),  # the name of a row in R
        ("Lev+5FU", "Lev+5FU"),
        ({"a": 1}, {"a": 1, "b": 2}),  # nobody asked for b
        (2, True + 1),
    ],
)
def test_agree(expected, got):
    assert agree(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1.0 + 2e-8),
        (1.0, None),
        (None, 1.0),
        (1.0, math.nan),
        (1.0, math.inf),
        ("Inf", -math.inf),
        ([1, 2], [1, 2, 3]),
        ([1, 2], [2, 1]),
        ({"a": 1, "b": None}, {"a": 1}),  # nothing said is not the same as "not reached"
        ("Lev", "Obs"),
        ({"a": 1}, [1]),
    ],
)
def test_disagree(expected, got):
    assert not agree(expected, got)


def test_a_key_may_be_less_exact_at_any_depth():
    expected, got = {"auc": 1.0, "p": 0.5}, {"auc": 1.0, "p": 0.501}
    assert not agree(expected, got)
    assert agree(expected, got, precision={"p": 1e-2})


def test_where_iterations_ran_to_infinity_the_direction_counts():
    anything = {"key": math.inf}
    assert agree([-21.8, 0.4], [-math.inf, None], precision=anything)
    assert not agree([-21.8, 0.4], [math.inf, None], precision=anything)
    assert not agree([-21.8, 0.4], [math.nan, None], precision=anything)
    assert agree("must be said to be infinite", "tends to 0", precision=anything)
    assert agree([-21.8, 0.4], [-math.inf, 0.4 + 1e-8], precision=anything)
    assert not agree([-21.8, 0.4], [-math.inf, 0.41], precision=anything)


def test_an_error_is_relative_but_not_of_almost_nothing():
    value, tiny = compare({"a": 4.0, "b": 0.0}, {"a": 4.4, "b": 1e-13}, 0.2, {})
    assert value.path == "a"
    assert value.error == pytest.approx(0.1)
    assert tiny.error == pytest.approx(0.02)
    assert value.agrees
    assert tiny.agrees


def test_a_value_is_named_by_its_place():
    (value,) = compare({"ALL": {"surv": [0.5]}}, {"ALL": {"surv": [0.4]}}, 1e-8, {})
    assert value.path == "ALL.surv[0]"
