"""The baseline form and the FISH samples."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from registry.management.study_cohort import centers
from registry.management.study_cohort.disease import Baseline
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import (
    Row,
    iso,
    measured,
    missing,
    number,
    typed_date,
    without_blanks,
)
from registry.management.study_cohort.history import Line
from registry.management.study_cohort.kidney import Kidney, clearance, kidney_for
from registry.management.study_cohort.prior_forms import diagnosed_on, stage_values
from registry.management.study_cohort.profile import Cytogenetics, Profile, Status, Trait

COMORBIDITIES = ("DM", "COPD", "CHF", "MI", "PVD", "CVD", "LIV1", "TUM", "PUD", "CTD", "REN", "DM2")


def kidney_of(profile: Profile) -> Kidney:
    """The patient's weight and creatinine."""
    draw = Draw(profile.reference, "kidney")
    unit = "umol/L" if draw.chance(0.25) else "mg/dL"
    if profile.crcl is None:
        return Kidney(draw.decimal(55, 85), draw.decimal(4.5, 8.5), "mg/dL")
    return kidney_for(profile.crcl, profile.age, profile.sex, unit, draw)


def baseline(profile: Profile, disease: Baseline) -> Row:
    """The baseline form, complete."""
    draw = Draw(profile.reference, "baseline")
    comma = centers.writes_comma(profile.center)
    drawn = profile.start - timedelta(days=draw.between(0, 14))
    kidney = kidney_of(profile)
    crab = _crab(profile, kidney, draw)
    b2m, albumin = stage_values(profile.iss, draw)
    row: Row = {
        "baseline_lab_date": typed_date(drawn, draw),
        "ecog": draw.weighted({"0": 8, "1": 9, "2": 3, "3": 1}),
        "weight_kg": number(kidney.weight, comma),
        "height_cm": number(_height(profile, draw)),
        "hb": _hemoglobin(profile, comma, draw),
        "rbc_transfusion_28d": "Y" if profile.hb < 8 and draw.chance(0.6) else "N",
        "esa_use": "Y" if profile.hb < 10 and draw.chance(0.4) else "N",
        "platelets": _counted(draw.between(45, 310), draw),
        "neutrophils": number(draw.decimal(1.0, 6.5), comma),
        "creatinine": measured(kidney.creatinine, kidney.unit, comma),
        "dialysis": "Y" if profile.has(Trait.DIALYSIS) else "N",
        "calcium_total": _calcium(crab["crab_calcium"] == "Y", albumin, comma, draw),
        "albumin": measured(albumin * 10, "g/L") if draw.chance(0.3) else number(albumin, comma),
        "b2m": measured(b2m, draw.pick(("mg/L", "mg/L", "ug/mL")), comma),
        **_ldh(profile, drawn, comma, draw),
        **_m_protein(profile, disease, drawn, comma, draw),
        "imaging_modality": [draw.pick(("PETCT", "WBLDCT", "WBMRI"))],
        "bone_lesions_n": "GT3" if crab["crab_bone"] == "Y" else draw.pick(("0", "1_3", "GT3")),
        "relapse_biochemical": "Y",
        **crab,
        **_plasmacytoma(disease, draw),
        "neuropathy_grade": draw.weighted({"0": 6, "1": 3, "2": 1}),
        "comorbidities": _comorbidities(draw),
    }
    return without_blanks(row)


def _height(profile: Profile, draw: Draw) -> Decimal:
    return Decimal(draw.between(152, 170) if profile.sex == "F" else draw.between(163, 186))


def _hemoglobin(profile: Profile, comma: bool, draw: Draw) -> object:
    if draw.chance(0.3):
        return measured((profile.hb * 10).quantize(Decimal(1)), "g/L")
    return measured(profile.hb, "g/dL", comma) if draw.chance(0.5) else number(profile.hb, comma)


def _counted(platelets: int, draw: Draw) -> object:
    if draw.chance(0.15):
        return measured(Decimal(platelets) * 1000, "/uL")
    return measured(Decimal(platelets), "10*9/L")


def _calcium(high: bool, albumin: Decimal, comma: bool, draw: Draw) -> object:
    """Corrected calcium (D08) above 11 mg/dL where hypercalcemia is attributed, not above it elsewhere."""
    correction = Decimal("0.8") * (4 - albumin)
    value = draw.decimal(11.6, 12.9) if high else draw.decimal(8.5, 9.9) - max(Decimal(0), correction)
    value = value.quantize(Decimal("0.1"))
    if draw.chance(0.2) and not high:
        return measured((value / Decimal("4.008")).quantize(Decimal("0.01")), "mmol/L", comma)
    return number(value, comma)


def _ldh(profile: Profile, drawn: object, comma: bool, draw: Draw) -> Row:
    limit = centers.ldh_limit(profile.center, drawn)  # type: ignore[arg-type]
    row: Row = {}
    if draw.chance(0.12):
        limit = Decimal(draw.pick((220, 250, 300)))
        row["ldh_uln_sample"] = number(limit)
    share = draw.decimal(1.05, 2.2, 2) if profile.ldh_high else draw.decimal(0.55, 0.97, 2)
    value = (limit * share).quantize(Decimal(1))
    row["ldh"] = number(value)
    if draw.chance(0.15):
        row["ldh"] = measured((value / 60).quantize(Decimal("0.01")), "ukat/L", comma)
    return row


