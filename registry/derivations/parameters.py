"""The parameters of the derivations (section 0 of the specification), named and versioned."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any

RULES = 2
"""Number of the rules themselves; raised with every change that can change a derived value."""


class ParameterError(ValueError):
    """A parameter that does not exist, or a value it cannot take."""


class ResponseSource(StrEnum):
    """Whose response feeds the endpoints."""

    INVESTIGATOR = "INVESTIGATOR"
    COMPUTED = "COMPUTED"


class ResponseConfirmation(StrEnum):
    """Whether a response must be confirmed by the next assessment."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"


class CriteriaVersion(StrEnum):
    """Kumar 2016, or Durie 2006 and Rajkumar 2011."""

    IMWG2016 = "IMWG2016"
    IMWG2006_2011 = "IMWG2006_2011"


class NonresponseMeans(StrEnum):
    """Which response the best one never reached."""

    MR = "MR"
    PR = "PR"


class DexAgeRule(StrEnum):
    """From which age dexamethasone is halved."""

    PAPER_GT75 = "PAPER_GT75"
    SMPC_GE75 = "SMPC_GE75"


class PfsRule(StrEnum):
    """What a new therapy without progression does to PFS."""

    PAPER = "PAPER"
    CENSOR_AT_NEW_THERAPY = "CENSOR_AT_NEW_THERAPY"


@dataclass(frozen=True)
class Parameters:
    """One settings table; the defaults reproduce Martino 2025."""

    month_days: Fraction = Fraction("30.4375")
    response_source: ResponseSource = ResponseSource.INVESTIGATOR
    response_confirmation: ResponseConfirmation = ResponseConfirmation.UNCONFIRMED
    criteria_version: CriteriaVersion = CriteriaVersion.IMWG2016
    hypercalcemia_counts_as_pd: bool = True
    nonresponse_means: NonresponseMeans = NonresponseMeans.MR
    refractory_window_days: int = 60
    nonresponse_min_exposure_days: int = 28
    bm_window_days: int = 60
    dex_age_rule: DexAgeRule = DexAgeRule.PAPER_GT75
    pfs_rule: PfsRule = PfsRule.PAPER
    accrual_start: date = date(2021, 1, 1)
    accrual_end: date = date(2024, 6, 30)
    data_cutoff: date | None = None
    serum_measurable_min: Fraction = Fraction(1)

    @cached_property
    def rule_version(self) -> str:
        """Number of the rules and a hash of the parameters.

        The data cutoff is set at each export and is no rule.
        """
        settings = {name: value for name, value in self.to_json().items() if name != "data_cutoff"}
        text = json.dumps(settings, sort_keys=True, separators=(",", ":"))
        return f"{RULES}-{sha256(text.encode()).hexdigest()[:12]}"

    def to_json(self) -> dict[str, str | int | bool | None]:
        """The settings as JSON; numbers that must stay exact as text."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, settings: Mapping[str, object]) -> "Parameters":
        """Parameters from a JSON object; whatever it does not name keeps its default.

        Raises
        ------
        ParameterError
            For an unknown name, or a value the parameter cannot take.
        """
        known = {field.name: field.default for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, setting in settings.items():
            if name not in known:
                raise ParameterError(f"unknown parameter: {name}")
            values[name] = _read(name, known[name], setting)
        return cls(**values)


def _plain(value: object) -> str | int | bool | None:
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(name: str, default: object, setting: object) -> object:
    """The setting as the type of the parameter's default."""
    try:
        match default:
            case bool():
                if not isinstance(setting, bool):
                    raise ValueError
                return setting
            case int():
                if not isinstance(setting, int) or isinstance(setting, bool) or setting < 0:
                    raise ValueError
                return setting
            case StrEnum():
                return type(default)(str(setting))
            case Fraction():
                number = Fraction(str(setting))
                if number <= 0:
                    raise ValueError
                return number
            case _:
                return None if setting is None and name == "data_cutoff" else date.fromisoformat(str(setting))
    except (ValueError, ZeroDivisionError):
        raise ParameterError(f"{name} cannot be {setting!r}") from None


DEFAULT = Parameters()
