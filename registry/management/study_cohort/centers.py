"""The synthetic centers: approval, activation, laboratory reference ranges."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Row, iso, measured, number

COUNT = 28
ABROAD = 28
"""Number of the one center outside Italy."""


def code(center: int) -> str:
    """Center code: IT001 … IT027, CH028."""
    return f"{'CH' if center == ABROAD else 'IT'}{center:03d}"


@lru_cache(maxsize=COUNT)
def _approval(center: int) -> date:
    return date(2020, 9, 1) + timedelta(days=Draw("center", center, "approval").between(0, 330))


@lru_cache(maxsize=COUNT)
def activation(center: int) -> date:
    """Day the center was activated: no patient is enrolled before."""
    return _approval(center) + timedelta(days=Draw("center", center, "activation").between(14, 120))


def writes_comma(center: int) -> bool:
    """Whether the center's people type a decimal comma."""
    return center % 4 == 1


def center_row(center: int) -> Row:
    """The center's own form, evidently synthetic."""
    return {
        "center_code": code(center),
        "center_name": f"Synthetic Hospital {center:02d} (demo)",
        "center_country": "OTHER" if center == ABROAD else "IT",
        "center_pi_name": f"Synthetic Investigator {center:02d} (demo)",
        "ec_reference": f"SYNTHETIC-EC-{center:02d}/{_approval(center).year}",
        "ec_approval_date": iso(_approval(center)),
        "center_activation_date": iso(activation(center)),
    }


@lru_cache(maxsize=COUNT)
def _periods(center: int) -> tuple[tuple[date, Decimal, bool], ...]:
    """(valid from, LDH upper limit as printed, whether printed in µkat/L), oldest first."""
    draw = Draw("center", center, "laboratory")
    in_microkatal = center % 9 == 4
    uln = Decimal(draw.pick((225, 234, 240, 245, 248, 250, 280, 333, 460)))
    periods = [(date(2012, 1, 1), uln)]
    if draw.chance(0.4):
        changed = date(2022, 1, 1) + timedelta(days=draw.between(0, 500))
        periods.append((changed, uln + draw.pick((-15, 10, 20))))
    if in_microkatal:
        # As a µkat/L laboratory prints it: 4.13, not 248.
        return tuple((since, (limit / 60).quantize(Decimal("0.01")), True) for since, limit in periods)
    return tuple((since, limit, False) for since, limit in periods)


def ldh_limit(center: int, day: date) -> Decimal:
    """LDH upper limit of normal valid that day, in U/L."""
    valid = [period for period in _periods(center) if period[0] <= day]
    _, limit, in_microkatal = valid[-1]
    return limit * 60 if in_microkatal else limit


def del17p_cutoff(center: int) -> int:
    """The laboratory's cut-off for del(17p), percent of nuclei."""
    return Draw("center", center, "del17p").pick((10, 20, 50, 55))


def labref_rows(center: int) -> list[Row]:
    """The center's reference ranges, one row per period."""
    comma = writes_comma(center)
    other_assay = center % 13 == 5
    return [
        {
            "labref_valid_from": iso(since),
            "ldh_uln": measured(limit, "ukat/L" if in_microkatal else "U/L", comma),
            "flc_ratio_low": number(Decimal("0.31" if other_assay else "0.26"), comma),
            "flc_ratio_high": number(Decimal("1.56" if other_assay else "1.65"), comma),
            "del17p_cutoff_pct": number(Decimal(del17p_cutoff(center))),
        }
        for since, limit, in_microkatal in _periods(center)
    ]
