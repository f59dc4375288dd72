"""Residuals of a Cox model, against R's residuals.coxph and what holds of them by definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_leukemia, load_stanford_heart_transplants

from analytics.statistics.cox import fit
from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.cox_residuals import (
    deviance,
    dfbeta,
    martingale,
    scaled_schoenfeld,
    schoenfeld,
    score,
)

PER_PATIENT = (martingale, deviance, score, dfbeta)
PER_EVENT = (schoenfeld, scaled_schoenfeld)
NAMES = ["sex", "logWBC", "Rx"]
ROWS = [0, 2, 19, 41]


def leukemia(**given):
    rows = load_leukemia()
    return cox_data(rows["t"], rows["status"], rows[NAMES], NAMES, **given)


def heart():
    rows, names = load_stanford_heart_transplants(), ["age", "year", "surgery"]
    return cox_data(
        rows["stop"], rows["event"], rows[names], names, entry=rows["start"], strata=rows["transplant"]
    )


def exact(values):
    return pytest.approx(np.array(values), rel=1e-9, abs=1e-12)


# f <- coxph(Surv(t, status) ~ sex + logWBC + Rx, leukemia, ties = ties, control = coxph.control(eps = 1e-13))
# and its residuals(f, type)[c(1, 3, 20, 42)]
@pytest.mark.parametrize(
    ("ties", "kind", "values"),
    [
        (Ties.EFRON, martingale, [-0.178318827056, -0.629565514343, 0.455871442865, 0.551562233436]),
        (Ties.EFRON, deviance, [-0.597191471901, -1.122110078685, 0.552626997020, 0.707704928243]),
        (
            Ties.EFRON,
            score,
            [
                [-0.0542225407320, 0.188160091108, 0.0859103108969],
                [-0.1914359930951, 0.192136562631, 0.3033116018103],
                [0.4115085428515, 0.456259109133, -0.2407719411807],
                [0.0807275046233, 0.310457420769, 0.0319423619907],
            ],
        ),
        (
            Ties.EFRON,
            dfbeta,
            [
                [-0.00495118599623, 0.0224606445663, 0.0160333517952],
                [-0.01583759984431, 0.0258067842288, 0.0513545585463],
                [0.06407081468853, 0.0475789208038, -0.0131338670757],
                [0.01816384075378, 0.0352456783164, 0.0167451328529],
            ],
        ),
        (Ties.BRESLOW, martingale, [-0.180297771604, -0.595751640147, 0.390420892270, 0.467891617738]),
        (Ties.BRESLOW, deviance, [-0.600496080926, -1.091560021389, 0.457308768828, 0.570992936200]),
        (
            Ties.BRESLOW,
            dfbeta,
            [
                [-0.00644824074355, 0.0222897303031, 0.01570159855229],
                [-0.01848071496755, 0.0249944012637, 0.04960328950822],
                [0.05520393446987, 0.0413830019432, -0.00649688999799],
                [0.01513721226122, 0.0285574000591, 0.01310058582587],
            ],
        ),
    ],
)
def test_residuals_of_patients_are_those_of_r(ties, kind, values):
    data = leukemia(ties=ties)
    assert kind(data, fit(data)).values[ROWS] == exact(values)


# residuals(f, type)[c(1, 2, 30), ] of the same models
@pytest.mark.parametrize(
    ("ties", "kind", "values"),
    [
        (
            Ties.EFRON,
            schoenfeld,
            [
                [0.143964765475, -1.645479194763, 0.0569641620185],
                [0.143964765475, 0.554520805237, 0.0569641620185],
                [0.000000000000, -0.220681085673, 0.7032363068845],
            ],
        ),
        (
            Ties.EFRON,
            scaled_schoenfeld,
            [
                [1.51599555848, -3.90649122827, 1.66560755554],
                [1.28635765370, 3.57054896062, 2.39975025521],
                [2.03333811635, 1.16659443854, 5.92350197575],
            ],
        ),
        (
            Ties.BRESLOW,
            schoenfeld,
            [
                [0.153623381973, -1.633587989593, 0.0637491491432],
                [0.153623381973, 0.566412010407, 0.0637491491432],
                [0.000000000000, -0.219872253717, 0.6687245870481],
            ],
        ),
    ],
)
def test_residuals_of_events_are_those_of_r(ties, kind, values):
    data = leukemia(ties=ties)
    residuals = kind(data, fit(data))
    assert residuals.values.shape == (30, 3)
    assert list(residuals.times) == sorted(residuals.times)
    assert residuals.values[[0, 1, 29]] == exact(values)


def test_case_weights_are_those_of_r():
    # coxph(..., weights = w, robust = FALSE): R weights dfbeta, and no other residual
    data = leukemia(weights=1 + np.arange(42) % 3 / 2)
    model = fit(data)
    assert martingale(data, model).values[ROWS] == exact(
        [-0.163582749180, -0.636942218143, 0.456209622102, 0.528721933372]
    )
    assert score(data, model).values[0] == exact([-0.0489785891181, 0.176720893092, 0.0666728491450])
    assert dfbeta(data, model).values[2] == exact([-0.02913424617179, 0.0411037331231, 0.05419748675479])


def test_left_truncation_and_strata_are_those_of_r():
    # coxph(Surv(start, stop, event) ~ age + year + surgery + strata(transplant), stanford heart transplants)
    data = heart()
    model = fit(data)
    rows = [0, 3, 99]
    assert martingale(data, model).values[rows] == exact([0.516730796159, 0.652397325569, 0.614142434816])
    assert dfbeta(data, model).values[rows] == exact(
        [
            [-0.001274965671999, -0.00834371199748, 0.00294493769308],
            [0.000730934155140, -0.00948835094189, 0.00819099254770],
            [-0.000396048165514, 0.00228331982172, -0.01119257348342],
        ]
    )
    by_stratum = schoenfeld(data, model)
    assert by_stratum.values[[0, 30]] == exact(
        [
            [5.86097397572, -1.74039519243, 0.9203374909551],
            [-6.91267138880, -0.12559259741, -0.0868656040183],
        ]
    )
    assert np.all(data.events[by_stratum.rows])
    assert np.array_equal(by_stratum.times, data.times[by_stratum.rows])


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    ties=st.sampled_from(list(Ties)),
    kind=st.sampled_from(["weights", "frequencies"]),
)
def test_weighted_residuals_sum_to_zero(seed, ties, kind):
    random = np.random.default_rng(seed)
    n = 40
    counted = random.integers(1, 4, n)
    data = cox_data(
        random.integers(1, 9, n),
        random.random(n) < 0.8,
        random.normal(size=(n, 2)),
        ["x", "z"],
        strata=random.integers(0, 2, n),
        ties=ties,
        **{kind: counted},
    )
    model = fit(data)
    assert counted @ martingale(data, model).values == pytest.approx(0.0, abs=1e-9)
    assert counted @ score(data, model).values == pytest.approx(np.zeros(2), abs=1e-8)


def test_frequencies_are_rows_repeated():
    rows = load_leukemia()
    times = 1 + np.arange(42) % 3
    repeated = rows.loc[np.repeat(np.arange(42), times)]
    counted = leukemia(frequencies=times)
    long = cox_data(repeated["t"], repeated["status"], repeated[NAMES], NAMES)
    first = np.cumsum(times) - times
    for kind in PER_PATIENT:
        expected = kind(long, fit(long)).values[first]
        assert kind(counted, fit(counted)).values == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_leaving_a_patient_out_changes_the_coefficients_by_about_dfbeta():
    data = leukemia()
    model = fit(data)
    without = leukemia(weights=np.r_[np.ones(41), 0.0])
    change = model.coefficients - fit(without).coefficients
    assert dfbeta(data, model).values[-1] == pytest.approx(change, rel=0.3)


def test_a_dropped_covariate_moves_nothing():
    rows = load_leukemia().assign(twice=lambda each: 2 * each["sex"])
    names = ["sex", "twice", "logWBC"]
    data = cox_data(rows["t"], rows["status"], rows[names], names)
    model = fit(data)
    assert not dfbeta(data, model).values[:, 1].any()
    assert not scaled_schoenfeld(data, model).values[:, 1].any()
    plain = cox_data(rows["t"], rows["status"], rows[["sex", "logWBC"]], ["sex", "logWBC"])
    assert dfbeta(data, model).values[:, [0, 2]] == exact(dfbeta(plain, fit(plain)).values)


def test_a_patient_never_at_risk_has_no_residual():
    data = cox_data([1.0, 2, 3, 4, 5], [0, 1, 1, 0, 1], [5.0, 1, 3, 2, 1], ["x"])
    model = fit(data)
    assert martingale(data, model).values[0] == 0.0
    assert score(data, model).values[0] == 0.0


@pytest.mark.parametrize("kind", [*PER_PATIENT, *PER_EVENT])
def test_a_model_without_estimate_passes_its_reason_on(kind):
    data = cox_data([1.0, 2.0], [0, 0], [1.0, 2.0], ["x"])
    residuals = kind(data, fit(data))
    assert residuals.values is None
    assert residuals.reason == "no events"
    assert residuals.to_json()["values"] is None
