"""What a Cox model is fitted to: checked once, then shared by the fit and everything that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    codes,
    entry_array,
    floats,
    frequency_array,
    matrix,
    survival_arrays,
    weight_array,
)
from analytics.statistics.risk_sets import RiskSets, risk_sets


class Ties(StrEnum):
    """How events at the same time share their risk set."""

    EFRON = "efron"
    BRESLOW = "breslow"


@dataclass(frozen=True)
class CoxData:
    """Survival times with covariates; rows of weight 0 are already gone.

    Attributes
    ----------
    times : ndarray of float, shape (n,)
    events : ndarray of bool, shape (n,)
    covariates : ndarray of float, shape (n, p)
    names : tuple of str, length p
    entry : ndarray of float, shape (n,), or None
        Left truncation: a row is at risk in (entry, time].
    strata, cluster : ndarray of int, shape (n,), or None
        Codes 0, 1, 2 …
    weights : ndarray of float, shape (n,), or None
        Case weights, as R's `weights`: tied events share the mean of theirs.
    frequencies : ndarray of float, shape (n,), or None
        How often each row is repeated. Repeated events are ties of each other, so under Efron's method the
        likelihood differs from the one with case weights of the same size.
    offset : ndarray of float, shape (n,), or None
        Added to the linear predictor with coefficient 1.
    ties : Ties
    """

    times: FloatArray
    events: BoolArray
    covariates: FloatArray
    names: tuple[str, ...]
    entry: FloatArray | None
    strata: IntArray | None
    weights: FloatArray | None
    frequencies: FloatArray | None
    offset: FloatArray | None
    cluster: IntArray | None
    ties: Ties

    @property
    def n(self) -> int:
        """Number of patients: rows, or rows repeated."""
        return int(self.times.size if self.frequencies is None else self.frequencies.sum())

    @property
    def event_count(self) -> int:
        """Number of events: rows, or rows repeated."""
        if self.frequencies is None:
            return int(np.count_nonzero(self.events))
        return int(self.frequencies[self.events].sum())

    @cached_property
    def risk_sets(self) -> RiskSets:
        """Who is at risk at each event time; there must be an event."""
        return risk_sets(self.times, self.events, self.entry, self.strata)

    def select(self, columns: Sequence[int]) -> CoxData:
        """Return the same rows with some of the covariates."""
        chosen = list(columns)
        return self._with(self.covariates[:, chosen], tuple(self.names[column] for column in chosen))

    def with_covariates(self, covariates: FloatArray, names: Sequence[str]) -> CoxData:
        """Return the same rows with more covariates, shape (n, k), after those there are."""
        return self._with(np.column_stack((self.covariates, covariates)), (*self.names, *names))

    def _with(self, covariates: FloatArray, names: tuple[str, ...]) -> CoxData:
        other = replace(self, covariates=covariates, names=names)
        if "risk_sets" in self.__dict__:  # the rows are the same, and so is who is at risk
            other.__dict__["risk_sets"] = self.risk_sets
        return other


def cox_data(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    *,
    entry: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
    offset: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    ties: Ties = Ties.EFRON,
) -> CoxData:
    """Check the arguments of a Cox model.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Times from the origin, any unit.
    event_observed : array_like of 0/1, shape (n,)
    covariates : array_like of float, shape (n, p) or (n,)
        Indicators for categories, reference category left out.
    names : sequence of str, length p
    entry : array_like of float, shape (n,), optional
        When each row came under observation, before its duration (left truncation).
    strata, cluster : array_like, shape (n,), optional
        Labels: each stratum has a baseline hazard of its own; rows of one cluster are correlated.
    weights, frequencies : array_like of float, shape (n,), optional
        Case weights as R's `weights`, or whole numbers of repetitions; not both.
    offset : array_like of float, shape (n,), optional
    ties : Ties

    Raises
    ------
    ValueError
        For missing values (the argument and its column are named), lengths that do not agree, entries not
        before their durations, frequencies that are not whole, weights beside frequencies.
    """
    times, events = survival_arrays(durations, event_observed)
    rows = times.size
    x = matrix("covariates", covariates, names, rows)
    if weights is not None and frequencies is not None:
        raise ValueError("weights and frequencies cannot be combined")
    entered = None
    if entry is not None:
        entered, times = entry_array(entry, times)
    data = CoxData(
        times=times,
        events=events,
        covariates=x,
        names=tuple(names),
        entry=entered,
        strata=None if strata is None else codes("strata", strata, rows),
        weights=None if weights is None else weight_array("weights", weights, rows),
        frequencies=None if frequencies is None else frequency_array("frequencies", frequencies, rows),
        offset=None if offset is None else floats("offset", offset).ravel(),
        cluster=None if cluster is None else codes("cluster", cluster, rows),
        ties=Ties(ties),
    )
    if data.offset is not None and data.offset.size != rows:
        raise ValueError(f"offset must have {rows} rows")
    counted = data.weights if data.weights is not None else data.frequencies
    return data if counted is None or counted.all() else _rows(data, counted > 0)


def _rows(data: CoxData, kept: BoolArray) -> CoxData:
    per_row = (
        "times", "events", "covariates", "entry", "strata", "weights", "frequencies", "offset", "cluster"
    )  # fmt: skip
    arrays = {name: getattr(data, name) for name in per_row}
    return replace(data, **{name: array[kept] for name, array in arrays.items() if array is not None})
