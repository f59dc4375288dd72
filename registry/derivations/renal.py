"""Kidney function: Cockcroft–Gault clearance (D05) and CKD-EPI 2021 (D06)."""

from fractions import Fraction

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reasons import missing
from registry.terminology.text import gettext_noop as _

CRCL_INPUTS = ("birth_date", "isapd_start_date", "weight_kg", "creatinine", "sex", "dialysis")
EGFR_INPUTS = ("birth_date", "isapd_start_date", "creatinine", "sex")
ON_DIALYSIS = _("The patient is on dialysis")
NOT_POSITIVE = _("Creatinine is not above zero")

LIMIT = 60
FEMALE = Fraction(85, 100)


def crcl_cg(
    age: Answer, weight: Fraction | None, creatinine: Fraction | None, sex: str | None, dialysis: bool | None
) -> Answer:
    """`crcl_cg`, Cockcroft–Gault in mL/min with the actual weight, exact.

    No fallback to an eGFR: it can fall on the other side of 60.
    """
    if dialysis:
        return ne(ON_DIALYSIS, CRCL_INPUTS)
    if weight is None:
        return ne(missing("weight_kg"), CRCL_INPUTS)
    if creatinine is None:
        return ne(missing("creatinine"), CRCL_INPUTS)
    if sex is None:
        return ne(missing("sex"), CRCL_INPUTS)
    if not isinstance(age.value, int):
        return ne(age.reason, CRCL_INPUTS)
    if creatinine <= 0:
        return ne(NOT_POSITIVE, CRCL_INPUTS)
    clearance = (140 - age.value) * weight / (72 * creatinine)
    return ok(clearance * FEMALE if sex == "F" else clearance, CRCL_INPUTS)


def crcl_group(crcl: Answer, dialysis: bool | None) -> Answer:
    """`crcl_group`, ≥60 or <60 on the unrounded clearance; dialysis is <60."""
    if dialysis:
        return ok("<60", CRCL_INPUTS, ON_DIALYSIS)
    if not isinstance(crcl.value, Fraction):
        return ne(crcl.reason, CRCL_INPUTS)
    return ok("≥60" if crcl.value >= LIMIT else "<60", CRCL_INPUTS)


def egfr_ckdepi2021(age: Answer, creatinine: Fraction | None, sex: str | None) -> Answer:
    """`egfr_ckdepi2021` in mL/min/1.73 m² (Inker 2021), the race-free creatinine equation."""
    if creatinine is None:
        return ne(missing("creatinine"), EGFR_INPUTS)
    if sex is None:
        return ne(missing("sex"), EGFR_INPUTS)
    if not isinstance(age.value, int):
        return ne(age.reason, EGFR_INPUTS)
    if creatinine <= 0:
        return ne(NOT_POSITIVE, EGFR_INPUTS)
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "F" else (0.9, -0.302, 1.0)
    ratio = float(creatinine) / kappa
    return ok(
        142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age.value * factor, EGFR_INPUTS
    )
