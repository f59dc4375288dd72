"""How numbers are written: rounded half up, as the paper does."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DASH = "–"
NOT_GIVEN = "—"


def half_up(value: float, decimals: int) -> Decimal:
    """Round half up on the number as it prints, so that 6.25 becomes 6.3 and not 6.2."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(value: float | None, decimals: int = 1) -> str:
    """Write a number; a dash where there is none."""
    if value is None:
        return NOT_GIVEN
    rounded = half_up(value, decimals)
    return str(abs(rounded) if rounded == 0 else rounded).replace("-", "−")


def percent(share: float | None, decimals: int = 1) -> str:
    """Write a share as a percentage without its sign; 0 and 100 without decimals, as the paper does."""
    if share is None:
        return NOT_GIVEN
    if share in (0, 1):
        return str(round(100 * share))
    return number(100 * share, decimals)


def count(part: int, whole: int) -> str:
    """Write "29 (56.9)"."""
    return f"{part} ({percent(part / whole)})" if whole else f"{part} ({NOT_GIVEN})"


def interval(lower: float | None, upper: float | None, decimals: int = 1) -> str:
    """Write "3.9–7.7"; a limit that is not reached as NR, an interval without both as a dash."""
    if lower is None and upper is None:
        return NOT_GIVEN
    low, high = ("NR" if limit is None else number(limit, decimals) for limit in (lower, upper))
    return f"{low} to {high}" if low.startswith("−") else f"{low}{DASH}{high}"


def p_value(p: float | None) -> str:
    """Write a p value: two decimals, three below 0.1, and never 0."""
    if p is None:
        return NOT_GIVEN
    if p < 0.001:
        return "<0.001"
    return number(p, 3 if p < 0.1 else 2)


def ratio(value: float | None) -> str:
    """Write a hazard ratio with two decimals, from 10 on with three digits."""
    if value is None:
        return NOT_GIVEN
    return number(value, 2 if value < 10 else 1 if value < 100 else 0)


def ratio_interval(value: float | None, lower: float | None, upper: float | None) -> str:
    """Write "3.55 (1.51–8.36)"."""
    if value is None:
        return NOT_GIVEN
    return f"{ratio(value)} ({ratio(lower)}{DASH}{ratio(upper)})"
