"""Baseline hazard and predicted survival, against R's basehaz and survfit.coxph."""

from __future__ import annotations

import json

import numpy as np
import pytest
from lifelines.datasets import load_larynx, load_stanford_heart_transplants

from analytics.statistics.baseline_hazard import baseline_hazard, predicted_survival
from analytics.statistics.cox import fit
from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.kaplan_meier import ConfType

STAGES = ["Stage_II", "Stage_III", "Stage_IV"]
NAMES = ["age", *STAGES]
PATIENTS = [[60, 0, 0, 0], [75, 0, 0, 1]]


def larynx(names=NAMES, **given):
    rows = load_larynx()
    return cox_data(rows["time"], rows["death"], rows[names], names, **given)


def exact(values):
    return pytest.approx(np.array(values), rel=1e-9)


def test_the_cumulative_baseline_hazard():
    # basehaz(coxph(Surv(time, death) ~ age + factor(stage), larynx), centered = FALSE)
    data = larynx()
    hazard = baseline_hazard(data, fit(data))
    (only,) = hazard.strata
    assert only.cumulative_hazard[-1] == exact(0.236538719232)
    assert np.all(np.diff(only.cumulative_hazard) > 0)
    assert (hazard.n, hazard.events) == (90, 50)


# survfit(f, newdata = data.frame(age = c(60, 75), stage = c(1, 4)), conf.type = "log-log"), at years 1 and 5
def test_survival_predicted_with_its_limits():
    data = larynx()
    (curves,) = predicted_survival(data, fit(data), PATIENTS, times=[0.05, 1, 5]).strata
    assert curves.survival == exact(
        [[1.0, 0.921607321515, 0.701830976709], [1.0, 0.5498688322093, 0.0747275901427]]
    )
    assert curves.std_err == exact(
        [[0.0, 0.0289121253207, 0.0740022984894], [0.0, 0.1190654017002, 0.0654069481179]]
    )
    assert curves.lower[:, 1:] == exact(
        [[0.840822751845, 0.530091360651], [0.29641235918587, 0.00656836359706]]
    )
    assert curves.upper[:, 1:] == exact([[0.962289818573, 0.820772429658], [0.745160518117, 0.262148537410]])
    assert curves.lower[:, 0].tolist() == curves.upper[:, 0].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("conf_type", "lower", "upper"),
    [
        (ConfType.LOG, [0.3597036689983, 0.0134415180087], [0.840568942422, 0.415445095183]),
        (ConfType.PLAIN, [0.316504933072, 0.0], [0.783232731346, 0.202922852792]),
    ],
)
def test_other_limits(conf_type, lower, upper):
    data = larynx()
    predicted = predicted_survival(data, fit(data), PATIENTS[1:], conf_type=conf_type, times=[1, 5])
    assert predicted.strata[0].lower[0] == exact(lower)
    assert predicted.strata[0].upper[0] == exact(upper)


def test_left_truncation_and_strata():
    # f <- coxph(Surv(start, stop, event) ~ age + year + surgery + strata(transplant))
    # survfit(f, newdata = data.frame(age = -10, year = 4, surgery = 1, transplant = 1), conf.type = "plain")
    rows, names = load_stanford_heart_transplants(), ["age", "year", "surgery"]
    data = cox_data(
        rows["stop"], rows["event"], rows[names], names, entry=rows["start"], strata=rows["transplant"]
    )
    predicted = predicted_survival(
        data, fit(data), [[-10, 4, 1]], conf_type=ConfType.PLAIN, times=[30, 300, 1700]
    )
    after_transplant = predicted.strata[1]
    assert after_transplant.stratum == 1
    assert after_transplant.survival[0, :2] == exact([0.888168559947667, 0.657146671083709])
    assert after_transplant.std_err[0, :2] == exact([0.0604711964860735, 0.1081438708207635])
    assert after_transplant.upper[0, :2] == exact([1.0, 0.869104763041158])
    # Nobody without a transplant was observed for 1,700 days: nothing is extrapolated.
    assert np.isnan(predicted.strata[0].survival[0, 2])
    assert after_transplant.survival[0, 2] > 0


def test_with_breslow_ties_and_no_effect_the_hazard_is_that_of_nelson_and_aalen():
    data = cox_data([1.0, 1, 2, 2, 3, 3], [1, 1, 1, 1, 0, 0], [0.0, 1, 0, 1, 0, 1], ["x"], ties=Ties.BRESLOW)
    model = fit(data)
    assert model.coefficients == pytest.approx(0.0, abs=1e-12)
    assert baseline_hazard(data, model).strata[0].cumulative_hazard == exact([2 / 6, 2 / 6 + 2 / 4])


def test_the_baseline_is_the_prediction_for_zeros():
    data = larynx()
    model = fit(data)
    (curve,) = predicted_survival(data, model, [[0, 0, 0, 0]]).strata
    (hazard,) = baseline_hazard(data, model).strata
    assert np.array_equal(curve.times, hazard.times)
    assert curve.survival[0] == exact(np.exp(-hazard.cumulative_hazard))


def test_an_offset_is_part_of_the_model_and_0_in_the_prediction():
    rows, names = load_larynx(), STAGES
    effect = dict(zip(NAMES, fit(larynx()).coefficients, strict=True))["age"]
    offset = larynx(names, offset=effect * rows["age"])
    whole = larynx()
    expected = baseline_hazard(whole, fit(whole)).strata[0].cumulative_hazard
    got = baseline_hazard(offset, fit(offset)).strata[0].cumulative_hazard
    assert got == pytest.approx(expected, rel=1e-8)


def test_clusters_widen_the_limits_only():
    plain, clustered = larynx(), larynx(cluster=np.arange(90) // 3)
    one = predicted_survival(plain, fit(plain), PATIENTS, times=[1]).strata[0]
    other = predicted_survival(clustered, fit(clustered), PATIENTS, times=[1]).strata[0]
    assert other.survival == exact(one.survival)
    assert not np.allclose(other.std_err, one.std_err)


def test_curves_become_json_with_null_where_nothing_is_known():
    data = larynx()
    predicted = predicted_survival(data, fit(data), PATIENTS[:1], times=[0.05, 1, 99])
    (curves,) = json.loads(json.dumps(predicted.to_json()))["strata"]
    assert curves["survival"][0][0] == 1.0
    assert curves["survival"][0][2] is None
    assert curves["lower"][0][2] is None


def test_a_patient_beyond_all_others_is_refused():
    data = larynx()
    with pytest.raises(ValueError, match="covariates lie too far"):
        predicted_survival(data, fit(data), [[1e6, 0, 0, 0]])


def test_hazards_too_small_for_a_float_are_survival_1():
    data = larynx()
    (curves,) = predicted_survival(data, fit(data), [[-1e6, 0, 0, 0]], conf_type=ConfType.LOG).strata
    assert curves.survival == exact(np.ones_like(curves.survival))


def test_a_model_without_estimate_predicts_nothing():
    data = cox_data([1.0, 2.0], [0, 0], [1.0, 2.0], ["x"])
    model = fit(data)
    assert baseline_hazard(data, model).strata == predicted_survival(data, model, [[1.0]]).strata == ()
    assert (
        baseline_hazard(data, model).reason == predicted_survival(data, model, [[1.0]]).reason == "no events"
    )
