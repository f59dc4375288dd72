"""What is missing in the sources of the patients whose derived values are not prescribed."""

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Case, Row, missing
from registry.management.study_cohort.profile import Profile

BASELINE = {
    "ecog": ("NK", 0.06),
    "weight_kg": ("NK", 0.02),
    "height_cm": ("NK", 0.1),
    "hb": ("NK", 0.02),
    "platelets": ("ND", 0.03),
    "neutrophils": ("ND", 0.04),
    "creatinine": ("NK", 0.02),
    "calcium_total": ("ND", 0.08),
    "albumin": ("ND", 0.05),
    "b2m": ("ND", 0.08),
    "ldh": ("ND", 0.05),
    "serum_m_protein": ("NK", 0.01),
    "bmpc_pct": ("ND", 0.25),
    "bone_lesions_n": ("NK", 0.05),
    "relapse_biochemical": ("NK", 0.03),
    "crab_calcium": ("NK", 0.02),
    "crab_bone": ("NK", 0.03),
    "neuropathy_grade": ("NK", 0.08),
    "comorbidities": ("NK", 0.03),
}
CYCLE = {
    "isa_infusions_n": ("NK", 0.004),
    "pom_total_mg": ("NK", 0.02),
    "cycle_weight_kg": ("ND", 0.08),
    "dex_doses_n": ("NK", 0.03),
}
DEPENDENT = {"bmpc_pct": ("bm_date",), "ldh": ("ldh_uln_sample",)}


def open_gaps(profile: Profile, case: Case) -> None:
    """Replace some answers of the case by missing reasons."""
    _open(case["baseline"], BASELINE, Draw(profile.reference, "gaps", "baseline"))
    for row in case["isapd_cycle"]:
        _open(row, CYCLE, Draw(profile.reference, "gaps", "cycle", row["cycle_no"]))
        if row["isa_infusions_n"] == missing("NK"):
            row["isa_total_mg"] = missing("NK")


def _open(row: Row, gaps: dict[str, tuple[str, float]], draw: Draw) -> None:
    for name, (reason, probability) in gaps.items():
        if draw.chance(probability) and name in row:
            row[name] = missing(reason)
            for dependent in DEPENDENT.get(name, ()):
                row.pop(dependent, None)
