"""Every operation of the reference format, and the module that answers it.

A module of `operations` has `OPERATIONS`, and `PRECISION` where a note of the oracle says that some keys are
less exact than the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from analytics.validation.operations import (
    competing_risks,
    concordance,
    contingency,
    cox,
    cutpoint,
    firth_cox,
    firth_logistic,
    follow_up,
    frailty,
    internal_validation,
    kaplan_meier,
    landmark,
    likelihood_ratio,
    log_rank,
    multiplicity,
    ordinal,
    proportion,
    roc,
    rubin,
    samples,
    time_dependent,
)

if TYPE_CHECKING:
    from analytics.validation.operation import Operation

MODULES: tuple[ModuleType, ...] = (
    competing_risks,
    concordance,
    contingency,
    cox,
    cutpoint,
    firth_cox,
    firth_logistic,
    follow_up,
    frailty,
    internal_validation,
    kaplan_meier,
    landmark,
    likelihood_ratio,
    log_rank,
    multiplicity,
    ordinal,
    proportion,
    roc,
    rubin,
    samples,
    time_dependent,
)

OPERATIONS: Mapping[str, Operation] = {
    name: operation for module in MODULES for name, operation in module.OPERATIONS.items()
}

PRECISION: Mapping[str, Mapping[str, float]] = {
    name: keys for module in MODULES for name, keys in getattr(module, "PRECISION", {}).items()
}
"""Relative precision of single keys, by operation."""
