"""Section 0: parameters by name, from JSON, versioned; and the shape of what is derived."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date
from fractions import Fraction

import pytest

from registry.derivations.derived import Derived, Status
from registry.derivations.parameters import DEFAULT, ParameterError, Parameters, PfsRule


def test_the_defaults_are_those_of_the_specification() -> None:
    assert DEFAULT.to_json() == {
        "month_days": "487/16",
        "response_source": "INVESTIGATOR",
        "response_confirmation": "UNCONFIRMED",
        "criteria_version": "IMWG2016",
        "hypercalcemia_counts_as_pd": True,
        "nonresponse_means": "MR",
        "refractory_window_days": 60,
        "nonresponse_min_exposure_days": 28,
        "bm_window_days": 60,
        "dex_age_rule": "PAPER_GT75",
        "pfs_rule": "PAPER",
        "accrual_start": "2021-01-01",
        "accrual_end": "2024-06-30",
        "data_cutoff": None,
        "serum_measurable_min": "1",
    }
    assert DEFAULT.month_days == Fraction(36525, 100) / 12


def test_from_json_and_back() -> None:
    settings = {
        "month_days": 30.4375,
        "pfs_rule": "CENSOR_AT_NEW_THERAPY",
        "hypercalcemia_counts_as_pd": False,
        "nonresponse_min_exposure_days": 0,
        "data_cutoff": "2024-06-30",
        "accrual_start": "2020-01-01",
        "serum_measurable_min": "0.5",
    }
    found = Parameters.from_json(settings)
    assert found.month_days == DEFAULT.month_days
    assert found.pfs_rule is PfsRule.CENSOR_AT_NEW_THERAPY
    assert found.data_cutoff == date(2024, 6, 30)
    assert found.serum_measurable_min == Fraction(1, 2)
    assert Parameters.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert Parameters.from_json({"data_cutoff": None}) == DEFAULT


@pytest.mark.parametrize(
    "settings",
    [
        {"unknown": 1},
        {"pfs_rule": "OTHER"},
        {"refractory_window_days": "60"},
        {"refractory_window_days": True},
        {"refractory_window_days": -1},
        {"hypercalcemia_counts_as_pd": "yes"},
        {"month_days": 0},
        {"month_days": "1/0"},
        {"month_days": "thirty"},
        {"accrual_start": None},
        {"accrual_end": "2024-6-30"},
    ],
)
def test_what_a_parameter_cannot_be(settings: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=next(iter(settings))):
        Parameters.from_json(settings)


def test_every_rule_has_its_own_version_and_the_cutoff_is_none() -> None:
    changed = [
        replace(DEFAULT, **{name: setting})
        for name, setting in (
            ("pfs_rule", PfsRule.CENSOR_AT_NEW_THERAPY),
            ("refractory_window_days", 61),
            ("month_days", Fraction(30)),
            ("accrual_end", date(2024, 7, 1)),
        )
    ]
    versions = {parameters.rule_version for parameters in (DEFAULT, *changed)}
    assert len(versions) == 5
    assert replace(DEFAULT, data_cutoff=date(2024, 6, 30)).rule_version == DEFAULT.rule_version
    assert Parameters().rule_version == DEFAULT.rule_version


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Fraction(387) / DEFAULT.month_days, 12.714579055441478),
        (date(2022, 3, 10), "2022-03-10"),
        (("PR", None), ["PR", None]),
        ({"LEN": "YES"}, {"LEN": "YES"}),
        (1, 1),
        (None, None),
    ],
)
def test_as_json(value: object, plain: object) -> None:
    answer = Derived(value, Status.OK, "why", ("hb",), "1-abc")  # type: ignore[arg-type]
    assert answer.to_json() == {"value": plain, "status": "OK", "reason": "why"}
    json.dumps(answer.to_json())


def test_a_derived_value_cannot_be_changed() -> None:
    answer = Derived(1, Status.OK, "why", ("hb",), "1-abc")
    with pytest.raises(FrozenInstanceError):
        answer.value = 2  # type: ignore[misc]
    assert answer.is_ok
