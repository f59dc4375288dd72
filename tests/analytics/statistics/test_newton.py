"""Newton–Raphson climbs to the top, and says when it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.newton import Evaluation, newton_raphson


def of(function, slope, curvature):
    def evaluate(point):
        x = float(point[0])
        return Evaluation(function(x), np.array([slope(x)]), np.array([[-curvature(x)]]))

    return evaluate


LOG_COSH = of(
    lambda x: -np.log(np.cosh(x - 3)), lambda x: -np.tanh(x - 3), lambda x: -1 / np.cosh(x - 3) ** 2
)


def test_a_step_that_overshoots_is_halved():
    # From 0 a full step would go to 100 and a step of 8 beyond the top: the function falls.
    found = newton_raphson(LOG_COSH, np.array([0.0]))
    assert found.converged
    assert found.point[0] == pytest.approx(3, abs=1e-10)


def test_it_gives_up_beyond_a_limit():
    rising = of(lambda x: -np.exp(-x), lambda x: np.exp(-x), lambda x: -np.exp(-x))
    found = newton_raphson(rising, np.array([0.0]), stop_beyond=5)
    assert (found.converged, found.point[0] > 5) == (False, True)


def test_it_gives_up_when_iterations_run_out():
    rising = of(lambda x: -np.exp(-x), lambda x: np.exp(-x), lambda x: -np.exp(-x))
    assert newton_raphson(rising, np.array([0.0]), max_iterations=3).iterations == 3


@pytest.mark.parametrize("curvature", [0.0, 1.0, np.nan])
def test_it_gives_up_where_the_function_does_not_bend_down(curvature):
    found = newton_raphson(of(lambda x: x, lambda x: 1.0, lambda x: curvature), np.array([0.0]))
    assert (found.converged, found.iterations) == (False, 0)
