"""Weight and creatinine that give a prescribed creatinine clearance (Cockcroft–Gault, D05)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.management.study_cohort.draw import Draw

UMOL_PER_MG = Fraction("88.4")


@dataclass(frozen=True)
class Kidney:
    """Weight in kg, and creatinine as the laboratory prints it."""

    weight: Decimal
    creatinine: Decimal
    unit: str

    @property
    def milligrams(self) -> Fraction:
        """Creatinine in mg/dL."""
        value = Fraction(self.creatinine)
        return value / UMOL_PER_MG if self.unit == "umol/L" else value


def clearance(age: int, sex: str, weight: Fraction, creatinine: Fraction) -> Fraction:
    """Cockcroft–Gault, mL/min, exactly."""
    return (140 - age) * weight / (72 * creatinine) * (Fraction("0.85") if sex == "F" else 1)


def kidney_for(crcl: int, age: int, sex: str, unit: str, draw: Draw) -> Kidney:
    """A weight and a creatinine as printed whose clearance lies in [crcl, crcl + ½).

    Raises
    ------
    ValueError
        When no ordinary weight fits.
    """
    step = Decimal(1) if unit == "umol/L" else Decimal("0.01")
    for _ in range(4000):
        weight = draw.decimal(46, 78) if sex == "F" else draw.decimal(58, 98)
        ideal = clearance(age, sex, Fraction(weight), Fraction(1)) / (crcl + Fraction(1, 4))
        printed = ideal * UMOL_PER_MG if unit == "umol/L" else ideal
        creatinine = Decimal(round(float(printed), 6)).quantize(step)
        kidney = Kidney(weight, creatinine, unit)
        if creatinine and crcl <= clearance(age, sex, Fraction(weight), kidney.milligrams) < crcl + Fraction(
            1, 2
        ):
            return kidney
    raise ValueError(f"no weight gives a clearance of {crcl} mL/min at age {age}")
