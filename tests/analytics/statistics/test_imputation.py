"""Multiple imputation: values that occur, draws that a seed repeats, estimates close to the truth."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_gbsg2

from analytics.statistics.cox import cox
from analytics.statistics.imputation import impute
from analytics.statistics.rubin import pool


@pytest.fixture(scope="module")
def incomplete():
    """GBSG2 in which patients who lived long more often lack their nodes, and some lack grade or therapy."""
    gbsg2 = load_gbsg2()
    random = np.random.default_rng(3)
    late = gbsg2["time"].to_numpy() > 1000
    nodes = np.log(gbsg2["pnodes"].to_numpy(dtype=float))
    variables = {
        "nodes": np.where(random.random(late.size) < np.where(late, 0.6, 0.1), np.nan, nodes),
        "grade": gbsg2["tgrade"].to_numpy(dtype=object),
        "therapy": (gbsg2["horTh"] == "yes").to_numpy(dtype=float),
        "size": gbsg2["tsize"].to_numpy(dtype=float),
    }
    variables["grade"][random.random(late.size) < 0.1] = None
    variables["therapy"][random.random(late.size) < 0.1] = np.nan
    return gbsg2, variables, nodes


@pytest.fixture(scope="module")
def imputed(incomplete):
    gbsg2, variables, _nodes = incomplete
    return impute(variables, gbsg2["time"], gbsg2["cens"], seed=1, m=5, iterations=4)


def test_only_gaps_are_filled_with_values_that_occur(incomplete, imputed):
    _gbsg2, variables, _nodes = incomplete
    assert (imputed.m, len(imputed.completed), imputed.seed, imputed.n) == (5, 5, 1, 686)
    assert imputed.missing["size"] == 0
    assert imputed.missing["nodes"] == np.isnan(variables["nodes"]).sum()
    for copy in imputed.completed:
        for name, given in variables.items():
            known = np.array([value is not None and value == value for value in given])
            assert np.array_equal(copy[name][known], given[known])
            assert set(copy[name]) <= set(given[known])


def test_copies_differ_and_a_seed_repeats_them(incomplete, imputed):
    gbsg2, variables, _nodes = incomplete
    first, second = imputed.completed[:2]
    assert not np.array_equal(first["nodes"], second["nodes"])
    again = impute(variables, gbsg2["time"], gbsg2["cens"], seed=1, m=1, iterations=4)
    other = impute(variables, gbsg2["time"], gbsg2["cens"], seed=2, m=1, iterations=4)
    assert all(np.array_equal(first[name], again.completed[0][name]) for name in variables)
    assert not np.array_equal(first["nodes"], other.completed[0]["nodes"])


def test_pooled_estimates_are_close_to_those_of_all_patients(incomplete, imputed):
    gbsg2, _variables, nodes = incomplete
    time, event = gbsg2["time"], gbsg2["cens"]
    truth = cox(time, event, nodes, ["nodes"]).terms[0]
    models = [cox(time, event, copy["nodes"], ["nodes"]).terms[0] for copy in imputed.completed]
    pooled = pool([one.log_hazard_ratio for one in models], [one.std_err**2 for one in models], 686)
    assert abs(pooled.estimate - truth.log_hazard_ratio) < pooled.std_err
    assert truth.std_err < pooled.std_err < 2 * truth.std_err


def test_the_outcome_tells_about_a_missing_marker():
    """Values that died early are those of the marker that kills; an imputation blind to it would not know."""
    durations = np.concatenate((np.linspace(1, 2, 30), np.linspace(9, 10, 30)))
    marker = np.where(durations < 5, 1.0, 0.0) + np.linspace(0, 0.1, 60)
    gaps = marker.copy()
    gaps[::4] = np.nan
    copy = impute({"marker": gaps}, durations, np.ones(60), seed=5, m=1).completed[0]
    assert np.corrcoef(copy["marker"][::4], marker[::4])[0, 1] > 0.8


def test_a_separated_category_stays_finite():
    copies = impute(
        {"stage": ["I", "I", "II", "II", None, "III"], "marker": [1.0, 2, 8, 9, 8.5, 20]},
        [5, 6, 3, 2, 3, 1], [0, 0, 1, 1, 1, 1], seed=4, m=3,
    ).completed  # fmt: skip
    assert all(copy["stage"][4] in {"I", "II", "III"} for copy in copies)


def test_edges():
    constant = impute({"x": [1.0, np.nan, 1.0]}, [1, 2, 3], [1, 0, 1], seed=1, m=2)
    assert constant.completed[0]["x"].tolist() == [1, 1, 1]
    assert impute({"x": [True, False]}, [1, 2], [1, 1], seed=1, m=1).completed[0]["x"].tolist() == [1, 0]
    assert impute({"x": []}, [], [], seed=1, m=1).missing == {"x": 0}
    with pytest.raises(ValueError, match="x has no known value"):
        impute({"x": [np.nan, np.nan]}, [1, 2], [1, 1], seed=1)
    with pytest.raises(ValueError, match="x must have 2 rows"):
        impute({"x": [1.0]}, [1, 2], [1, 1], seed=1)
    with pytest.raises(ValueError, match="m and iterations must be positive"):
        impute({"x": [1.0, 2]}, [1, 2], [1, 1], seed=1, m=0)
