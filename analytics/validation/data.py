"""The rows a case is computed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.validation.case import INLINE, Case

if TYPE_CHECKING:
    import pandas as pd

LIFELINES = "lifelines:"
_NEW_COLUMN = re.compile(r"\s*([\w.]+)\s*=(?!=)\s*(.+)")


def rows(case: Case, folder: Path) -> pd.DataFrame:
    """Return the data of a case, filtered, without missing values; empty for inline data.

    A row leaves when it has no value in a column that `drop_na` names, or that the arguments name: so do R's
    models.

    Parameters
    ----------
    case : Case
    folder : Path
        Where the CSV files are.

    Raises
    ------
    ValueError
        For a data set, a column or an expression that is not there.
    """
    import pandas as pd

    if case.dataset == INLINE:
        return pd.DataFrame()
    data = _dataset(case.dataset, folder)
    for expression in case.filters:
        data = _filtered(data, expression)
    if unknown := set(case.drop_na) - set(data.columns):
        raise ValueError(f"{case.dataset} has no column {', '.join(sorted(unknown))}")
    needed = {*case.drop_na, *(name for name in _texts(case.args.values()) if name in data.columns)}
    return data.dropna(subset=list(needed)).reset_index(drop=True)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _texts(value)


@cache
def _dataset(name: str, folder: Path) -> pd.DataFrame:
    import pandas as pd

    if name.startswith(LIFELINES):
        from lifelines import datasets

        load = getattr(datasets, f"load_{name.removeprefix(LIFELINES)}", None)
        if load is None:
            raise ValueError(f"lifelines has no data set {name.removeprefix(LIFELINES)}")
        return load()  # type: ignore[no-any-return]
    file = folder / f"{name}.csv"
    if not file.is_file():
        raise ValueError(f"{file} does not exist")
    # R writes a missing value as NA, and a text such as "None" is a category; every digit of a number counts.
    return pd.read_csv(file, keep_default_na=False, na_values=["NA", "NaN", ""], float_precision="round_trip")


def _filtered(data: pd.DataFrame, expression: str) -> pd.DataFrame:
    """Apply an expression; as in R, what is missing is neither true nor false."""
    import pandas as pd

    new_column = _NEW_COLUMN.fullmatch(expression)
    condition = new_column[2] if new_column else expression
    value = pd.Series(data.eval(_from_r(condition), local_dict={}, global_dict={}), index=data.index)
    used = [name for name in data.columns if re.search(rf"\b{re.escape(str(name))}\b", condition)]
    known = data[used].notna().all(axis=1)
    if new_column:
        number = value.astype(float) if value.dtype == bool else value
        return data.assign(**{new_column[1]: number.where(known)})
    return data[known & value.astype(bool)]


def _from_r(expression: str) -> str:
    """Translate the few signs in which R's logical expressions differ from those of pandas."""
    expression = re.sub(r"%in%\s*c\(([^)]*)\)", r"in [\1]", expression)
    return re.sub(r"!(?!=)", "~", expression).replace("&&", "&").replace("||", "|")
