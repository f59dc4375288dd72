"""Quantiles. R: quantile(c(2, 4, 7, 11, 16), type = 6) and (type = 7)."""

from __future__ import annotations

import pytest

from analytics.statistics.quantiles import quantiles


def test_types_6_and_7_as_r():
    six, seven = quantiles([11, 2, 16, 4, 7], 6), quantiles([11, 2, 16, 4, 7])
    assert (six.minimum, six.q1, six.median, six.q3, six.maximum) == (2, 3, 7, 13.5, 16)
    assert (seven.minimum, seven.q1, seven.median, seven.q3, seven.maximum) == (2, 4, 7, 11, 16)
    assert six.method != seven.method


def test_edges():
    assert (quantiles([]).n, quantiles([]).median) == (0, None)
    assert quantiles([3], 6).q1 == 3
    with pytest.raises(ValueError, match="values contains missing"):
        quantiles([1, float("nan")])
