"""The paper's hemoglobin cuts (D28)."""

from fractions import Fraction

from registry.derivations.derived import Answer, yes_no
from registry.derivations.reasons import missing

INPUTS = ("hb",)
PFS_CUT = Fraction("11.8")
OS_CUT = Fraction("11.0")


def hb_below(hb: Fraction | None, cut: Fraction) -> Answer:
    """`hb_lt_11_8`, `hb_lt_11_0`: strictly below, in g/dL."""
    return yes_no(None if hb is None else hb < cut, INPUTS, missing("hb"))
