"""The settings of the edit checks: named, versioned, and put in force only after their effect was seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import Any

CHECKS = 1
"""Number of the checks themselves; raised with every change that can change a finding."""


class RuleError(ValueError):
    """A setting that does not exist, or a value it cannot take."""


@dataclass(frozen=True)
class Rules:
    """Limits the specification gives the checks as numbers, and the checks that are switched off.

    Attributes
    ----------
    baseline_window_days : C50, a baseline sample is at most so many days before the start.
    cycle_days_min, cycle_days_max : C24, an interval below is an error, one above a warning.
    isa_mgkg_min, isa_mgkg_max : C26, milligrams per kilogram and infusion.
    hemoglobin_max : C11, g/dL; more is grams per liter typed under the wrong unit.
    pd_dates_days : C35, two progression dates further apart are two.
    assessment_due_days : C37, alive so long on study without an assessment.
    related_after_days : C39, adverse events later than so many days after the last dose.
    follow_up_stale_days : C44, last known alive longer ago.
    untreated_months : C56, between the last progression and IsaPd.
    lost_evidence_months : C58, between other evidence of life and a contact that found nobody.
    maintenance_days : C10, lenalidomide alone so soon after a transplant line is its maintenance.
    off : ids of checks that do not fire, "C33".
    """

    baseline_window_days: int = 28
    cycle_days_min: int = 21
    cycle_days_max: int = 56
    isa_mgkg_min: int = 9
    isa_mgkg_max: int = 11
    hemoglobin_max: int = 25
    pd_dates_days: int = 14
    assessment_due_days: int = 100
    related_after_days: int = 30
    follow_up_stale_days: int = 183
    untreated_months: int = 6
    lost_evidence_months: int = 12
    maintenance_days: int = 180
    off: tuple[str, ...] = ()

    @cached_property
    def version(self) -> str:
        """Number of the checks and a hash of the settings."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return f"{CHECKS}-{sha256(text.encode()).hexdigest()[:12]}"

    def to_json(self) -> dict[str, int | list[str]]:
        """The settings as JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {"off": sorted(self.off)}

    @classmethod
    def from_json(cls, settings: Mapping[str, object]) -> "Rules":
        """Rules from a JSON object; whatever it does not name keeps its default.

        Raises
        ------
        RuleError
            For an unknown name, or a value the setting cannot take.
        """
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, setting in settings.items():
            if name not in known:
                raise RuleError(f"unknown setting: {name}")
            values[name] = _switched_off(setting) if name == "off" else _whole(name, setting)
        return cls(**values)


def _whole(name: str, setting: object) -> int:
    if not isinstance(setting, int) or isinstance(setting, bool) or not 0 <= setting <= 10_000:
        raise RuleError(f"{name} cannot be {setting!r}")
    return setting


def _switched_off(setting: object) -> tuple[str, ...]:
    if not isinstance(setting, list | tuple) or not all(isinstance(each, str) for each in setting):
        raise RuleError(f"off cannot be {setting!r}")
    return tuple(sorted(set(setting)))


DEFAULT = Rules()
