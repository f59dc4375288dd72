"""The amount of disease at baseline and at every visit, such that IMWG gives the response intended (D18)."""

from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.profile import Profile, Status

# Share of the baseline value left at each response; VGPR and CR are told from the rest by immunofixation.
SHARES = {"SD": (0.78, 0.99), "MR": (0.54, 0.73), "PR": (0.13, 0.48), "VGPR": (0.03, 0.09)}
COMPLETE = ("CR", "SCR")


@dataclass(frozen=True)
class Baseline:
    """Disease at IsaPd start.

    Attributes
    ----------
    serum : M-protein, g/dL; 0 in light-chain and non-secretory disease
    urine : M-protein, mg per 24 h
    involved, uninvolved : free light chains, mg/L
    marrow : plasma cells, percent
    """

    serum: Decimal
    urine: Decimal
    involved: Decimal
    uninvolved: Decimal
    marrow: int
    by: str
    """What the response is judged by: "SERUM", "FLC" or "MARROW"."""
    plasmacytoma: str = "NONE"
    spd: int = 0
    """Sum of the products of the plasmacytomas' diameters, mm²."""


@dataclass(frozen=True)
class Visit:
    """Disease at one assessment; None where it was not measured."""

    serum: Decimal | None
    urine: Decimal | None
    involved: Decimal | None
    uninvolved: Decimal | None
    marrow: int | None
    negative: bool
    """Serum and urine immunofixation negative."""
    new_lesion: bool = False
    spd: int | None = None


def baseline(profile: Profile) -> Baseline:
    """What the disease amounts to at IsaPd start."""
    draw = Draw(profile.reference, "disease")
    found = _paraprotein(profile, draw)
    if profile.status is Status.BIOCHEMICAL or not draw.chance(0.12):
        return found
    return replace(
        found, plasmacytoma=draw.pick(("PARA", "PARA", "EMD", "BOTH")), spd=draw.between(3, 30) * 100
    )


def _paraprotein(profile: Profile, draw: Draw) -> Baseline:
    marrow = draw.between(15, 80)
    uninvolved = draw.decimal(3, 14)
    if profile.heavy_chain == "NONSEC":
        return Baseline(
            Decimal(0), Decimal(0), Decimal("10.5"), Decimal("9.5"), draw.between(40, 80), "MARROW"
        )
    if profile.heavy_chain == "NONE":
        urine = Decimal(draw.pick((0, 0, 40, 90, 150)))
        return Baseline(Decimal(0), urine, draw.decimal(320, 4200), uninvolved, marrow, "FLC")
    urine = Decimal(draw.pick((0, 0, 30, 60, 110, 160)))
    return Baseline(draw.decimal(1.2, 5.2), urine, draw.decimal(45, 900), uninvolved, marrow, "SERUM")


def visits(profile: Profile, before: Baseline, responses: list[str]) -> list[Visit]:
    """One visit per response, each measured against the baseline and the lowest value so far."""
    draw = Draw(profile.reference, "visits")
    made: list[Visit] = []
    lowest = Decimal(1)
    for response in responses:
        if response == "NE":
            made.append(Visit(None, Decimal(0), None, None, None, negative=False))
            continue
        if response == "PD":
            spd = int(before.spd * max(Decimal("0.6"), lowest)) + 200 if before.spd else None
            made.append(replace(_progressed(before, lowest, draw), spd=spd))
            continue
        if response in COMPLETE:
            lowest = Decimal(0)
        else:
            low, high = SHARES[response]
            lowest = min(lowest, draw.decimal(low, high, 3))
        spd = int(before.spd * min(lowest, Decimal("0.45") if response != "SD" else lowest))
        made.append(replace(_responding(before, response, lowest, draw), spd=spd if before.spd else None))
    return made


def _responding(before: Baseline, response: str, share: Decimal, draw: Draw) -> Visit:
    complete = response in COMPLETE
    deep = complete or response == "VGPR"
    urine = Decimal(0) if deep else (before.urine * share).quantize(Decimal(1))
    # Traces under 20 mg a day are not printed.
    urine = urine if urine >= 20 else Decimal(0)
    if before.by == "MARROW":
        percent = draw.between(1, 4) if complete else max(5, int(before.marrow * share))
        return Visit(Decimal(0), Decimal(0), Decimal("10.5"), Decimal("9.5"), percent, negative=True)
    marrow = draw.between(1, 4) if complete else None
    if before.by == "SERUM":
        normal = response == "SCR" or (complete and draw.chance(0.4))
        return Visit(
            (before.serum * share).quantize(Decimal("0.01")),
            urine,
            Decimal("11.2") if normal else None,
            Decimal("10.1") if normal else None,
            marrow,
            negative=complete,
        )
    difference = ((before.involved - before.uninvolved) * share).quantize(Decimal("0.1"))
    uninvolved = Decimal("10.4") if complete else before.uninvolved
    involved = Decimal("11.8") if complete else uninvolved + difference
    return Visit(Decimal(0), urine, involved, uninvolved, marrow, negative=complete)


def _progressed(before: Baseline, lowest: Decimal, draw: Draw) -> Visit:
    growth = draw.decimal(1.3, 1.9, 2)
    lesion = draw.chance(0.2)
    if before.by == "MARROW":
        percent = min(95, int(before.marrow * lowest) + draw.between(15, 30))
        return Visit(
            Decimal(0),
            Decimal(0),
            Decimal("10.5"),
            Decimal("9.5"),
            percent,
            negative=False,
            new_lesion=lesion,
        )
    if before.by == "SERUM":
        nadir = before.serum * lowest
        serum = max(nadir * growth, nadir + draw.decimal(0.55, 0.95, 2)).quantize(Decimal("0.1"), ROUND_UP)
        return Visit(serum, before.urine, None, None, None, negative=False, new_lesion=lesion)
    nadir = (before.involved - before.uninvolved) * lowest
    difference = max(nadir * growth, nadir + 130).quantize(Decimal(1), ROUND_UP)
    involved = before.uninvolved + difference
    return Visit(
        Decimal(0), before.urine, involved, before.uninvolved, None, negative=False, new_lesion=lesion
    )
