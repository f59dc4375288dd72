"""R: sprintf("%.17g", uniroot(f, c(low, high))$root); a better root has other digits after the fourth."""

from __future__ import annotations

import math

import pytest

from analytics.validation.uniroot import uniroot


@pytest.mark.parametrize(
    ("function", "low", "high", "root"),
    [
        (lambda x: x**3 - 2, 0.0, 3.0, 1.2599043367375089),
        (lambda x: math.exp(x) - 5, 0.0, 4.0, 1.6094369110952715),
        (lambda x: math.cos(x) - x, 0.0, 1.0, 0.73909105828536981),
        (lambda x: x**9, -1.0, 1.7, 2.9614453927570518e-05),
        (lambda x: math.sin(3 * x) + x - 0.7, -3.0, 4.0, 0.18164379946020809),
        (lambda x: x - 0.25, 0.0, 1.0, 0.25),
        (lambda x: (x - 1) ** 3 + 1e-3 * x, -2.0, 5.0, 0.90332658576085212),
    ],
)
def test_the_steps_of_r_are_taken(function, low, high, root):
    assert uniroot(function, low, high) == pytest.approx(root, rel=1e-14)
