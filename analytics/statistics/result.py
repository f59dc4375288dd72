"""What every estimate of this package has in common: it knows how to become JSON, always the same way."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

JSON = dict[str, "JSON"] | list["JSON"] | str | int | float | bool | None


def jsonable(value: object) -> JSON:
    """Turn a result into plain JSON values.

    Parameters
    ----------
    value : object
        Dataclasses, mappings, sequences, numpy scalars, enums and dates, nested at will.

    Returns
    -------
    JSON
        Mappings keep string keys; dates are ISO 8601; ``None`` stands for "not estimable".

    Raises
    ------
    ValueError
        For NaN or an infinity: an estimate that does not exist must be None and say why.
    TypeError
        For a type that has no obvious JSON form.
    """
    if isinstance(value, Enum):
        return jsonable(value.value)
    if isinstance(value, np.generic):
        return jsonable(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is not a result")
    if value is None or isinstance(value, bool | str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return _container(value)


def _container(value: object) -> JSON:
    if isinstance(value, Result):
        return value.to_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | Sequence):
        return [jsonable(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def nullable(values: npt.NDArray[np.float64]) -> list[Any]:
    """Return an array as lists, with None for NaN: what an array holds where nothing can be estimated."""
    with_none: list[Any] = np.where(np.isnan(values), np.array(None), values).tolist()
    return with_none


class Result:
    """Base of the frozen dataclasses that hold an estimate.

    Attributes
    ----------
    nullable_arrays : tuple of str
        Fields with arrays of floats that may hold NaN, null in JSON.
    """

    nullable_arrays: ClassVar[tuple[str, ...]] = ()

    def to_json(self) -> dict[str, JSON]:
        """Return the result as plain JSON values."""
        names = (field.name for field in dataclasses.fields(self))  # type: ignore[arg-type]
        values = {name: getattr(self, name) for name in names}
        values |= {name: nullable(values[name]) for name in self.nullable_arrays}
        return {name: jsonable(value) for name, value in values.items()}
