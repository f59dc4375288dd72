"""Who is who within one release: study codes, center codes and date shifts, drawn anew for each.

Everything is drawn from the release's secret by a keyed hash, so that the same release can be built again and
two releases cannot be joined. Order tells nothing: codes are numbered in the order of the hashes.

Every date of a patient moves by the same number of days, 30 to 365, earlier or later: intervals stay exact,
the calendar does not. Of a partial date the middle is moved (the 15th, or 1 July, as in the derivations) and
cut to what was known; its shifted bounds would give the length of the month away, and with it the shift.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from registry.dictionary.values import PartialDate, Precision

NEAREST, FARTHEST = 30, 365


@dataclass(frozen=True)
class Pseudonym:
    """One patient, as the release names them."""

    code: str
    center: str
    shift: timedelta

    def date(self, day: date) -> date:
        """The day as the release shows it."""
        return day + self.shift

    def partial(self, day: PartialDate) -> str:
        """A partial date as the release shows it: moved, and known no better than before."""
        moved = (day.imputed + self.shift).isoformat()
        return moved[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[day.precision]]


@dataclass(frozen=True)
class Pseudonyms:
    """All patients and centers of one release."""

    patients: Mapping[UUID, Pseudonym]
    centers: Mapping[str, str]


def draw(secret: str, patients: Mapping[UUID, str]) -> Pseudonyms:
    """Draw the codes of a release.

    Parameters
    ----------
    secret : hex text, the release's own.
    patients : case id → center code.
    """
    key = bytes.fromhex(secret)
    center_order = sorted(set(patients.values()), key=lambda code: _draw(key, "center", code))
    center_codes = {code: f"C{number:03d}" for number, code in enumerate(center_order, start=1)}
    order = sorted(patients, key=lambda case_id: _draw(key, "patient", str(case_id)))
    width = max(4, len(str(len(order))))
    return Pseudonyms(
        patients={
            case_id: Pseudonym(
                code=f"P{number:0{width}d}",
                center=center_codes[patients[case_id]],
                shift=_shift(_draw(key, "shift", str(case_id))),
            )
            for number, case_id in enumerate(order, start=1)
        },
        centers=center_codes,
    )


def _draw(key: bytes, purpose: str, subject: str) -> bytes:
    return hmac.new(key, f"{purpose}\0{subject}".encode(), sha256).digest()


def _shift(drawn: bytes) -> timedelta:
    # 128 bits over fewer than a thousand values: nobody could notice the bias of the remainder.
    number = int.from_bytes(drawn[:16]) % (2 * (FARTHEST - NEAREST + 1))
    days = NEAREST + number // 2
    return timedelta(days=days if number % 2 else -days)
