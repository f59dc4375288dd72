"""Harrell's concordance of many scores of the same patients at once, each resample counted too.

Patients are numbered by time, and sorted by score. Two of them are told apart in time by the highest binary
digit in which their numbers differ: at each digit, among patients that agree in all higher ones, running sums
count the pairs with 0 and 1. That is n log n for each score, without a loop over scores.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.cox_data import CoxData

Numbers = npt.NDArray[np.unsignedinteger[Any]]

# Numbers held at once for each of the arrays: they stay in the processor's cache.
_CHUNK = 65_536


class ReplicateConcordance:
    """Concordance of scores with the survival of some patients.

    Parameters
    ----------
    data : CoxData
        Its times, events and strata are used.

    Raises
    ------
    ValueError
        For left-truncated data.
    """

    def __init__(self, data: CoxData) -> None:
        if data.entry is not None:
            raise ValueError("entry: replicates of left-truncated data have no concordance")
        # Events come before those censored at the same time, who outlived them.
        moment = 2 * np.unique(data.times, return_inverse=True)[1] + ~data.events
        moment = np.unique(moment, return_inverse=True)[1]
        self._digits = int(moment.max(initial=0)).bit_length()
        stratum = np.zeros(moment.size, dtype=np.intp) if data.strata is None else data.strata
        number = (stratum << self._digits) + moment
        self._all_digits = int(number.max(initial=0)).bit_length()
        self._by_time = np.argsort(number, kind="stable")
        small = self._all_digits <= 16  # such numbers are sorted in a fraction of the time
        self._number: Numbers = number[self._by_time].astype(np.uint16 if small else np.uint64)
        self._event = data.events[self._by_time].astype(np.float64)

    def __call__(self, scores: FloatArray, frequencies: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Measure how well each score orders a resample, and the patients themselves.

        Parameters
        ----------
        scores : ndarray of float, shape (B, n)
            Higher means an earlier event.
        frequencies : ndarray of float, shape (B, n)
            How often each replicate draws each patient.

        Returns
        -------
        resampled, original : ndarray of float, shape (B,)
            NaN where no two patients can be compared.
        """
        size = max(1, _CHUNK // max(1, self._number.size))
        parts = [
            self._chunk(scores[begin : begin + size], frequencies[begin : begin + size])
            for begin in range(0, scores.shape[0], size)
        ]
        resampled, original = np.concatenate(parts, axis=1) if parts else np.empty((2, 0))
        return resampled, original

    def _chunk(self, scores: FloatArray, frequencies: FloatArray) -> FloatArray:
        scores, drawn = scores[:, self._by_time], frequencies[:, self._by_time]
        counts = np.stack((drawn, np.ones_like(drawn)))
        comparable = self._comparable(counts)
        # Of equal scores the earlier comes first, so that a tie does not pass for a lower score.
        order = np.argsort(scores, axis=1, kind="stable")
        number, counts = self._number[order], np.take_along_axis(counts, order[None], axis=2)
        events = counts * self._event[order]
        concordant = 0.5 * self._tied(np.take_along_axis(scores, order, axis=1), number, events, counts)
        for digit in reversed(range(self._all_digits)):
            later = (number >> digit) & 1 == 1
            if digit < self._digits:
                concordant += self._lower_and_later(digit, later, events, counts)
            if digit:
                order = np.argsort(number >> digit, axis=1, kind="stable")
                number = np.take_along_axis(number, order, axis=1)
                events, counts = (np.take_along_axis(each, order[None], axis=2) for each in (events, counts))
        with np.errstate(invalid="ignore"):
            share: FloatArray = concordant / comparable
        return share

    def _lower_and_later(
        self, digit: int, later: BoolArray, events: FloatArray, counts: FloatArray
    ) -> FloatArray:
        """Count, among those that agree in the higher digits, who outlived an event with a lower score."""
        agree = self._number >> (digit + 1)
        starts = np.concatenate(([0], np.flatnonzero(agree[1:] != agree[:-1]) + 1))
        lower = np.cumsum(np.where(later, counts, 0.0), axis=2)
        others = np.zeros((*lower.shape[:2], starts.size))
        others[..., 1:] = lower[..., starts[1:] - 1]
        lower -= np.repeat(others, np.diff(starts, append=agree.size), axis=2)
        pairs: FloatArray = np.einsum("wbn,wbn->wb", lower, np.where(later, 0.0, events))
        return pairs

    def _tied(
        self, scores: FloatArray, number: Numbers, events: FloatArray, counts: FloatArray
    ) -> FloatArray:
        """Count the comparable pairs with equal scores, which are neighbors."""
        equal = scores[:, 1:] == scores[:, :-1]
        if not equal.any():
            return np.zeros(counts.shape[:2])
        stratum = number >> self._digits
        alike = equal & (stratum[:, 1:] == stratum[:, :-1])
        together = alike & (number[:, 1:] == number[:, :-1])
        earlier = np.cumsum(events, axis=2) - events
        first, first_together = (
            np.take_along_axis(earlier, _run_starts(same)[None], axis=2) for same in (alike, together)
        )
        pairs: FloatArray = np.einsum("wbn,wbn->wb", counts, first_together - first)
        return pairs

    def _comparable(self, counts: FloatArray) -> FloatArray:
        """Count the pairs of an event with someone of its stratum who outlived it."""
        number = self._number
        until = np.concatenate((np.zeros((*counts.shape[:2], 1)), np.cumsum(counts, axis=2)), axis=2)
        stratum = number >> self._digits
        ends = np.searchsorted(stratum, stratum, side="right")
        outlived = until[..., ends] - until[..., np.searchsorted(number, number, side="right")]
        pairs: FloatArray = np.einsum("wbn,wbn,n->wb", counts, outlived, self._event)
        return pairs


def _run_starts(same_as_previous: BoolArray) -> IntArray:
    """Return for each position where its run of equals begins; shape (B, n − 1) becomes (B, n)."""
    position = np.arange(1, same_as_previous.shape[1] + 1)
    starts = np.zeros((same_as_previous.shape[0], position.size + 1), dtype=np.intp)
    starts[:, 1:] = np.maximum.accumulate(np.where(same_as_previous, 0, position), axis=1)
    return starts
