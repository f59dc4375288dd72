"""Whether two results agree, value by value, and how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ABSOLUTE = 1e-12
"""Values closer than this agree, whatever their size: a p of 1e-15 has no digits to compare."""

NEAR_THE_LIMIT = 1e-6
"""How far other software is from the limit of the finite numbers when it stops on its way to infinity."""

_INFINITIES = {"Inf": math.inf, "-Inf": -math.inf}
_ABSENT = object()


@dataclass(frozen=True)
class Value:
    """One value of a result, beside the known one.

    Attributes
    ----------
    path : str
        Where it stands, as ``ALL.surv[2]``.
    expected, got : object
    error : float or None
        Relative to the known value, or to ``ABSOLUTE / allowed`` where that is larger; None where there is
        nothing to measure.
    allowed : float
    agrees : bool
    """

    path: str
    expected: object
    got: object
    error: float | None
    allowed: float
    agrees: bool


def compare(
    expected: Mapping[str, Any], got: Mapping[str, Any], rtol: float, precision: Mapping[str, float]
) -> tuple[Value, ...]:
    """Set a result beside the known one.

    A list of one and its only element are the same, as R writes them; ``"Inf"`` is an infinity; keys that
    begin with an underscore are R's row names. What the known result does not name is not compared.

    Parameters
    ----------
    expected, got : mapping
    rtol : float
        Allowed relative difference.
    precision : mapping of str to float
        Another for some keys. `math.inf` is for what cannot be compared: a sentence, or where the iterations
        of other software stopped on their way to infinity. Of those only the sign of an infinity counts; the
        finite numbers beside them must agree as far as `NEAR_THE_LIMIT`.
    """
    return tuple(
        value
        for key in _keys(expected)
        for value in _values(key, expected[key], got.get(key, _ABSENT), precision.get(key, rtol), precision)
    )


def _keys(expected: Mapping[str, Any]) -> list[str]:
    return [key for key in expected if not key.startswith("_")]


def _values(
    path: str, expected: Any, got: Any, allowed: float, precision: Mapping[str, float]
) -> Iterator[Value]:
    expected, got = _same_shape(_plain(expected), _plain(got))
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key in _keys(expected):
            yield from _values(
                f"{path}.{key}",
                expected[key],
                got.get(key, _ABSENT),
                precision.get(key, allowed),
                precision,
            )
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for index, pair in enumerate(zip(expected, got, strict=True)):
            yield from _values(f"{path}[{index}]", *pair, allowed, precision)
    else:
        yield _value(path, expected, got, allowed)


def _plain(value: Any) -> Any:
    """Return numpy arrays and scalars as Python's own, R's infinities as numbers."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return _INFINITIES.get(value, value) if isinstance(value, str) else value


def _same_shape(expected: Any, got: Any) -> tuple[Any, Any]:
    if isinstance(expected, list) and not isinstance(got, list):
        return expected, [got]
    if isinstance(got, list) and not isinstance(expected, list):
        return [expected], got
    return expected, got


def _value(path: str, expected: Any, got: Any, allowed: float) -> Value:
    if got is _ABSENT:
        return Value(path, expected, "nothing", None, allowed, agrees=False)
    if _is_number(expected) and _is_number(got):
        return _numbers(path, float(expected), float(got), allowed)
    agrees = expected == got or allowed == math.inf
    return Value(path, expected, got, None, allowed, agrees)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _numbers(path: str, expected: float, got: float, allowed: float) -> Value:
    if not (math.isfinite(expected) and math.isfinite(got)):
        same_way = allowed == math.inf and math.isinf(got) and (expected > 0) == (got > 0)
        return Value(path, expected, got, None, allowed, expected == got or same_way)
    if allowed == math.inf:
        allowed = NEAR_THE_LIMIT
    error = abs(got - expected) / max(abs(expected), ABSOLUTE / allowed)
    return Value(path, expected, got, error, allowed, error <= allowed)
