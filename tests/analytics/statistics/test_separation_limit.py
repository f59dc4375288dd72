"""What the other covariates do while separated ones run off to infinity."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_larynx

from analytics.statistics.cox import Status, fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.separation import monotone_direction
from analytics.statistics.separation_limit import at_the_limit

TIMES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]
EVENTS = [1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0]
CURED = [0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1]
Z = [0.5, -1, 0.3, 1.2, -0.4, 0.1, 0.9, -0.8, 0.2, -0.3, 1.1, -0.6]


def data_of(**columns):
    return cox_data(TIMES, EVENTS, np.column_stack(list(columns.values())), list(columns))


def estimates(model):
    return {term.name: term.log_hazard_ratio for term in model.terms}


def test_the_others_are_where_r_stops():
    # coxph(Surv(TIMES, EVENTS) ~ CURED + Z): -21.7717035219045 for CURED, with a warning, and for Z
    data = data_of(cured=CURED, z=Z)
    assert fit(data).status is Status.SEPARATION
    assert estimates(at_the_limit(data)) == {"cured": None, "z": pytest.approx(0.476765802045837, rel=1e-9)}


def test_the_reader_is_pointed_to_firth():
    model = fit(data_of(cured=CURED, z=Z))
    assert "Firth" in model.reason
    assert "tends to 0" in model.terms[0].reason
    assert model.terms[1].reason is None


def test_a_separated_combination_is_dropped():
    data = data_of(sum=np.add(CURED, Z), z=Z, other=np.square(Z))
    alone = at_the_limit(data_of(cured=CURED, z=Z, other=np.square(Z)))
    assert estimates(at_the_limit(data))["other"] == pytest.approx(estimates(alone)["other"], rel=1e-8)


def test_several_covariates_may_run_off_together():
    late = np.array(TIMES) > 5
    data = data_of(cured=CURED, late=late, z=Z)
    limit = at_the_limit(data)
    assert estimates(limit)["cured"] is estimates(limit)["late"] is None
    assert estimates(limit)["z"] is not None


def test_strata_are_kept():
    strata = np.arange(12) % 2
    limit = at_the_limit(cox_data(TIMES, EVENTS, np.column_stack((CURED, Z)), ["cured", "z"], strata=strata))
    # The limit is the model stratified by the separated covariate as well.
    expected = fit(
        cox_data(TIMES, EVENTS, Z, ["z"], strata=[f"{a}{b}" for a, b in zip(strata, CURED, strict=True)])
    )
    assert estimates(limit)["z"] == pytest.approx(expected.coefficients[0], rel=1e-9)


def test_where_nothing_is_separated_the_limit_is_the_model():
    rows = load_larynx()
    data = cox_data(rows["time"], rows["death"], rows[["age"]], ["age"])
    assert at_the_limit(data) == fit(data)
    assert not monotone_direction(data).any()


def test_when_all_is_separated_nothing_is_left():
    data = cox_data([1, 2, 3, 4], [1, 1, 1, 1], [4.0, 3, 2, 1], ["x"])
    assert at_the_limit(data).status is Status.CONSTANT


def test_where_nobody_can_be_compared_no_direction_is_monotone():
    assert not monotone_direction(cox_data([1, 2], [0, 1], [1.0, 2.0], ["x"])).any()
