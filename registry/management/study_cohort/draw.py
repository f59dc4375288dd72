"""Reproducible chance: the same key draws the same cohort on every machine, for ever."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of draws named by a key.

    Drawn from SHA-256 rather than from `random`, whose derived methods may change between versions of
    Python: a changed draw would be a changed patient.

    Parameters
    ----------
    *key : object
        What the stream is for, e.g. ``Draw("SYN001", "baseline")``. A stream of its own per form keeps a
        change in one form from moving all the others.
    """

    def __init__(self, *key: object) -> None:
        self._key = "|".join(str(part) for part in key)
        self._count = 0

    def unit(self) -> float:
        """Uniform on [0, 1)."""
        self._count += 1
        digest = hashlib.sha256(f"{self._key}#{self._count}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included; `low` when `high` lies under it."""
        return low + int(self.unit() * max(1, high - low + 1))

    def decimal(self, low: float, high: float, places: int = 1) -> Decimal:
        """A decimal number with so many places, both ends included."""
        scale = 10**places
        return Decimal(self.between(math.ceil(low * scale - 1e-9), math.floor(high * scale + 1e-9))).scaleb(
            -places
        )

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        return options[int(self.unit() * len(options))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as likely as its weight says."""
        mark = self.unit() * sum(weights.values())
        for option, weight in weights.items():
            mark -= weight
            if mark < 0:
                return option
        return option

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean."""
        return -mean * math.log(1 - self.unit())
