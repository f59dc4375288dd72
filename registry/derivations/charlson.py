"""Charlson comorbidity index, myeloma itself excluded (D32)."""

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reasons import missing

INPUTS = ("comorbidities",)

WEIGHTS = {
    "MI": 1,
    "CHF": 1,
    "PVD": 1,
    "CVD": 1,
    "DEM": 1,
    "COPD": 1,
    "CTD": 1,
    "PUD": 1,
    "LIV1": 1,
    "DM": 1,
    "HEMI": 2,
    "REN": 2,
    "DM2": 2,
    "TUM": 2,
    "LEU": 2,
    "LYM": 2,
    "LIV3": 3,
    "METS": 6,
    "AIDS": 6,
}
COVERED_BY = {"DM": "DM2", "LIV1": "LIV3", "TUM": "METS"}
"""The milder form of a disease does not count beside its severe one."""


def charlson(comorbidities: tuple[str, ...] | None) -> Answer:
    """`charlson`: the sum of the weights; NONE weighs nothing."""
    if comorbidities is None:
        return ne(missing("comorbidities"), INPUTS)
    counted = [item for item in comorbidities if COVERED_BY.get(item) not in comorbidities]
    return ok(sum(WEIGHTS.get(item, 0) for item in counted), INPUTS)
