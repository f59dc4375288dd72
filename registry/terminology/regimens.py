"""Regimens by their usual names, and the drugs each is made of: a name is typed, the drugs are entered.

Names as in the guidelines of EHA–ESMO and IMWG: the antibody spelled out, then one letter per drug. The
intention of a regimen is what it stands for; what a patient was given is in the rows, which can be edited.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from registry.terminology.drugs import CLASS_OF, DrugClass


@dataclass(frozen=True)
class Regimen:
    """Drugs that are given together.

    Attributes
    ----------
    drugs : codes of the dictionary, in the order of the name.
    aliases : other names of the same.
    """

    name: str
    drugs: tuple[str, ...]
    aliases: tuple[str, ...] = ()


REGIMENS = (
    Regimen("VTd", ("BOR", "THAL", "DEX")),
    Regimen("VRd", ("BOR", "LEN", "DEX"), ("RVd",)),
    Regimen("VCd", ("BOR", "CYC", "DEX"), ("CyBorD",)),
    Regimen("VMP", ("BOR", "MEL", "PRED")),
    Regimen("Vd", ("BOR", "DEX")),
    Regimen("Rd", ("LEN", "DEX")),
    Regimen("Td", ("THAL", "DEX")),
    Regimen("Kd", ("CAR", "DEX")),
    Regimen("Pd", ("POM", "DEX")),
    Regimen("KRd", ("CAR", "LEN", "DEX")),
    Regimen("KTd", ("CAR", "THAL", "DEX")),
    Regimen("KCd", ("CAR", "CYC", "DEX")),
    Regimen("KPd", ("CAR", "POM", "DEX")),
    Regimen("PVd", ("POM", "BOR", "DEX"), ("VPd",)),
    Regimen("PCd", ("POM", "CYC", "DEX")),
    Regimen("Ixa-Rd", ("IXA", "LEN", "DEX"), ("IRd",)),
    Regimen("Ixa-Pd", ("IXA", "POM", "DEX"), ("IPd",)),
    Regimen("Dara", ("DARA",), ("Dara mono",)),
    Regimen("Dara-Rd", ("DARA", "LEN", "DEX"), ("DRd",)),
    Regimen("Dara-Vd", ("DARA", "BOR", "DEX"), ("DVd",)),
    Regimen("Dara-Kd", ("DARA", "CAR", "DEX"), ("DKd",)),
    Regimen("Dara-Pd", ("DARA", "POM", "DEX"), ("DPd",)),
    Regimen("Dara-VMP", ("DARA", "BOR", "MEL", "PRED"), ("DVMP",)),
    Regimen("Dara-VTd", ("DARA", "BOR", "THAL", "DEX"), ("DVTd",)),
    Regimen("Dara-VRd", ("DARA", "BOR", "LEN", "DEX"), ("DVRd",)),
    Regimen("Dara-VCd", ("DARA", "BOR", "CYC", "DEX"), ("Dara-CyBorD", "DVCd")),
    Regimen("Dara-KRd", ("DARA", "CAR", "LEN", "DEX"), ("DKRd",)),
    Regimen("Isa-Kd", ("ISA", "CAR", "DEX")),
    Regimen("Isa-Pd", ("ISA", "POM", "DEX"), ("IsaPd",)),
    Regimen("Isa-VRd", ("ISA", "BOR", "LEN", "DEX")),
    Regimen("Isa-KRd", ("ISA", "CAR", "LEN", "DEX")),
    Regimen("Elo-Rd", ("ELO", "LEN", "DEX"), ("ERd",)),
    Regimen("Elo-Pd", ("ELO", "POM", "DEX"), ("EPd",)),
    Regimen("MP", ("MEL", "PRED")),
    Regimen("MPT", ("MEL", "PRED", "THAL")),
    Regimen("MPR", ("MEL", "PRED", "LEN")),
    Regimen("Cd", ("CYC", "DEX")),
    Regimen("CTd", ("CYC", "THAL", "DEX")),
    Regimen("RCd", ("LEN", "CYC", "DEX")),
    Regimen("Benda-Vd", ("BEND", "BOR", "DEX")),
    Regimen("Benda-Rd", ("BEND", "LEN", "DEX")),
    Regimen("Benda-Pd", ("BEND", "POM", "DEX")),
    Regimen("Sd", ("SEL", "DEX"), ("Xd",)),
    Regimen("SVd", ("SEL", "BOR", "DEX"), ("XVd",)),
    Regimen("Ven-d", ("VEN", "DEX")),
    Regimen("Ven-Vd", ("VEN", "BOR", "DEX")),
    Regimen("Pano-Vd", ("PAN", "BOR", "DEX")),
    Regimen("Melflufen-d", ("MELFLU", "DEX")),
    Regimen("Bela", ("BELA",), ("Belantamab",)),
    Regimen("Bela-Vd", ("BELA", "BOR", "DEX")),
    Regimen("Bela-Pd", ("BELA", "POM", "DEX")),
    Regimen("Tec", ("TEC",), ("Teclistamab",)),
    Regimen("Elra", ("ELRA",), ("Elranatamab",)),
    Regimen("Talq", ("TALQ",), ("Talquetamab",)),
    Regimen("Ide-cel", ("IDECEL",)),
    Regimen("Cilta-cel", ("CILTACEL",)),
    Regimen("VAD", ("CHEMO", "DEX")),
    Regimen("DCEP", ("CHEMO", "DEX"), ("D-PACE",)),
)

# What is given on after induction, transplant and consolidation, within the same line (Rajkumar 2015).
MAINTENANCE = (
    Regimen("R", ("LEN",), ("Lenalidomide",)),
    Regimen("V", ("BOR",), ("Bortezomib",)),
    Regimen("T", ("THAL",), ("Thalidomide",)),
    Regimen("Ixa", ("IXA",), ("Ixazomib",)),
    Regimen("Dara", ("DARA",), ("Daratumumab",)),
    Regimen("Dara-R", ("DARA", "LEN")),
    Regimen("VR", ("BOR", "LEN")),
    Regimen("KR", ("CAR", "LEN")),
)


def find(text: str, among: tuple[Regimen, ...] = REGIMENS) -> Regimen | None:
    """The regimen somebody typed, in whatever case and with whatever hyphens; None when it is not known."""
    wanted = _plain(text)
    for regimen in among:
        if wanted in map(_plain, (regimen.name, *regimen.aliases)):
            return regimen
    return None


def name_of(drugs: Collection[str], among: tuple[Regimen, ...] = REGIMENS) -> str:
    """What drugs given together are called; "" when it is no regimen of the list.

    A steroid more or less does not change what they are called: it is often left out of a record.
    """
    given = frozenset(drugs)
    exact = (regimen.name for regimen in among if frozenset(regimen.drugs) == given)
    alike = (
        regimen.name
        for regimen in among
        if _without_steroids(regimen.drugs) == _without_steroids(given) != set()
    )
    return next(exact, "") or next(alike, "")


def _without_steroids(drugs: Collection[str]) -> frozenset[str]:
    return frozenset(code for code in drugs if CLASS_OF.get(code) is not DrugClass.STEROID)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
