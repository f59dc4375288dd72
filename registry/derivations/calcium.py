"""Albumin-corrected calcium and the laboratory CRAB flags (D08)."""

from fractions import Fraction

from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.logic import any_of
from registry.derivations.reasons import missing
from registry.terminology.text import gettext_noop as _

INPUTS = ("calcium_total", "albumin")
RENAL_INPUTS = ("creatinine", "weight_kg", "birth_date", "isapd_start_date", "sex", "dialysis")
ANEMIA_INPUTS = ("hb",)
BONE_INPUTS = ("bone_lesions_n",)
PER_ALBUMIN = Fraction(8, 10)
UNCORRECTED = _("Albumin is missing: calcium is not corrected")
RENAL_UNKNOWN = _("Creatinine or creatinine clearance is missing")
BONE_UNKNOWN = _("The number of bone lesions is missing")


def corrected(calcium: Fraction | None, albumin: Fraction | None) -> Fraction | None:
    """Calcium in mg/dL corrected to an albumin of 4 g/dL; as it is where albumin is missing."""
    if calcium is None or albumin is None:
        return calcium
    return calcium + PER_ALBUMIN * (4 - albumin)


def calcium_corrected(calcium: Fraction | None, albumin: Fraction | None) -> Answer:
    """`calcium_corrected` in mg/dL."""
    if calcium is None:
        return ne(missing("calcium_total"), INPUTS)
    value = corrected(calcium, albumin)
    return ok(value, INPUTS, UNCORRECTED) if albumin is None else ok(value, INPUTS)


def crab_lab_calcium(calcium: Answer) -> Answer:
    """`crab_lab_calcium`: corrected calcium above 11 mg/dL (IMWG 2014)."""
    value = calcium.value
    return yes_no(value > 11 if isinstance(value, Fraction) else None, INPUTS, calcium.reason, calcium.reason)


def crab_lab_renal(creatinine: Fraction | None, crcl: Answer) -> Answer:
    """`crab_lab_renal`: creatinine above 2 mg/dL or clearance below 40 mL/min."""
    high = None if creatinine is None else creatinine > 2
    low = crcl.value < 40 if isinstance(crcl.value, Fraction) else None
    return yes_no(any_of((high, low)), RENAL_INPUTS, RENAL_UNKNOWN)


def crab_lab_anemia(hb: Fraction | None) -> Answer:
    """`crab_lab_anemia`: hemoglobin below 10 g/dL."""
    return yes_no(None if hb is None else hb < 10, ANEMIA_INPUTS, missing("hb"))


def crab_lab_bone(lesions: str | None) -> Answer:
    """`crab_lab_bone`: at least one lytic lesion."""
    return yes_no(None if lesions is None else lesions != "0", BONE_INPUTS, BONE_UNKNOWN)
