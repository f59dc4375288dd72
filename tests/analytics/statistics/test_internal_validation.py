"""What a model loses in new patients, held against R on the same resamples."""

import json

import numpy as np
import pytest
from lifelines.datasets import load_rossi

from analytics.statistics.concordance import concordance
from analytics.statistics.cox import Status, fit
from analytics.statistics.cox_bootstrap import NO_REPLICATE, resampled_rows
from analytics.statistics.cox_data import CoxData, cox_data
from analytics.statistics.internal_validation import NO_FOLLOW_UP, internal_validation

COVARIATES = ["fin", "age", "prio", "mar"]

# The rows i of resampled_rows(432, 6, 7), counted from 1:
#   m  <- coxph(Surv(week, arrest) ~ fin + age + prio + mar, rossi[i, ], eps = 1e-13)
#   lp <- as.matrix(rossi[, c("fin", "age", "prio", "mar")]) %*% coef(m)
#   concordance(m); concordance(Surv(week, arrest) ~ lp, rossi, reverse = TRUE)
#   coxph(Surv(week, arrest) ~ lp, rossi)
R_REPLICATES = [
    [0.65840848806366, 0.61607017049458, 0.66019077928424],
    [0.64885439763489, 0.62431309003804, 0.85391580309961],
    [0.66932843963892, 0.63159316142971, 0.77655798550422],
    [0.67918539456003, 0.63896716922643, 0.80357937284419],
    [0.65048164241212, 0.63011366305012, 0.85584606801312],
    [0.66375634978229, 0.63365976234090, 0.77683697593182],
]
# survfit(m, newdata = …) at week 40 against survfit(Surv(week, arrest) ~ 1), of everyone and of the patients
# between the thirds of the predictions for rossi: observed less predicted, and the mean over the replicates
# of the same in the resample less in rossi.
R_APPARENT_ERRORS = [0.000224325958562, 0.024850054120007, -0.011913716599611, -0.012258570013956]
R_OPTIMISM_OF_ERRORS = [-0.00290088382866, -0.00849076953036, -0.01299181855321, 0.02099878333390]


def rossi(**options: object) -> CoxData:
    frame = load_rossi()
    return cox_data(frame.week, frame.arrest, frame[COVARIATES], COVARIATES, **options)  # type: ignore[arg-type]


def test_concordance_and_slope_as_r() -> None:
    data = rossi()
    found = internal_validation(data, fit(data), 6, 7)
    each = np.column_stack((found.resampled_concordance, found.original_concordance, found.original_slope))
    np.testing.assert_allclose(each, R_REPLICATES, rtol=1e-9)
    inside, outside, slope = np.mean(R_REPLICATES, axis=0)
    assert found.concordance.apparent == pytest.approx(0.633495373632051, rel=1e-12)
    assert found.concordance.optimism == pytest.approx(inside - outside, rel=1e-9)
    assert found.concordance.corrected == pytest.approx(0.633495373632051 - inside + outside, rel=1e-9)
    assert found.slope.corrected == pytest.approx(slope, rel=1e-9)
    assert found.calibration is None


def test_calibration_at_a_fixed_time_as_r() -> None:
    data = rossi()
    found = internal_validation(data, fit(data), 6, 7, calibration_time=40)
    assert found.calibration is not None
    compared = (found.calibration, *found.calibration_groups)
    np.testing.assert_allclose([group.error.apparent for group in compared], R_APPARENT_ERRORS, atol=1e-8)
    np.testing.assert_allclose([group.error.optimism for group in compared], R_OPTIMISM_OF_ERRORS, atol=1e-8)
    assert found.calibration.predicted == pytest.approx(0.803016414782179, rel=1e-8)
    assert found.calibration.observed == pytest.approx(0.803240740740741, rel=1e-12)
    assert [group.n for group in compared] == [432, 144, 142, 146]
    predictions = [group.predicted for group in found.calibration_groups]
    assert predictions == sorted(predictions)  # type: ignore[type-var]


def test_seeded_resamples_and_shared_ones_are_the_same() -> None:
    data = rossi()
    seeded = internal_validation(data, fit(data), 6, 7)
    shared = internal_validation(data, fit(data), resamples=resampled_rows(432, 6, 7))
    assert (seeded.seed, shared.seed) == (7, None)
    assert seeded.concordance == shared.concordance
    assert json.loads(json.dumps(seeded.to_json()))["estimated"] == 6


