"""Forms on the time before IsaPd: demographics, diagnosis, prior lines and their drugs."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from registry.management.study_cohort import centers
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Row, iso, missing, number, typed_date, without_blanks
from registry.management.study_cohort.history import Line
from registry.management.study_cohort.profile import Profile, Trait

CHEMOTHERAPY = ("DCEP", "D-PACE", "Doxorubicin, vincristine")


@dataclass(frozen=True)
class Blur:
    """What the source leaves open about one line."""

    dates: bool = False
    response: bool = False
    progression: bool = False

    @property
    def any(self) -> bool:
        return self.dates or self.response or self.progression


def demographics(profile: Profile) -> Row:
    """The birth date, as exact as the center may give it, and the sex."""
    return {"birth_date": _birth(profile), "sex": profile.sex}


def _birth(profile: Profile) -> str:
    """Year and month, never the month of IsaPd start: the age is certain."""
    draw = Draw(profile.reference, "birth")
    if profile.has(Trait.UNDER_AGE):
        # Only the year is known, and it leaves open whether the patient was of age.
        return str(profile.start.year - 18)
    month = draw.pick([month for month in range(1, 13) if month != profile.start.month])
    year = profile.start.year - profile.age - (month > profile.start.month)
    if not profile.exact and draw.chance(0.04):
        return str(year)
    return f"{year}-{month:02d}"


def diagnosis(profile: Profile, lines: list[Line]) -> Row:
    """Date, isotype and stage at diagnosis."""
    draw = Draw(profile.reference, "diagnosis")
    day = diagnosed_on(profile, lines)
    comma = centers.writes_comma(profile.center)
    exactness = draw.weighted({"day": 5, "month": 4, "year": 0 if profile.exact else 1})
    text = {"day": iso(day), "month": iso(day)[:7], "year": iso(day)[:4]}[exactness]
    row: Row = {
        "dx_date": text,
        "heavy_chain": missing("NK") if profile.heavy_chain == "NK" else profile.heavy_chain,
        "light_chain": profile.light_chain,
        "dx_associated": ["NONE"],
    }
    if not profile.exact and draw.chance(0.05):
        row["dx_associated"] = [draw.pick(("AL", "PCL"))]
    if draw.chance(0.5):
        stage = draw.weighted({"I": 4, "II": 4, "III": 3})
        b2m, albumin = stage_values(stage, draw)
        row["dx_b2m"], row["dx_albumin"] = number(b2m, comma), number(albumin, comma)
        row["iss_dx_reported"] = stage
    else:
        row["iss_dx_reported"] = draw.pick(("I", "II", "III", missing("NK")))
    row["dx_ldh_status"] = draw.pick(("NORMAL", "NORMAL", "HIGH", missing("NK")))
    return row


def diagnosed_on(profile: Profile, lines: list[Line]) -> date:
    """The first line begins some weeks after the diagnosis."""
    weeks = Draw(profile.reference, "diagnosed").between(1, 8)
    return (lines[0].start if lines else profile.start - timedelta(days=400)) - timedelta(weeks=weeks)


def stage_values(stage: str, draw: Draw) -> tuple[Decimal, Decimal]:
    """β2-microglobulin (mg/L) and albumin (g/dL) of an ISS stage."""
    if stage == "I":
        return draw.decimal(1.7, 3.4), draw.decimal(3.5, 4.5)
    if stage == "III":
        return draw.decimal(5.5, 11.9), draw.decimal(2.8, 4.2)
    if draw.chance(0.6):
        return draw.decimal(3.5, 5.4), draw.decimal(3.1, 4.3)
    return draw.decimal(2.0, 3.4), draw.decimal(2.8, 3.4)


def prior_line_rows(profile: Profile, lines: list[Line]) -> list[Row]:
    """One row per prior line."""
    return [_line_row(profile, line, blur(profile, line, len(lines))) for line in lines]


def blur(profile: Profile, line: Line, lines: int) -> Blur:
    """Which part of a line the source does not tell; nothing where the derived values are prescribed."""
    draw = Draw(profile.reference, "blur", line.number)
    has_dara = any(given.drug == "DARA" for given in line.drugs)
    if profile.has(Trait.DARA_UNDECIDED) and has_dara:
        return Blur(response=True)
    if profile.exact or has_dara:
        return Blur()
    older = line.number < lines
    return Blur(
        dates=draw.chance(0.25 if older else 0.06),
        response=draw.chance(0.05 if older else 0.02),
        progression=draw.chance(0.06 if older else 0.02),
    )


def _line_row(profile: Profile, line: Line, blurred: Blur) -> Row:
    draw = Draw(profile.reference, "line form", line.number)
    row: Row = {
        "line_no": line.number,
        "line_start": _date(line.start, blurred, draw),
        "line_stop": _date(line.stop, blurred, draw),
        "line_cycles": line.cycles,
        "line_transplant": "AUTO1" if line.transplant_date else "NONE",
        "line_transplant_date": _date(line.transplant_date, blurred, draw) if line.transplant_date else None,
        "line_best_response": missing("NK") if blurred.response else line.best,
        "line_progressed": "Y",
        "line_progression_date": missing("NK") if blurred.progression else iso(line.progression),
        "line_stop_reason": line.stop_reason,
    }
    if blurred.dates and draw.chance(0.3):
        row["line_cycles"] = missing("NK")
    return without_blanks(row)


def _date(day: date, blurred: Blur, draw: Draw) -> str:
    return iso(day)[:7] if blurred.dates else typed_date(day, draw)


def prior_line_drug_rows(profile: Profile, lines: list[Line]) -> list[Row]:
    """One row per drug and line, with the dates of that drug."""
    rows = []
    for line in lines:
        blurred = blur(profile, line, len(lines))
        for given in line.drugs:
            draw = Draw(profile.reference, "drug", line.number, given.drug)
            row: Row = {
                "line_no_ref": line.number,
                "drug": given.drug,
                "drug_start": _date(given.start, blurred, draw),
                "drug_last_dose": _date(given.last, blurred, draw),
                "drug_phase": list(given.phases),
                "drug_stop_reason": given.stop_reason,
            }
            if given.drug == "CHEMO":
                row["drug_other_text"] = draw.pick(CHEMOTHERAPY)
            if blurred.any:
                row["drug_refractory_asserted"] = _asserted(profile, given.drug, given.refractory, draw)
            rows.append(row)
    return rows


def _asserted(profile: Profile, drug: str, refractory: bool, draw: Draw) -> object:
    """What the source says of a drug whose dates do not settle it."""
    if profile.has(Trait.DARA_UNDECIDED) and drug == "DARA":
        return missing("NK")
    if draw.chance(0.2):
        return missing("NK")
    return "Y" if refractory else "N"
