"""Cox regression: values computed with R's survival 3.5-3, what must not matter, and what has no estimate.

The R values are of ``lung`` without rows missing age, sex or ph.ecog, with
``entry = floor(time * (age %% 4) / 8)``, ``w = age %% 3 + 0.5`` and ``f = age %% 3``, and of ``rossi``;
``coxph(..., control = coxph.control(eps = 1e-14))``.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung, load_rossi

from analytics.statistics import partial_likelihood
from analytics.statistics.cox import DROPPED, REASONS, Status, cox, fit
from analytics.statistics.cox_data import Ties, cox_data

LUNG = load_lung()[["time", "status", "age", "sex", "ph.ecog"]].dropna()
ENTRY = np.floor(LUNG["time"] * (LUNG["age"] % 4) / 8)
WEIGHTS = LUNG["age"] % 3 + 0.5
FREQUENCIES = LUNG["age"] % 3
ROSSI = load_rossi()
ROSSI_COVARIATES = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]

ALL = ["age", "sex", "ph.ecog"]
# options, covariates, coefficients, naive standard errors, log-likelihoods, LR, score
R_LUNG = {
    "plain": ({}, ALL,  # coxph(Surv(time, status) ~ age + sex + ph.ecog)
        [0.01106676459612, -0.5526123955318, 0.4637284751157],
        [0.009267411014366, 0.1677390537834, 0.1135772661614],
        [-744.4804557614, -729.2301213749], 30.50066877316, 30.49992270495),
    "strata": ({"strata": LUNG["sex"]}, ["age", "ph.ecog"],  # + strata(sex)
        [0.01056625460103, 0.4624244343586], [0.009241373893094, 0.1147610978548],
        [-638.5097649842, -628.7709395012], 19.47765096606, 19.95749974369),
    "late entry": ({"entry": ENTRY}, ALL,  # Surv(entry, time, status)
        [0.01193910596984, -0.5311564086911, 0.4087691178064],
        [0.009139526413939, 0.1680526589316, 0.114126289852],
        [-719.8475899359, -706.7838933755], 26.12739312089, 25.96276669245),
    "late entry and strata": ({"entry": ENTRY, "strata": LUNG["sex"]}, ["age", "ph.ecog"],
        [0.01117304997793, 0.4068109140776], [0.009098121916238, 0.1151860378795],
        [-614.3562867487, -606.4951418903], 15.7222897167, 16.03338636525),
    "weights": ({"weights": WEIGHTS}, ALL,  # weights = w
        [0.004051180295556, -0.496917357529, 0.3961036294532],
        [0.00698894577144, 0.1340579429819, 0.09301621666163],
        [-1286.939107455, -1271.010608043], 31.85699882329, 31.84460130488),
    "frequencies": ({"frequencies": FREQUENCIES}, ALL,  # lung[rep(1:nrow(lung), f), ]
        [0.001236151321077, -0.4736583284777, 0.3632655797942],
        [0.008294067769062, 0.1627628540725, 0.1142902647855],
        [-809.5090665261, -800.6562018926], 17.70572926686, 17.67721849582),
    "offset": ({"offset": 0.05 * LUNG["age"]}, ["sex", "ph.ecog"],  # + offset(0.05 * age)
        [-0.5475121322825, 0.385171468969], [0.1689506880386, 0.1115936460838],
        [-747.7242513481, -737.5684902266], 20.31152224304, 20.2029312283),
    "everything, Breslow": (
        {"entry": ENTRY, "strata": LUNG["sex"], "weights": WEIGHTS, "offset": 0.05 * LUNG["age"],
         "ties": Ties.BRESLOW}, ["ph.ecog"],
        [0.2560823659711], [0.0924061173485],
        [-1096.488962641, -1092.644915277], 7.688094728321, 7.710835875916),
}  # fmt: skip
R_ROSSI = {
    Ties.EFRON: (
        [-0.3794221668712, -0.05743774301376, 0.3138997859493, -0.1497956972228, -0.4337038766903,
         -0.08487108299083, 0.09149707935112],
        [0.1913794807128, 0.02199947062795, 0.3079927763929, 0.2122242961582, 0.3818680574649,
         0.1957566719209, 0.02864855007347],
        -658.7476594461, 33.26594580157, 32.11261019194, 33.52868889971),
    Ties.BRESLOW: (
        [-0.379021887795, -0.05724592536356, 0.3141297650682, -0.1511145996275, -0.4327825725491,
         -0.08498283575161, 0.09111154050047],
        [0.191364425859, 0.02198318575147, 0.3080172795788, 0.2121231607963, 0.3817949350643,
         0.1957482073232, 0.02863125306682],
        -659.1206056773, 33.12556748034, 31.98101698586, 33.38282042409),
}  # fmt: skip


def close(expected):
    return pytest.approx(expected, rel=1e-11)


def estimates(model):
    return [term.log_hazard_ratio for term in model.terms], [term.std_err for term in model.terms]


# A small data set is summed by a matrix product, a large one by running sums: both must be R's.
@pytest.mark.parametrize("small", [0, 10**9])
@pytest.mark.parametrize("name", R_LUNG)
def test_agrees_with_r_on_lung(monkeypatch, name, small):
    monkeypatch.setattr(partial_likelihood, "_SMALL", small)
    options, names, coef, std_err, log_likelihoods, likelihood_ratio, score = R_LUNG[name]
    model = cox(LUNG["time"], LUNG["status"], LUNG[names], names, **options)
    got, errors = estimates(model)
    assert got == pytest.approx(coef, rel=1e-10)
    assert errors == close(std_err)
    assert [model.log_likelihood_null, model.log_likelihood] == close(log_likelihoods)
    assert model.likelihood_ratio.chi_square == close(likelihood_ratio)
    assert model.score.chi_square == close(score)


@pytest.mark.parametrize("ties", Ties)
def test_agrees_with_r_on_rossi(ties):
    coef, std_err, log_likelihood, likelihood_ratio, wald, score = R_ROSSI[ties]
    model = cox(ROSSI["week"], ROSSI["arrest"], ROSSI[ROSSI_COVARIATES], ROSSI_COVARIATES, ties=ties)
    got, errors = estimates(model)
    assert got == pytest.approx(coef, rel=1e-10)
    assert errors == close(std_err)
    assert model.log_likelihood == close(log_likelihood)
    assert model.aic == close(2 * (7 - log_likelihood))
    tests = (model.likelihood_ratio, model.wald, model.score)
    assert [test.chi_square for test in tests] == close([likelihood_ratio, wald, score])
    assert (model.n, model.events, model.iterations) == (432, 114, 5)


def test_the_limits_are_waldian_and_the_result_is_json():
    model = cox(LUNG["time"], LUNG["status"], LUNG[ALL], ALL, conf_level=0.9)
    term = model.terms[1]
    assert (term.hazard_ratio, term.z) == close(
        (np.exp(-0.5526123955318), -0.5526123955318 / 0.1677390537834)
    )
    # exp(-0.5526… ± qnorm(.95) * 0.1677…)
    assert (term.lower, term.upper) == pytest.approx((0.4366914, 0.7582804), rel=1e-5)
    assert model.to_json()["terms"][1]["name"] == "sex"
    assert np.sqrt(np.diagonal(model.covariance)) == close([each.std_err for each in model.terms])


rows = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.booleans(),
        st.integers(0, 3),
        st.integers(0, 5),
        st.integers(0, 1),
        st.integers(1, 3),
    ),
    min_size=25,
    max_size=40,
)
few_examples = settings(max_examples=15, deadline=None)


def columns(drawn):
    table = np.array(drawn, dtype=float)
    return table[:, 0], table[:, 1], table[:, 2:4], table[:, 4], table[:, 5]


def same(one, other, scale=1.0, abs_tolerance=1e-7):
    assert one.status == other.status
    if one.status is Status.ESTIMATED:
        assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9)
        assert one.coefficients == pytest.approx(other.coefficients * scale, rel=1e-6, abs=abs_tolerance)


@few_examples
@given(rows, st.randoms(use_true_random=False))
def test_row_order_and_the_unit_of_time_do_not_matter(drawn, random):
    durations, events, x, stratum, _ = columns(drawn)
    order = list(range(len(drawn)))
    random.shuffle(order)
    model = cox(durations, events, x, ["a", "b"], strata=stratum)
    same(model, cox(durations[order], events[order], x[order], ["a", "b"], strata=stratum[order]))
    same(model, cox(durations * 30.4375, events, x, ["a", "b"], strata=stratum))


@few_examples
@given(rows)
def test_recentred_and_rescaled_covariates_are_the_same_model(drawn):
    durations, events, x, _, _ = columns(drawn)
    model = cox(durations, events, x, ["a", "b"])
    same(model, cox(durations, events, x * [100, 0.01] + [-7, 1e4], ["a", "b"]), scale=np.array([100, 0.01]))


@few_examples
@given(rows)
def test_a_frequency_is_a_row_repeated(drawn):
    durations, events, x, stratum, frequency = columns(drawn)
    model = cox(durations, events, x, ["a", "b"], strata=stratum, frequencies=frequency)
    repeated = np.repeat(np.arange(len(drawn)), frequency.astype(int))
    same(model, cox(durations[repeated], events[repeated], x[repeated], ["a", "b"], strata=stratum[repeated]))
    assert (model.n, model.events) == (repeated.size, events[repeated].sum())


@few_examples
@given(rows)
def test_strata_of_one_everyone_entering_at_once_and_equal_weights_are_the_plain_model(drawn):
    durations, events, x, _, _ = columns(drawn)
    model, one = cox(durations, events, x, ["a", "b"]), np.ones(durations.size)
    for options in (
        {"strata": one},
        {"entry": one - 1},
        {"weights": one},
        {"frequencies": one},
        {"offset": one},
    ):
        same(model, cox(durations, events, x, ["a", "b"], **options))


def test_a_row_of_weight_zero_is_not_there():
    kept = LUNG["age"] > 60
    with_zeros = cox(LUNG["time"], LUNG["status"], LUNG[["sex"]], ["sex"], weights=kept.astype(float))
    assert with_zeros == cox(LUNG["time"][kept], LUNG["status"][kept], LUNG[["sex"]][kept], ["sex"],
                             weights=np.ones(kept.sum()))  # fmt: skip


def test_float_noise_in_times_makes_no_difference():
    months = LUNG["time"] / 30.4375
    noisy = months * (1 + 1e-12 * np.sin(np.arange(len(LUNG))))
    same(cox(months, LUNG["status"], LUNG[ALL], ALL), cox(noisy, LUNG["status"], LUNG[ALL], ALL))


def test_aliased_and_constant_covariates_are_dropped_and_say_so():
    x = np.column_stack((LUNG["age"], np.full(len(LUNG), 3.3), LUNG["sex"], LUNG["age"] - 2 * LUNG["sex"]))
    model = cox(LUNG["time"], LUNG["status"], x, ["age", "constant", "sex", "combination"])
    assert [term.reason for term in model.terms] == [None, DROPPED, None, DROPPED]
    assert model.likelihood_ratio.df == 2
    without = cox(LUNG["time"], LUNG["status"], LUNG[["age", "sex"]], ["age", "sex"])
    assert model.covariance == without.covariance
    assert model.coefficients == close([without.coefficients[0], 0, without.coefficients[1], 0])


@pytest.mark.parametrize(
    ("durations", "events", "x", "status"),
    [
        ([], [], [], Status.NO_PATIENTS),
        ([1, 2, 3], [0, 0, 0], [1, 0, 1], Status.NO_EVENTS),
        ([1, 2, 3], [1, 1, 1], [1, 1, 1], Status.CONSTANT),
        ([5], [1], [1], Status.CONSTANT),
        ([1, 2, 3, 4], [0, 0, 0, 1], [1, 2, 3, 4], Status.CONSTANT),  # nobody left to compare with
        ([0, 0, 0], [1, 1, 0], [1, 0, 1], Status.ESTIMATED),  # time 0 is a time
    ],
)
def test_degenerate_data(durations, events, x, status):
    model = cox(durations, events, x, ["x"])
    assert (model.status, model.reason) == (status, REASONS[status])
    assert model.to_json()["n"] == len(durations)


def test_fewer_patients_than_covariates():
    # The coefficients that can be told apart separate three patients completely.
    model = cox([1, 2, 3], [1, 1, 1], np.eye(3)[:, [0, 1, 2, 0]] * 2, list("abcd"))
    assert model.status is Status.SEPARATION
    assert all(term.hazard_ratio is None for term in model.terms)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"covariates": [[1], [np.nan], [2]]}, "covariates: x contains missing"),
        ({"durations": [1, np.nan, 3]}, "durations contains missing"),
        ({"durations": [1, -2, 3]}, "durations contains negative"),
        ({"event_observed": [1, 2, 0]}, "event_observed contains values other than"),
        ({"entry": [0, 2, 0]}, "entry must come before durations"),
        ({"entry": [0, 1]}, "entry must have 3 rows"),
        ({"offset": [0, 1]}, "offset must have 3 rows"),
        ({"weights": [1, 1, -1]}, "weights contains negative"),
        ({"frequencies": [1, 1.5, 1]}, "frequencies must be whole numbers"),
        ({"weights": [1, 1, 1], "frequencies": [1, 1, 1]}, "cannot be combined"),
        ({"names": ["x", "y"]}, "one column for each of 2 names"),
        ({"ties": "exact"}, "exact"),
    ],
)
def test_what_is_wrong_is_named(change, message):
    arguments = {"durations": [1, 2, 3], "event_observed": [1, 1, 0], "covariates": [1, 2, 4], "names": ["x"]}
    with pytest.raises(ValueError, match=message):
        cox(**arguments | change)


def test_selecting_and_adding_covariates_keeps_the_rows():
    data = cox_data(LUNG["time"], LUNG["status"], LUNG[ALL], ALL, frequencies=FREQUENCIES)
    unprepared, at_once = data.select([0]), fit(data)
    back = unprepared.with_covariates(data.covariates[:, 1:], ALL[1:])
    assert fit(back) == at_once
    assert data.select([0]).risk_sets is data.risk_sets


def test_an_absurd_offset_has_no_estimate_and_no_warning():
    offset = np.where(LUNG["time"] < 500, 2000.0, 0.0)
    model = cox(LUNG["time"], LUNG["status"], LUNG[["age"]], ["age"], offset=offset)
    assert (model.status, model.terms[0].p) == (Status.NOT_CONVERGED, None)
