"""R-ISS (Palumbo 2015) and R2-ISS (D'Agostino 2022), exploratory at relapse (D11).

Missing inputs: a stage is given only when every completion of them gives the same one.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from registry.derivations.cytogenetics import INPUTS as CYTO_INPUTS
from registry.derivations.cytogenetics import Markers
from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.iss import possible_stages
from registry.derivations.ldh import INPUTS as LDH_INPUTS
from registry.terminology.text import gettext_noop as _

RISS_INPUTS = ("b2m", "albumin", *LDH_INPUTS, *CYTO_INPUTS)
R2ISS_INPUTS = (*RISS_INPUTS, "fish_1q")
SEVERAL_STAGES = _("The missing values leave more than one stage possible")
SEVERAL_TOTALS = _("The missing values leave more than one total possible")
INCOMPLETE = _("An input is missing, but every completion gives this group")


class Inputs(NamedTuple):
    """ISS stages still possible, whether LDH is high, and the markers; None where missing."""

    stages: tuple[str, ...]
    high_ldh: bool | None
    markers: Markers


def inputs_of(b2m: Fraction | None, albumin: Fraction | None, ldh: Answer, markers: Markers) -> Inputs:
    """What both scores are made from."""
    return Inputs(possible_stages(b2m, albumin), ldh.value == "HIGH" if ldh.is_ok else None, markers)


def r_iss(found: Inputs) -> Answer:
    """`r_iss`: I, II or III."""
    high_risk = found.markers.high_risk
    risk = True if True in high_risk else None if None in high_risk else False
    stages = {
        _riss(stage, ldh, cyto)
        for stage, ldh, cyto in product(found.stages, _completions(found.high_ldh), _completions(risk))
    }
    return ok(stages.pop(), RISS_INPUTS) if len(stages) == 1 else ne(SEVERAL_STAGES, RISS_INPUTS)


def _riss(stage: str, high_ldh: bool, high_risk: bool) -> str:
    if stage == "I" and not high_ldh and not high_risk:
        return "I"
    return "III" if stage == "III" and (high_ldh or high_risk) else "II"


_HALF, _GROUP_III = Fraction(1, 2), Fraction(5, 2)
_ISS_POINTS = {"I": Fraction(0), "II": Fraction(1), "III": Fraction(3, 2)}


def r2_iss_total(found: Inputs) -> Answer:
    """`r2_iss_total`: points of the R2-ISS."""
    low, high = _totals(found)
    return ok(low, R2ISS_INPUTS) if low == high else ne(SEVERAL_TOTALS, R2ISS_INPUTS)


def r2_iss(found: Inputs) -> Answer:
    """`r2_iss`: group I to IV of the points."""
    low, high = _totals(found)
    if _group(low) != _group(high):
        return ne(SEVERAL_STAGES, R2ISS_INPUTS)
    return ok(_group(low), R2ISS_INPUTS) if low == high else ok(_group(low), R2ISS_INPUTS, INCOMPLETE)


def r2iss_complete(found: Inputs) -> Answer:
    """`r2iss_complete`: whether no input of the R2-ISS is missing."""
    markers = found.markers
    known = (found.high_ldh, markers.del17p, markers.t4_14, markers.gain_1q)
    return yes_no(len(found.stages) == 1 and None not in known, R2ISS_INPUTS, "")


def _totals(found: Inputs) -> tuple[Fraction, Fraction]:
    """Least and greatest total over all completions."""
    markers = found.markers
    whole = (found.high_ldh, markers.del17p, markers.t4_14)
    points = [_ISS_POINTS[stage] for stage in found.stages]
    low = min(points) + sum(flag is True for flag in whole) + _HALF * (markers.gain_1q is True)
    high = max(points) + sum(flag is not False for flag in whole) + _HALF * (markers.gain_1q is not False)
    return low, high


def _group(total: Fraction) -> str:
    if total == 0:
        return "I"
    if total <= 1:
        return "II"
    return "III" if total <= _GROUP_III else "IV"


def _completions(flag: bool | None) -> Iterable[bool]:
    return (True, False) if flag is None else (flag,)