def _m_protein(profile: Profile, disease: Baseline, drawn: object, comma: bool, draw: Draw) -> Row:
    chains = {"flc_kappa": disease.involved, "flc_lambda": disease.uninvolved}
    if profile.light_chain == "L":
        chains = {"flc_kappa": disease.uninvolved, "flc_lambda": disease.involved}
    in_grams_per_liter = draw.chance(0.2)
    serum = number(disease.serum, comma)
    return {
        "serum_m_protein": measured(disease.serum * 10, "g/L", comma) if in_grams_per_liter else serum,
        "m_protein_date": iso(drawn),  # type: ignore[arg-type]
        "serum_ife": "POS" if disease.serum else "NEG",
        "urine_m_protein": missing("NA") if profile.has(Trait.DIALYSIS) else number(disease.urine),
        "urine_ife": "POS" if disease.urine or profile.heavy_chain == "NONE" else "NEG",
        **{name: number(value, comma) for name, value in chains.items()},
        "bmpc_pct": number(Decimal(disease.marrow)),
        "bm_date": iso(profile.start - timedelta(days=draw.between(3, 45))),
    }


def _crab(profile: Profile, kidney: Kidney, draw: Draw) -> dict[str, str]:
    """CRAB answers that agree with the laboratory and with the disease status."""
    crcl = clearance(profile.age, profile.sex, Fraction(kidney.weight), kidney.milligrams)
    failing = kidney.milligrams > 2 or crcl < 40
    answers = dict.fromkeys(("crab_calcium", "crab_renal", "crab_anemia", "crab_bone"), "N")
    if profile.status is Status.BIOCHEMICAL:
        return answers
    if profile.hb < 10 or (profile.hb < 12 and draw.chance(0.6)):
        answers["crab_anemia"] = "Y"
    if failing and draw.chance(0.5):
        answers["crab_renal"] = "Y"
    if draw.chance(0.08):
        answers["crab_calcium"] = "Y"
    if draw.chance(0.4) or (profile.status is Status.SYMPTOMATIC and "Y" not in answers.values()):
        answers["crab_bone"] = "Y"
    return answers


def _plasmacytoma(disease: Baseline, draw: Draw) -> Row:
    if disease.plasmacytoma == "NONE":
        return {"plasmacytoma_type": "NONE", "relapse_plasmacytoma_new": "N"}
    area = Decimal(disease.spd)
    in_square_centimeters = draw.chance(0.4)
    return {
        "plasmacytoma_type": disease.plasmacytoma,
        "plasmacytoma_spd": measured(area / 100, "cm2") if in_square_centimeters else number(area),
        "relapse_plasmacytoma_new": "Y",
    }


def _comorbidities(draw: Draw) -> list[str]:
    found = [code for code in COMORBIDITIES if draw.chance(0.06)]
    return found or ["NONE"]


def fish_rows(profile: Profile, lines: list[Line]) -> list[Row]:
    """One or two FISH samples, or the statement that there is none."""
    draw = Draw(profile.reference, "fish")
    if profile.cytogenetics is Cytogenetics.NOT_DONE:
        return [{"fish_done": "N"}]
    diagnosed = diagnosed_on(profile, lines)
    relapse = profile.start - timedelta(days=draw.between(5, 40))
    high = draw.pick(("fish_t4_14", "fish_t14_16", "fish_del17p", "fish_del17p"))
    results = dict.fromkeys(("fish_t4_14", "fish_t14_16", "fish_del17p"), "NEG")
    if profile.cytogenetics is Cytogenetics.HIGH:
        results[high] = "POS"
    elif profile.cytogenetics is Cytogenetics.INCOMPLETE:
        results[draw.pick(tuple(results))] = draw.pick(("FAIL", "ND"))
        if draw.chance(0.3):
            results = dict.fromkeys(results, "ND")
    newest = _fish_row(profile, iso(relapse), results, draw)
    if profile.cytogenetics is Cytogenetics.INCOMPLETE or not draw.chance(0.35):
        return [newest]
    # del(17p) may be acquired: at diagnosis it was not there yet.
    earlier = {**results, "fish_del17p": "NEG"}
    older = diagnosed if profile.exact else diagnosed.replace(day=1)
    text = iso(older) if profile.exact else iso(older)[: draw.pick((4, 7))]
    return [_fish_row(profile, text, earlier, draw), newest]


def _fish_row(profile: Profile, day: str, results: dict[str, str], draw: Draw) -> Row:
    row: Row = {"fish_done": "Y", "fish_date": day, "fish_cd138": draw.pick(("Y", "Y", "N")), **results}
    if results["fish_del17p"] == "POS":
        cutoff = centers.del17p_cutoff(profile.center)
        row["fish_del17p_pct"] = number(Decimal(draw.between(cutoff + 5, 95)))
    row["fish_1q"] = draw.weighted({"NEG": 5, "GAIN": 3, "AMP": 1, "POS_NOS": 1, "ND": 1})
    row["fish_t11_14"] = draw.weighted({"NEG": 5, "POS": 1, "ND": 3})
    row["fish_del1p32"] = draw.weighted({"NEG": 4, "POS": 1, "ND": 4})
    return row
