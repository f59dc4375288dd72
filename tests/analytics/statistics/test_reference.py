"""The statistics agree with R on public data."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.statistics.contingency import pearson_chi_square
from analytics.statistics.fisher import fisher_exact
from analytics.statistics.follow_up import follow_up
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.log_rank import log_rank
from analytics.statistics.median_collett import median_collett
from analytics.statistics.proportions import clopper_pearson
from analytics.statistics.quantiles import quantiles
from analytics.statistics.survival_probability import survival_probability
from analytics.statistics.survival_quantile import survival_quantile
from tests.analytics.reference import approx, cases, labels, needs_reference, rows

pytestmark = needs_reference


@pytest.mark.parametrize("case", cases("km", conf_type="log-log"))
def test_kaplan_meier_quantiles_and_probabilities(case):
    args = case["args"]
    data = rows(case)
    label = labels(data[args["group"]]) if args["group"] else None
    for name, expected in case["result"].items():
        group = data if label is None else data[label == name]
        curve = kaplan_meier(group[args["time"]], group[args["event"]], args["conf_level"])
        assert (curve.n, curve.events) == (expected["n"], expected["events"])
        for probability, prefix in ((0.25, "q25"), (0.5, "median"), (0.75, "q75")):
            got = survival_quantile(curve, probability)
            assert [got.value, got.lower, got.upper] == [
                expected[prefix], expected[f"{prefix}_lower"], expected[f"{prefix}_upper"]
            ]  # fmt: skip
        for index, time in enumerate(expected["times"]):
            got = survival_probability(curve, time)
            assert got.at_risk == expected["n_risk"][index]
            assert got.survival == approx(expected["surv"][index], case)
            for limit, name in ((got.std_err, "std_err"), (got.lower, "lower"), (got.upper, "upper")):
                known = expected[name][index]
                assert limit == (None if known is None else approx(known, case))


@pytest.mark.parametrize("case", cases("km_edge", conf_type="log-log"))
def test_kaplan_meier_edges(case):
    expected = case["result"]
    curve = kaplan_meier(case["args"]["time"], case["args"]["event"])
    median = survival_quantile(curve)
    assert [median.value, median.lower, median.upper] == [
        approx(expected[name], case) if expected[name] is not None else None
        for name in ("median", "lower", "upper")
    ]
    # R lists merged float ties twice; ours are one row, so the rows are compared by their time.
    for index, time in enumerate(expected["times"]):
        row = int(np.flatnonzero(np.isclose(curve.times, time))[0])
        assert curve.survival[row] == approx(expected["surv"][index], case)
        for band, name in ((curve.lower, "ci_lower"), (curve.upper, "ci_upper")):
            limit = expected[name][index]
            assert band[row] == (None if limit is None else approx(limit, case))


@pytest.mark.parametrize("case", cases("km_curve"))
def test_kaplan_meier_curve(case):
    expected = case["result"]
    data = rows(case)
    curve = kaplan_meier(data["time"], data["event"])
    assert list(curve.times) == expected["time"]
    assert list(curve.at_risk) == expected["n_risk"]
    assert list(curve.events_at) == expected["n_event"]
    assert list(curve.censored_at) == expected["n_censor"]
    assert list(curve.survival) == approx(expected["surv"], case)
    assert list(curve.lower) == approx(expected["lower"], case)
    assert list(curve.upper) == approx(expected["upper"], case)


@pytest.mark.parametrize("case", cases("km_median_plateau"))
def test_median_on_a_plateau_at_one_half(case):
    median = survival_quantile(kaplan_meier(case["args"]["time"], case["args"]["event"]))
    expected = case["result"]
    assert (median.value, median.lower, median.upper) == (
        expected["median"], expected["lower"], expected["upper"]
    )  # fmt: skip


@pytest.mark.parametrize("case", cases("km_median_collett_spss"))
def test_median_of_collett(case):
    args, expected = case["args"], case["result"]
    data = rows(case).dropna(subset=[args["time"], args["event"]])
    median = median_collett(kaplan_meier(data[args["time"]], data[args["event"]]), args["eps"])
    assert median.value == expected["median"]
    assert median.std_err == approx(expected["se"], case)
    assert (median.lower, median.upper) == approx((expected["lower"], expected["upper"]), case)


@pytest.mark.parametrize("case", cases("reverse_km", conf_type="log-log"))
def test_follow_up(case):
    args, expected = case["args"], case["result"]
    data = rows(case)
    got = follow_up(data[args["time"]], data[args["event"]])
    assert [got.median, got.lower, got.upper, got.q1, got.q3] == [
        None if expected[name] is None else approx(expected[name], case)
        for name in ("median", "lower", "upper", "q25", "q75")
    ]


@pytest.mark.parametrize("case", cases("logrank", strata=None, rho=0))
def test_log_rank(case):
    args, expected = case["args"], case["result"]
    data = rows(case)
    got = log_rank(data[args["time"]], data[args["event"]], data[args["group"]])
    assert got.chi_square == approx(expected["chisq"], case)
    assert got.df == expected["df"]
    assert got.p == approx(expected["p"], case)
    assert sorted((group.n, group.events) for group in got.groups) == sorted(
        zip(expected["n"], expected["observed"], strict=True)
    )


@pytest.mark.parametrize("case", cases("logrank_edge"))
def test_log_rank_edges(case):
    args, expected = case["args"], case["result"]
    got = log_rank(args["time"], args["event"], args["group"])
    assert (got.chi_square, got.df, got.p) == approx((expected["chisq"], expected["df"], expected["p"]), case)


def plain_cox(case):
    return case.values[0]["args"]["start"] is None


@pytest.mark.parametrize("case", cases("contingency"))
def test_contingency(case):
    expected = case["result"]
    pearson = pearson_chi_square(case["args"]["table"])
    assert (pearson.statistic, pearson.df, pearson.p) == approx(
        (expected["chisq"], expected["df"], expected["p"]), case
    )
    assert fisher_exact(case["args"]["table"]).p == approx(expected["fisher_p"], case)


@pytest.mark.parametrize("case", cases("proportion_ci"))
def test_clopper_pearson(case):
    got = clopper_pearson(case["args"]["x"], case["args"]["n"])
    assert [got.lower, got.upper] == approx(case["result"]["clopper_pearson"], case)


@pytest.mark.parametrize("case", cases("two_group"))
def test_quantiles(case):
    values = rows(case)[case["args"]["value"]]
    for kind, name in ((7, "q7"), (6, "q6_spss")):
        got = quantiles(values, kind)
        assert [got.q1, got.median, got.q3] == approx(case["result"][name], case)
