"""lifelines, which shares no code with ours, finds the same; a wrong result does not pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lifelines import datasets

from analytics.statistics import second_programmer
from analytics.statistics.cox import cox, fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.kaplan_meier import ConfType, kaplan_meier
from analytics.statistics.log_rank import log_rank
from analytics.statistics.second_programmer import check_cox, check_kaplan_meier, check_log_rank, largest

ROSSI = datasets.load_rossi()
LARYNX = datasets.load_larynx()
HEART = datasets.load_stanford_heart_transplants()
NAMES = ["fin", "age", "prio"]


def rossi(**options):
    return cox_data(ROSSI["week"], ROSSI["arrest"], ROSSI[NAMES], NAMES, **options)


WEIGHTS = 0.5 + ROSSI["age"] / 40
WHOLE = 1.0 + ROSSI["prio"] % 3


@pytest.mark.parametrize("conf_type", ConfType)
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_survival_curves_agree(conf_type, weights):
    curve = kaplan_meier(ROSSI["week"], ROSSI["arrest"], conf_type=conf_type, weights=weights)
    found = check_kaplan_meier(curve, ROSSI["week"], ROSSI["arrest"], weights=weights)
    assert found.largest < 1e-12
    with_limits = conf_type is ConfType.LOG_LOG and weights is None
    assert found.compared == curve.times.size * (3 if with_limits else 1)


def test_a_left_truncated_curve_agrees():
    entry = np.where(HEART["start"] > 0, HEART["start"] + 0.25, 0.0)
    curve = kaplan_meier(HEART["stop"], HEART["event"], entry=entry)
    assert check_kaplan_meier(curve, HEART["stop"], HEART["event"], entry=entry).largest < 1e-12


@pytest.mark.parametrize("rho", [0.0, 1.0])
def test_log_rank_tests_agree(rho):
    columns = LARYNX["time"], LARYNX["death"], LARYNX["Stage_II"] + 2 * LARYNX["Stage_III"]
    assert check_log_rank(log_rank(*columns, rho=rho), *columns, rho=rho).largest < 1e-10


def test_a_group_that_left_before_the_first_event_is_left_out_by_both():
    columns = [1, 3, 4, 5, 6], [0, 1, 1, 0, 1], ["gone", "a", "b", "a", "b"]
    assert check_log_rank(log_rank(*columns), *columns).largest < 1e-12


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"strata": ROSSI["wexp"]},
        {"weights": WEIGHTS},
        {"frequencies": WHOLE},
        {"cluster": ROSSI["age"]},
    ],
    ids=lambda options: next(iter(options), "plain"),
)
def test_cox_models_agree(options):
    data = rossi(**options)
    found = check_cox(fit(data), data)
    assert found.largest < 1e-6
    assert found.compared == (4 if "cluster" in options else 7)


def test_a_left_truncated_cox_model_agrees():
    names = ["age", "year", "surgery", "transplant"]
    data = cox_data(HEART["stop"], HEART["event"], HEART[names], names, entry=HEART["start"])
    assert check_cox(fit(data), data).largest < 1e-6


def test_a_dropped_term_is_left_out():
    data = rossi()
    data = data.with_covariates(np.ones((432, 1)), ["one"])
    assert check_cox(fit(data), data).compared == 7


def test_a_wrong_result_is_seen():
    data = rossi()
    model = fit(data)
    wrong = replace(model.terms[1], log_hazard_ratio=model.terms[1].log_hazard_ratio + 1e-3)
    found = check_cox(replace(model, terms=(model.terms[0], wrong, model.terms[2])), data)
    assert found.where == "log hazard ratio of age"
    assert found.largest == pytest.approx(1e-3 / wrong.std_err, rel=1e-4)


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (lambda: check_kaplan_meier(kaplan_meier([], []), [], []), second_programmer.NOT_ESTIMATED),
        (
            lambda: check_kaplan_meier(
                kaplan_meier([2, 3], [1, 1], entry=[0, 2]), [2, 3], [1, 1], entry=[0, 2]
            ),
            second_programmer.ENTRY_AT_EVENT,
        ),
        (
            lambda: check_log_rank(log_rank([1, 2], [0, 0], [0, 1]), [1, 2], [0, 0], [0, 1]),
            second_programmer.NOT_ESTIMATED,
        ),
        (
            lambda: check_log_rank(
                log_rank([1, 2, 3], [1, 1, 1], [0, 1, 0]), [1, 2, 3], [1, 1, 1], [0, 1, 0], strata=[0, 0, 0]
            ),
            second_programmer.NO_STRATA,
        ),
        (lambda: check_cox(cox([1, 2], [0, 0], [1, 2], ["x"]), rossi()), second_programmer.NOT_ESTIMATED),
        (lambda: check_cox(fit(rossi()), rossi(ties="breslow")), second_programmer.NO_BRESLOW),
        (lambda: check_cox(fit(rossi()), rossi(offset=ROSSI["prio"])), second_programmer.NO_OFFSET),
    ],
)
def test_what_cannot_be_compared_says_why(check, reason):
    found = check()
    assert (found.reason, found.largest, found.compared) == (reason, None, 0)


def test_a_second_programmer_who_does_not_finish_says_so(monkeypatch):
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    def refuse(*args, **options):
        raise ConvergenceError("no")

    monkeypatch.setattr(CoxPHFitter, "fit", refuse)
    assert check_cox(fit(rossi()), rossi()).reason == second_programmer.NOT_CONVERGED


def test_the_largest_of_several_counts_everything_compared():
    data = rossi()
    curve = kaplan_meier(ROSSI["week"], ROSSI["arrest"])
    each = [
        check_kaplan_meier(kaplan_meier([], []), [], []),
        check_kaplan_meier(curve, ROSSI["week"], ROSSI["arrest"]),
        check_cox(fit(data), data),
    ]
    found = largest(each)
    assert found.largest == max(each[1].largest, each[2].largest)
    assert found.compared == each[1].compared + each[2].compared
    assert found.software.startswith("lifelines ")


def test_nothing_to_check_says_so():
    assert largest([]).reason == second_programmer.NOT_ESTIMATED
    assert largest([check_kaplan_meier(kaplan_meier([], []), [], [])]).largest is None
    assert largest([]).to_json()["largest"] is None
