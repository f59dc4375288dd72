"""Classes of the anti-myeloma drugs. A drug's class is a fixed attribute of its code, never typed."""

from enum import StrEnum


class DrugClass(StrEnum):
    """Class of a drug, as the dictionary writes it in brackets."""

    CD38 = "CD38"
    SLAMF7 = "SLAMF7"
    PI = "PI"
    IMID = "IMID"
    CELMOD = "CELMOD"
    ALK = "ALK"
    STEROID = "STEROID"
    XPO1 = "XPO1"
    BCL2 = "BCL2"
    HDAC = "HDAC"
    BCMA = "BCMA"
    GPRC5D = "GPRC5D"
    BCMA_CART = "BCMA CAR-T"
    CHEMO = "CHEMO"
    OTHER = "OTHER"


CLASS_OF = {
    "DARA": DrugClass.CD38,
    "ISA": DrugClass.CD38,
    "ELO": DrugClass.SLAMF7,
    "BOR": DrugClass.PI,
    "CAR": DrugClass.PI,
    "IXA": DrugClass.PI,
    "LEN": DrugClass.IMID,
    "POM": DrugClass.IMID,
    "THAL": DrugClass.IMID,
    "CELMOD": DrugClass.CELMOD,
    "MEL": DrugClass.ALK,
    "CYC": DrugClass.ALK,
    "BEND": DrugClass.ALK,
    "MELFLU": DrugClass.ALK,
    "DEX": DrugClass.STEROID,
    "PRED": DrugClass.STEROID,
    "SEL": DrugClass.XPO1,
    "VEN": DrugClass.BCL2,
    "PAN": DrugClass.HDAC,
    "BELA": DrugClass.BCMA,
    "TEC": DrugClass.BCMA,
    "ELRA": DrugClass.BCMA,
    "TALQ": DrugClass.GPRC5D,
    "IDECEL": DrugClass.BCMA_CART,
    "CILTACEL": DrugClass.BCMA_CART,
    "CHEMO": DrugClass.CHEMO,
    "TRIAL": DrugClass.OTHER,
    "OTHER": DrugClass.OTHER,
}


def drugs_of(drug_class: DrugClass) -> tuple[str, ...]:
    """Codes of the drugs of one class, in the dictionary's order."""
    return tuple(code for code, its_class in CLASS_OF.items() if its_class is drug_class)
