"""Cox regression with a gamma frailty, against R's coxph(… + frailty(group))."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_lung, load_rossi
from scipy.special import chdtrc

from analytics.statistics import frailty as module
from analytics.statistics.cox import REASONS, Status, fit
from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.frailty import AS_R, gamma_frailty


def rossi(**given):
    rows = load_rossi()
    return cox_data(rows["week"], rows["arrest"], rows["fin"], ["fin"], **given), rows


# R: coxph(Surv(week, arrest) ~ fin + frailty(age, eps = 1e-13, sparse = FALSE), rossi, ties = ties,
#          control = coxph.control(outer.max = 60, eps = 1e-12))
@pytest.mark.parametrize(
    ("ties", "variance", "coef", "std_err", "log_likelihood", "frailties"),
    [
        (
            Ties.EFRON, 0.17180724743878, -0.35726288107058, 0.19169303354355, -669.79562543974,
            [1.2117636355897, 1.2443576272174, 2.0514851914457],
        ),
        (
            Ties.BRESLOW, 0.1701725767338, -0.35717831223134, 0.19167910050124, -670.14753464467,
            [1.2093586439642, 1.2419251597362, 2.0441829875720],
        ),
    ],
)  # fmt: skip
def test_rossi_by_age(ties, variance, coef, std_err, log_likelihood, frailties):
    data, rows = rossi(ties=ties)
    model = gamma_frailty(data, rows["age"])
    assert model.variance == pytest.approx(variance, rel=1e-4)
    assert model.log_likelihood == pytest.approx(log_likelihood, rel=1e-12)
    assert (model.terms[0].log_hazard_ratio, model.terms[0].std_err) == pytest.approx(
        (coef, std_err), rel=1e-6
    )
    assert [group.frailty for group in model.groups[:3]] == pytest.approx(frailties, rel=1e-4)
    assert [group.label for group in model.groups[:3]] == ["17", "18", "19"]
    assert (sum(group.n for group in model.groups), sum(group.events for group in model.groups)) == (432, 114)
    assert model.log_likelihood_plain == pytest.approx(fit(data).log_likelihood)
    gain = 2 * (model.log_likelihood - model.log_likelihood_plain)
    assert model.variance_test.chi_square == pytest.approx(gain)
    assert model.variance_test.p == pytest.approx(chdtrc(1, gain) / 2)
    assert ties.value.capitalize() in model.method


# R: f <- coxph(Surv(week, arrest) ~ fin + frailty(group), rossi); f$history[[1]]$theta
@pytest.mark.parametrize(
    ("group", "variance"),
    [
        (lambda rows: rows["age"], 0.17093644211353),
        (lambda rows: 2 * rows["wexp"] + rows["mar"], 0.35518743641682),  # ten trials, not yet at the top
        (lambda rows: np.arange(1, 433) % 20, 5e-9),
    ],
)
def test_ended_where_r_ends(group, variance):
    data, rows = rossi()
    assert gamma_frailty(data, group(rows), search=AS_R).variance == pytest.approx(variance, rel=1e-6)


def test_a_flat_likelihood_where_r_stops_short():
    rows = load_lung().dropna(subset=["inst", "age", "sex", "ph.ecog"])
    covariates = np.column_stack((rows["age"], 1 - rows["sex"], rows["ph.ecog"]))
    data = cox_data(rows["time"], rows["status"], covariates, ["age", "female", "ecog"])
    short, top = gamma_frailty(data, rows["inst"], search=AS_R), gamma_frailty(data, rows["inst"])
    assert top.log_likelihood > short.log_likelihood


def test_groups_that_do_not_differ_have_no_frailty():
    data, _ = rossi()
    model = gamma_frailty(data, np.arange(432) % 20)
    assert model.variance == 0
    assert (model.variance_test.chi_square, model.variance_test.p) == (0, 1)
    assert model.terms[0].std_err == pytest.approx(fit(data).terms[0].std_err, rel=1e-6)
    assert [group.frailty for group in model.groups] == pytest.approx([1] * 20, abs=1e-6)


def test_frailties_average_1_and_do_not_depend_on_order_or_names():
    data, rows = rossi(strata=load_rossi()["race"])
    model = gamma_frailty(data, rows["age"])
    assert np.mean([group.frailty for group in model.groups]) == pytest.approx(1, rel=1e-9)
    order = np.random.default_rng(1).permutation(432)
    shuffled = rows.iloc[order]
    other = cox_data(
        7 * shuffled["week"], shuffled["arrest"], shuffled["fin"], ["fin"], strata=shuffled["race"]
    )
    same = gamma_frailty(other, [f"age {100 - age}" for age in shuffled["age"]])
    assert same.variance == pytest.approx(model.variance, rel=1e-4)
    assert same.terms[0].log_hazard_ratio == pytest.approx(model.terms[0].log_hazard_ratio, rel=1e-6)
    backwards = [group.frailty for group in reversed(same.groups)]
    assert backwards == pytest.approx([group.frailty for group in model.groups], rel=1e-4)


def test_frequencies_are_rows_repeated():
    rows = load_rossi().iloc[:120]
    repeats = np.arange(120) % 3
    many = rows.loc[rows.index.repeat(repeats)]
    short = cox_data(rows["week"], rows["arrest"], rows["fin"], ["fin"], frequencies=repeats)
    long = cox_data(many["week"], many["arrest"], many["fin"], ["fin"])
    one = gamma_frailty(short, rows["age"][repeats > 0], search=AS_R)
    other = gamma_frailty(long, many["age"], search=AS_R)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-10)
    assert one.variance == pytest.approx(other.variance, rel=1e-6)
    assert [(group.n, group.events) for group in one.groups] == [(g.n, g.events) for g in other.groups]


def test_a_group_never_at_risk_keeps_a_frailty_of_1():
    data = cox_data([1, 4, 5, 6, 7, 8, 9], [0, 1, 1, 1, 0, 1, 1], [0, 1, 0, 1, 0, 1, 0], ["x"])
    model = gamma_frailty(data, list("abcbcbc"))
    assert (model.groups[0].label, model.groups[0].n) == ("a", 1)
    assert model.groups[0].frailty == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("events", "x", "status"),
    [
        ([0, 0, 0, 0], [0, 1, 0, 1], Status.NO_EVENTS),
        ([1, 1, 0, 0], [1, 1, 0, 0], Status.SEPARATION),
        ([1, 1, 1, 1], [2, 2, 2, 2], Status.CONSTANT),
    ],
)
def test_not_estimable_as_without_frailty(events, x, status):
    data = cox_data([1, 2, 3, 4], events, x, ["x"])
    model = gamma_frailty(data, [1, 1, 2, 2])
    assert (model.status, model.reason) == (status, fit(data).reason)
    assert model.terms[0].reason is not None
    assert model.to_json()["variance"] is None


def test_labels_are_checked():
    data, _ = rossi()
    with pytest.raises(ValueError, match="groups must have 432 rows"):
        gamma_frailty(data, [1, 2])


def test_iterations_that_do_not_converge(monkeypatch):
    climb = module.newton_raphson
    monkeypatch.setattr(
        module, "newton_raphson", lambda evaluate, start: climb(evaluate, start, max_iterations=1)
    )
    data, rows = rossi()
    model = gamma_frailty(data, rows["age"])
    assert (model.status, model.reason) == (Status.NOT_CONVERGED, REASONS[Status.NOT_CONVERGED])


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        ([(0, 0.0), (1, 0.5)], 0.5),
        ([(0, 0.0), (1, 1.5)], 2.0),
        ([(0, 0.0), (1, 2.0), (2, 3.0)], 4.0),  # still rising
        ([(0, 0.0), (1, 0.9), (0.5, 0.5)], (1 + 3 * (1 - 0.5**0.5)) ** 2),  # rising, the last trial within
        ([(0, 0.0), (1, -1.0), (0.5, -0.5)], 0.005),  # falling from 0
        ([(0, 0.0), (4, 3.0), (16, 0.0)], 4.0),  # the top of a parabola through √variance
    ],
)
def test_next_variance(tried, expected):
    trials = [module._Trial(variance, value, *[np.zeros(1)] * 3) for variance, value in tried]
    assert module._next_variance(trials) == pytest.approx(expected)


def test_next_variance_by_golden_section():
    def proposed(tried):
        return module._next_variance([module._Trial(x * x, y, *[np.zeros(1)] * 3) for x, y in tried])

    # The top lies further up from the last trial than half the step before: the longer side is cut instead.
    rising = [(0.0, 0.0), (1.0, 5.0), (3.0, 4.9), (0.5, 3.0), (0.6, 3.2)]
    assert proposed(rising) == pytest.approx((1 + 0.32 * 2) ** 2)
    falling = [(0.0, 4.0), (2.0, 5.0), (2.5, 3.0), (0.55, 4.1), (0.5, 4.1), (0.6, 4.2)]
    assert proposed(falling) == pytest.approx((2 - 0.38 * 1.4) ** 2)
