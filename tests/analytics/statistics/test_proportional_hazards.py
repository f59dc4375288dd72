"""The score test of proportional hazards, against R's cox.zph (survival 3.5)."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_larynx, load_leukemia, load_stanford_heart_transplants

from analytics.statistics.cox import fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.proportional_hazards import Transform, proportional_hazards

STAGES = ["Stage_II", "Stage_III", "Stage_IV"]


def heart():
    rows, names = load_stanford_heart_transplants(), ["age", "year", "surgery"]
    return cox_data(
        rows["stop"], rows["event"], rows[names], names, entry=rows["start"], strata=rows["transplant"]
    )


def larynx(names, **given):
    rows = load_larynx()
    return cox_data(rows["time"], rows["death"], rows[names], names, **given)


def statistics(tests):
    return [test.chi_square for test in (*tests.terms, tests.overall)]


def exact(values):
    return pytest.approx(values, rel=1e-9)


# f <- coxph(Surv(start, stop, event) ~ age + year + surgery + strata(transplant), stanford heart transplants)
# cox.zph(f, transform)$table[, "chisq"]
@pytest.mark.parametrize(
    ("transform", "chi_square"),
    [
        (Transform.KM, [0.837392449237, 1.498425394161, 0.112831248039, 2.560229163600]),
        (Transform.RANK, [0.79067909832739, 0.94838931839724, 0.00639485701653, 1.94162729424374]),
        (Transform.IDENTITY, [1.23529961877, 1.12439304251, 1.10685857990, 3.36703096065]),
        (Transform.LOG, [0.39135046128644, 0.92422981500573, 0.00916078856384, 1.58142450721511]),
    ],
)
def test_each_transform_with_left_truncation_and_strata(transform, chi_square):
    data = heart()
    tests = proportional_hazards(data, fit(data), transform)
    assert statistics(tests) == exact(chi_square)
    assert [test.df for test in (*tests.terms, tests.overall)] == [1, 1, 1, 3]
    assert (tests.n, tests.events, tests.transform) == (172, 75, transform)


def test_p_is_that_of_chi_square():
    data = heart()
    tests = proportional_hazards(data, fit(data))
    assert [test.p for test in tests.terms] == exact([0.360143598074, 0.220913799778, 0.736943540290])
    assert tests.overall.p == exact(0.464504585365)


def test_case_weights():
    # coxph(Surv(t, status) ~ sex + logWBC + Rx, leukemia, weights = w)
    rows, names = load_leukemia(), ["sex", "logWBC", "Rx"]
    data = cox_data(rows["t"], rows["status"], rows[names], names, weights=1 + np.arange(42) % 3 / 2)
    expected = [7.9160142255417, 0.1047777649181, 0.0155222006318, 9.1722067823879]
    assert statistics(proportional_hazards(data, fit(data))) == exact(expected)


@pytest.mark.parametrize("transform", list(Transform))
def test_frequencies_are_rows_repeated(transform):
    rows, names = load_leukemia(), ["sex", "logWBC"]
    times = 1 + np.arange(42) % 3
    repeated = rows.loc[np.repeat(np.arange(42), times)]
    counted = cox_data(rows["t"], rows["status"], rows[names], names, frequencies=times)
    long = cox_data(repeated["t"], repeated["status"], repeated[names], names)
    expected = statistics(proportional_hazards(long, fit(long), transform))
    assert statistics(proportional_hazards(counted, fit(counted), transform)) == exact(expected)


def test_the_indicators_of_a_factor_are_one_term():
    # coxph(Surv(time, death) ~ age + factor(stage), larynx)
    data = larynx(["age", *STAGES])
    tests = proportional_hazards(data, fit(data), terms={"stage": STAGES})
    assert [test.name for test in tests.terms] == ["age", "stage"]
    assert [test.df for test in (*tests.terms, tests.overall)] == [1, 3, 4]
    assert statistics(tests) == exact([1.13290803296, 3.71885530361, 5.13928653006])


def test_a_term_the_model_does_not_have_is_refused():
    data = larynx(["age"])
    with pytest.raises(ValueError, match="terms names sex"):
        proportional_hazards(data, fit(data), terms={"who": ["age", "sex"]})


def test_unit_of_time_and_of_covariates_do_not_matter():
    rows = load_larynx()
    plain = larynx(["age", *STAGES])
    other = cox_data(
        365.25 * rows["time"],
        rows["death"],
        rows.assign(age=12 * rows["age"] + 2000)[["age", *STAGES]],
        ["age", *STAGES],
    )
    for transform in Transform:
        expected = statistics(proportional_hazards(plain, fit(plain), transform))
        assert statistics(proportional_hazards(other, fit(other), transform)) == pytest.approx(
            expected, rel=1e-7
        )


def test_clusters_change_nothing():
    plain, clustered = larynx(["age"]), larynx(["age"], cluster=np.arange(90) // 2)
    expected = statistics(proportional_hazards(plain, fit(plain)))
    assert statistics(proportional_hazards(clustered, fit(clustered))) == exact(expected)


def test_a_dropped_covariate_has_no_test_and_no_degree_of_freedom():
    rows = load_larynx().assign(double=lambda each: 2 * each["age"])
    data = cox_data(rows["time"], rows["death"], rows[["age", "double"]], ["age", "double"])
    tests = proportional_hazards(data, fit(data))
    assert tests.terms[1].chi_square is None
    assert tests.terms[1].reason == "dropped from the model"
    assert tests.overall.df == 1
    assert tests.overall.chi_square == exact(tests.terms[0].chi_square)


def test_events_at_one_time_show_no_drift():
    data = cox_data([2.0, 2, 2, 3, 4], [1, 1, 0, 0, 0], [1.0, 4, 2, 3, 2], ["x"])
    tests = proportional_hazards(data, fit(data))
    assert tests.overall.chi_square is None
    assert tests.terms[0].reason == tests.reason == "all events happened at the same time"


def test_a_covariate_that_differs_at_one_event_time_only_shows_no_drift():
    # After the first event everyone left has the same value.
    data = cox_data([1.0, 2, 3, 4, 1, 1], [1, 1, 1, 1, 0, 1], [1.0, 0, 0, 0, 1, 0], ["x"])
    tests = proportional_hazards(data, fit(data))
    assert tests.terms[0].chi_square is None
    assert "too few event times" in tests.terms[0].reason
    assert tests.reason is None


def test_a_covariate_that_differs_in_the_middle_only_shows_no_drift():
    entry = [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.5, 2.5]
    times = [1.0, 1.5, 2.0, 2.0, 2.5, 2.5, 3.0, 3.5]
    events = [1, 0, 1, 1, 0, 0, 1, 0]
    data = cox_data(times, events, [0.0, 0, 0, 1, 0, 1, 0, 0], ["x"], entry=entry)
    assert "too few" in proportional_hazards(data, fit(data), Transform.IDENTITY).overall.reason


def test_an_event_at_time_0_has_no_logarithm():
    data = cox_data([0.0, 1, 2, 3, 4], [1, 1, 0, 1, 1], [1.0, 4, 2, 3, 2], ["x"])
    model = fit(data)
    assert "time 0" in proportional_hazards(data, model, Transform.LOG).reason
    assert proportional_hazards(data, model, Transform.IDENTITY).reason is None


def test_a_model_without_estimate_is_not_tested():
    data = cox_data([1.0, 2.0], [0, 0], [1.0, 2.0], ["x"])
    tests = proportional_hazards(data, fit(data))
    assert tests.terms[0].reason == tests.reason == "no events"
    assert tests.to_json()["overall"]["p"] is None
