"""Cox models of clustered rows: the robust variance of Lin and Wei, as in R's coxph(..., cluster = )."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_larynx, load_stanford_heart_transplants

from analytics.statistics.cox import Status, cox, fit, zero_mean_test
from analytics.statistics.cox_data import cox_data
from analytics.statistics.cox_residuals import dfbeta

NAMES = ["age", "year", "surgery", "transplant"]


def heart(**given):
    rows = load_stanford_heart_transplants()
    return cox(rows["stop"], rows["event"], rows[NAMES], NAMES, entry=rows["start"], **given)


def column(model, name):
    return [getattr(term, name) for term in model.terms]


def exact(values):
    return pytest.approx(values, rel=1e-9)


def test_robust_and_naive_errors_are_those_of_r():
    # coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, stanford, cluster = id)
    model = heart(cluster=load_stanford_heart_transplants()["id"])
    assert column(model, "std_err") == exact(
        [0.0138918929241, 0.0730798592394, 0.3582102023844, 0.3168823490625]
    )
    assert column(model, "naive_std_err") == exact(
        [0.0137141152103, 0.0704679795188561, 0.3672259961803, 0.3137547983375]
    )
    assert column(model, "z") == exact(
        [1.9555751765539, -2.0025537432257, -1.7788714160719, -0.0323488273784]
    )
    assert column(model, "p")[0] == exact(0.0505152194856)
    assert model.wald.chi_square == exact(16.8329930443)
    assert model.wald.p == exact(0.00208281815134)
    assert model.robust_score.chi_square == exact(18.2363014168)
    assert model.score.chi_square == exact(15.0341979130)
    assert "clusters" in model.method


def test_coefficients_and_likelihood_are_those_without_clusters():
    plain, clustered = heart(), heart(cluster=load_stanford_heart_transplants()["id"])
    assert column(clustered, "log_hazard_ratio") == column(plain, "log_hazard_ratio")
    assert clustered.likelihood_ratio == plain.likelihood_ratio
    assert column(clustered, "naive_std_err") == column(plain, "std_err")
    assert plain.robust_score is None
    assert column(plain, "naive_std_err") == [None] * 4


def test_patients_of_their_own_have_the_variance_of_their_dfbeta():
    rows = load_larynx()
    data = cox_data(rows["time"], rows["death"], rows[["age"]], ["age"], cluster=np.arange(90))
    model = fit(data)
    assert model.covariance[0][0] == exact(float((dfbeta(data, model).values ** 2).sum()))


def test_clusters_may_have_any_names_and_order():
    rows, data = load_larynx(), {}
    for name, labels in {
        "numbers": np.arange(90) % 12,
        "texts": [f"c{12 - i % 12}" for i in range(90)],
    }.items():
        data[name] = cox(rows["time"], rows["death"], rows[["age"]], ["age"], cluster=labels)
    assert column(data["texts"], "std_err") == exact(column(data["numbers"], "std_err"))


def test_frequencies_are_rows_repeated_in_their_cluster():
    rows = load_larynx()
    counts = 1 + np.arange(90) % 3
    repeated = rows.loc[np.repeat(np.arange(90), counts)]
    counted = cox(
        rows["time"], rows["death"], rows[["age"]], ["age"], frequencies=counts, cluster=np.arange(90) % 20
    )
    long = cox(
        repeated["time"],
        repeated["death"],
        repeated[["age"]],
        ["age"],
        cluster=np.repeat(np.arange(90) % 20, counts),
    )
    assert column(counted, "std_err") == exact(column(long, "std_err"))
    assert counted.robust_score.chi_square == exact(long.robust_score.chi_square)


def test_one_cluster_has_no_robust_variance():
    model = heart(cluster=np.zeros(172))
    assert model.status is Status.FEW_CLUSTERS
    assert model.reason == "too few clusters for a robust variance"
    assert column(model, "std_err") == [None] * 4


def test_clusters_that_are_the_strata_know_nothing_of_a_covariate_that_varies_in_one_of_them():
    rows = load_larynx()
    center = np.arange(90) % 3
    only_there = np.where(center == 0, rows["age"], 0.0)
    model = cox(rows["time"], rows["death"], only_there, ["age"], strata=center, cluster=center)
    assert model.status is Status.FEW_CLUSTERS


def test_fewer_clusters_than_covariates_leave_single_errors_and_no_joint_test():
    model = heart(cluster=np.arange(172) % 3)
    assert model.status is Status.ESTIMATED
    assert all(error > 0 for error in column(model, "std_err"))
    assert model.wald is None
    assert model.robust_score is None
    assert model.likelihood_ratio.df == 4


def test_a_vector_that_cannot_vary_is_not_tested():
    assert zero_mean_test(np.array([0.0, 1.0]), np.diag([0.0, 1.0])) is None
