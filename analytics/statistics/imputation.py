"""Multiple imputation of missing covariates by chained equations, for survival models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, survival_arrays
from analytics.statistics.event_table import event_table
from analytics.statistics.newton import Evaluation, newton_raphson
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "multiple imputation by chained equations; predictive mean matching for numbers, multinomial logistic "
    "draws for categories; the event and the Nelson–Aalen cumulative hazard are among the predictors"
)

_DONORS = 5
# A coefficient of a category's log odds per standard deviation is normal around 0 with this spread: with few
# patients a category can be separated, and the draws must stay finite.
_PRIOR_SPREAD = 2.5
# Collinear predictors share their coefficient: R's mice adds the same share to the diagonal.
_RIDGE = 1e-5

Values = npt.NDArray[np.float64] | npt.NDArray[np.object_]


@dataclass(frozen=True)
class Imputation(Result):
    """Several completed copies of a data set.

    Attributes
    ----------
    n, m, iterations, seed : int
        Patients, copies, rounds through the variables for each copy, and where the random numbers start.
    missing : dict of str to int
        How many values each variable lacked.
    completed : tuple of dict of str to ndarray
        Each copy: the variables in the order given, known values unchanged.
    """

    method: str
    n: int
    m: int
    iterations: int
    seed: int
    missing: dict[str, int]
    completed: tuple[dict[str, Values], ...]


def impute(
    variables: Mapping[str, npt.ArrayLike],
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    *,
    seed: int,
    m: int = 20,
    iterations: int = 10,
) -> Imputation:
    """Fill in missing covariates `m` times, each time by other draws from what the known values allow.

    Each variable in turn is regressed on all the others, the event and the cumulative hazard, and its missing
    values are drawn anew with the uncertainty of that regression. The same seed gives the same copies; with a
    larger `m` more are added. Fit the model to each copy and give estimates and variances to `rubin.pool`.

    Own code: statsmodels' chained equations know numbers only and share one global random state;
    scikit-learn's iterative imputer draws categories as numbers.

    Parameters
    ----------
    variables : mapping of str to array_like, shape (n,)
        Numbers with NaN, or texts with None, where missing. Texts are categories, and so are numbers of at
        most two distinct values.
    durations, event_observed : array_like, shape (n,)
        The outcome, complete.
    seed : int
    m : int
        A rule of thumb: not below the percentage of incomplete patients.
    iterations : int

    Raises
    ------
    ValueError
        For a variable without any known value, naming it, for unequal lengths, and unless `m` and
        `iterations` are positive.

    References
    ----------
    White IR, Royston P. Stat Med 2009;28:1982–1998 (event and hazard). White IR, Royston P, Wood AM. Stat Med
    2011;30:377–399. Little RJA. J Bus Econ Stat 1988;6:287–296 (matching).
    """
    times, events = survival_arrays(durations, event_observed)
    if m < 1 or iterations < 1:
        raise ValueError("m and iterations must be positive")
    columns = {name: _Column(name, values, times.size) for name, values in variables.items()}
    outcome = np.column_stack((events.astype(np.float64), _nelson_aalen(times, events)))
    streams = np.random.SeedSequence(seed).spawn(m)
    return Imputation(
        method=METHOD,
        n=times.size,
        m=m,
        iterations=iterations,
        seed=seed,
        missing={name: int(column.missing.sum()) for name, column in columns.items()},
        completed=tuple(
            _completed(columns, outcome, np.random.default_rng(stream), iterations) for stream in streams
        ),
    )


class _Column:
    """A variable with gaps: its values as numbers, of a category its position in `categories`."""

    def __init__(self, name: str, values: npt.ArrayLike, rows: int) -> None:
        given = np.asarray(values)
        if given.shape != (rows,):
            raise ValueError(f"{name} must have {rows} rows")
        if given.dtype.kind in "biuf":
            given = given.astype(np.float64)
            self.missing: BoolArray = np.isnan(given)
        else:
            given = given.astype(object)
            self.missing = np.array([value is None or value != value for value in given], dtype=np.bool_)
        if rows and self.missing.all():
            raise ValueError(f"{name} has no known value")
        self.categories, positions = np.unique(given[~self.missing], return_inverse=True)
        self.is_category = given.dtype == object or self.categories.size <= 2
        self.values = np.zeros(rows)
        self.values[~self.missing] = positions if self.is_category else given[~self.missing]

    def start(self, random: np.random.Generator) -> FloatArray:
        """Fill the gaps with known values, at random."""
        filled = self.values.copy()
        if self.missing.any():
            filled[self.missing] = random.choice(self.values[~self.missing], int(self.missing.sum()))
        return filled

    def draw(self, predictors: FloatArray, random: np.random.Generator) -> FloatArray:
        """Draw the gaps from a regression of the known values on the predictors."""
        known, filled = ~self.missing, self.values.copy()
        if not self.is_category:
            filled[self.missing] = _matched(self.values[known], predictors[known], predictors[~known], random)
        elif self.categories.size > 1:
            positions = self.values[known].astype(np.intp)
            filled[self.missing] = _drawn_categories(positions, predictors[known], predictors[~known], random)
        return filled

    def as_predictors(self, filled: FloatArray) -> FloatArray:
        """Return a number as it is, categories as indicators of all but the first."""
        if not self.is_category:
            return filled[:, None]
        indicators: FloatArray = (filled[:, None] == np.arange(1, self.categories.size)).astype(np.float64)
        return indicators

    def as_given(self, filled: FloatArray) -> Values:
        """Return numbers or texts as they were given."""
        return self.categories[filled.astype(np.intp)] if self.is_category else filled


def _completed(
    columns: Mapping[str, _Column], outcome: FloatArray, random: np.random.Generator, iterations: int
) -> dict[str, Values]:
    filled = {name: column.start(random) for name, column in columns.items()}
    incomplete = sorted(
        (name for name in columns if columns[name].missing.any()),
        key=lambda name: int(columns[name].missing.sum()),
    )
    for _round in range(iterations):
        for name in incomplete:
            others = [columns[other].as_predictors(filled[other]) for other in columns if other != name]
            filled[name] = columns[name].draw(_standardized(np.column_stack((outcome, *others))), random)
    return {name: column.as_given(filled[name]) for name, column in columns.items()}


def _matched(y: FloatArray, x: FloatArray, wanted: FloatArray, random: np.random.Generator) -> FloatArray:
    """Draw coefficients, and give each gap the value of a patient whose prediction is among the nearest."""
    gram = x.T @ x
    covariance = np.linalg.inv(gram + np.diag(_RIDGE * np.diagonal(gram)))
    coef = covariance @ (x.T @ y)
    residual = y - x @ coef
    variance = float(residual @ residual) / random.chisquare(max(y.size - x.shape[1], 1))
    noise = np.linalg.cholesky(covariance) @ random.standard_normal(coef.size)
    distance = np.abs((wanted @ (coef + np.sqrt(variance) * noise))[:, None] - x @ coef)
    donors = np.argsort(distance, axis=1, kind="stable")[:, :_DONORS]
    chosen = random.integers(donors.shape[1], size=len(wanted))
    drawn: FloatArray = y[donors[np.arange(len(wanted)), chosen]]
    return drawn


def _drawn_categories(
    y: IntArray, x: FloatArray, wanted: FloatArray, random: np.random.Generator
) -> IntArray:
    """Draw coefficients of a multinomial logistic regression, then categories from its probabilities."""
    others = int(y.max())
    indicators = (y[:, None] == np.arange(1, others + 1)).astype(np.float64)
    precision = np.full(x.shape[1], _PRIOR_SPREAD**-2)
    precision[-1] = 0.1 * precision[-1]  # the intercept, which is last
    precision = np.tile(precision, others)

    def evaluate(point: FloatArray) -> Evaluation:
        linear = _with_reference(x @ point.reshape(others, -1).T)
        probabilities = softmax(linear, axis=1)[:, 1:]
        spread = -probabilities[:, :, None] * probabilities[:, None, :]
        spread += probabilities[:, :, None] * np.eye(others)
        information = np.einsum("ikl,ia,ib->kalb", spread, x, x, optimize=True).reshape(point.size, -1)
        shift = linear.max(axis=1)
        log_total = shift + np.log(np.exp(linear - shift[:, None]).sum(axis=1))
        return Evaluation(
            float((linear[:, 1:] * indicators).sum() - log_total.sum() - precision @ point**2 / 2),
            ((indicators - probabilities).T @ x).ravel() - precision * point,
            information + np.diag(precision),
        )

    mode = newton_raphson(evaluate, np.zeros(precision.size))
    root = np.linalg.cholesky(np.linalg.inv(mode.evaluation.information))
    point = mode.point + root @ random.standard_normal(precision.size)
    probabilities = softmax(_with_reference(wanted @ point.reshape(others, -1).T), axis=1)
    drawn: IntArray = np.argmax(random.random((len(wanted), 1)) < np.cumsum(probabilities, axis=1), axis=1)
    return drawn


def _with_reference(linear: FloatArray) -> FloatArray:
    return np.column_stack((np.zeros(len(linear)), linear))


def _standardized(x: FloatArray) -> FloatArray:
    """Center and scale, leave constants out, and add the intercept as the last column."""
    varying = np.ptp(x, axis=0) > 0
    centered = x[:, varying] - x[:, varying].mean(axis=0)
    return np.column_stack((centered / centered.std(axis=0), np.ones(len(x))))


def _nelson_aalen(times: FloatArray, events: BoolArray) -> FloatArray:
    table = event_table(times, events)
    hazard = np.cumsum(table.events[0] / table.at_risk[0])
    at_own_time: FloatArray = hazard[np.searchsorted(table.times, times)]
    return at_own_time