def test_an_offset_is_part_of_the_score_but_not_of_the_slope() -> None:
    frame = load_rossi()
    data = cox_data(frame.week, frame.arrest, frame[["age"]], ["age"], offset=0.05 * frame.prio)
    model = fit(data)
    found = internal_validation(data, model, resamples=[np.arange(432)], calibration_time=30)
    score = model.coefficients[0] * frame.age + 0.05 * frame.prio
    assert found.concordance.apparent == concordance(frame.week, frame.arrest, score).concordance
    assert found.original_slope[0] == pytest.approx(1.0, abs=1e-9)
    assert found.calibration is not None
    # s <- survfit(coxph(Surv(week, arrest) ~ age + offset(0.05 * prio), rossi), newdata = rossi)
    assert found.calibration.predicted == pytest.approx(0.861279970274879, rel=1e-7)


def test_strata_have_baselines_of_their_own() -> None:
    frame = load_rossi()
    data = rossi(strata=frame.wexp)
    found = internal_validation(data, fit(data), 8, 1, calibration_time=40, groups=2)
    assert found.calibration is not None
    assert found.calibration.error.apparent == pytest.approx(0.0, abs=0.005)
    assert found.estimated == 8
    # survfit(coxph(Surv(week, arrest) ~ fin + age + prio + mar + strata(wexp), rossi), newdata = rossi)
    assert found.calibration.predicted == pytest.approx(0.804013782359361, rel=1e-8)


def test_a_model_without_estimate_is_not_validated() -> None:
    data = cox_data([1, 2, 3, 4], [1, 1, 0, 0], [1.0, 1.0, 0.0, 0.0], ("x",))
    model = fit(data)
    found = internal_validation(data, model, 20, calibration_time=2)
    assert model.status is Status.SEPARATION
    assert found.reason == model.reason
    assert (found.replicates, found.estimated, found.concordance.apparent) == (20, 0, None)
    assert found.to_json()["calibration"] is None  # type: ignore[index,call-overload]


def tiny() -> CoxData:
    return cox_data(
        [1, 2, 3, 4, 5, 6, 7, 8],
        [1, 1, 0, 1, 0, 1, 0, 0],
        [0.5, -0.3, 1.2, 0.9, -1.0, -0.2, 0.1, -0.8],
        ("x",),
    )


def test_failed_replicates_are_counted() -> None:
    data = tiny()
    rows = np.array([np.arange(8), [2, 2, 4, 4, 6, 6, 7, 7], [0, 0, 0, 0, 0, 0, 0, 0]])
    found = internal_validation(data, fit(data), resamples=rows)
    assert (found.replicates, found.estimated) == (3, 1)
    assert found.failures == {Status.NO_EVENTS: 1, Status.CONSTANT: 1}
    assert found.replicate.tolist() == [0]
    assert found.concordance.optimism == 0.0  # the resample is the patients themselves
    assert found.slope.corrected == pytest.approx(1.0)


def test_resamples_without_comparable_patients_are_counted() -> None:
    # Two patients with events on the same day have a likelihood under Efron's method, but no order in time.
    data = cox_data([1, 2, 2, 2, 3, 4], [1, 1, 1, 1, 0, 1], [0.5, -0.3, 1.2, 0.4, 0.9, -1.0], ("x",))
    found = internal_validation(data, fit(data), resamples=[[0, 1, 2, 3, 4, 5], [1, 1, 2, 3, 3, 2]])
    assert (found.replicates, found.estimated, found.incomparable) == (2, 1, 1)


def test_no_replicate_leaves_the_apparent_performance() -> None:
    data = tiny()
    found = internal_validation(data, fit(data), resamples=[[2, 2, 4, 4, 6, 6, 7, 7]], calibration_time=4)
    assert found.reason == NO_REPLICATE
    assert found.concordance.apparent is not None
    assert found.concordance.corrected is None
    assert found.calibration is not None
    assert found.calibration.error.corrected is None


def test_a_group_not_followed_to_the_time_has_no_observed_survival() -> None:
    data = tiny()
    found = internal_validation(data, fit(data), 5, 1, calibration_time=9)
    assert found.calibration is not None
    assert found.calibration.observed is None
    assert found.calibration.error.apparent is None
    assert found.calibration.reason == NO_FOLLOW_UP


def test_left_truncation_is_refused() -> None:
    data = cox_data([2, 3, 4], [1, 0, 1], [0.0, 1.0, 0.5], ("x",), entry=[0, 1, 0])
    with pytest.raises(ValueError, match="left-truncated"):
        internal_validation(data, fit(data), 5)
