"""Bootstrap optimism of a Cox model, on resamples given in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analytics.statistics.cox import fit
from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.internal_validation import InternalValidation, internal_validation

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation

# Equal covariates are equal scores. Where R multiplies with a BLAS that rounds the last rows differently,
# some such pairs of a resample are not tied: each moves C by half a pair in thousands. R's BLAS ties them.
PRECISION = {"bootstrap_optimism": {"c_boot": 5e-4, "optimism": 5e-4, "c_corrected": 1e-5}}


def bootstrap_optimism(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> dict[str, Any]:
    """Correct C for optimism; the resamples are the lines of `index_file`, rows numbered from 0."""
    covariates = args["covariates"]
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    strata = args.get("strata")
    rows = cox_data(
        data[args.get("time") or "time"],
        data[args.get("event") or "event"],
        data[names],
        names,
        strata=None if strata is None else data[strata],
        ties=Ties(args.get("ties") or Ties.EFRON),
    )
    found = internal_validation(rows, fit(rows), resamples=_resamples(args, folder))
    return {
        "c_apparent": found.concordance.apparent,
        "c_boot": _of_each(found, found.resampled_concordance),
        "c_test": _of_each(found, found.original_concordance),
        "slope": _of_each(found, found.original_slope),
        "optimism": found.concordance.optimism,
        "c_corrected": found.concordance.corrected,
        "slope_mean": found.slope.corrected,
    }


def _resamples(args: Mapping[str, Any], folder: Path) -> npt.NDArray[np.int64]:
    # The path is written from the folder that holds the cases, whose data folder may be anywhere.
    file = folder / Path(args["index_file"]).name
    resamples = np.loadtxt(file, dtype=np.int64, delimiter=",", ndmin=2)
    return resamples[: args.get("B")]


def _of_each(found: InternalValidation, values: npt.NDArray[np.float64]) -> list[float | None]:
    of_each: list[float | None] = [None] * found.replicates
    for replicate, value in zip(found.replicate.tolist(), values.tolist(), strict=True):
        of_each[replicate] = value
    return of_each


OPERATIONS: dict[str, Operation] = {"bootstrap_optimism": bootstrap_optimism}
