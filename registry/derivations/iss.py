"""International Staging System (D09; Greipp 2005)."""

from fractions import Fraction

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reasons import missing
from registry.terminology.text import gettext_noop as _

BASELINE = ("b2m", "albumin")
DIAGNOSIS = ("dx_b2m", "dx_albumin")
ALBUMIN_CUT, B2M_LOW, B2M_HIGH = Fraction("3.5"), Fraction("3.5"), Fraction("5.5")
I_OR_II = _("Albumin is missing: stage I or II")


def possible_stages(b2m: Fraction | None, albumin: Fraction | None) -> tuple[str, ...]:
    """Every stage that some completion of the missing values gives."""
    if b2m is None:
        return ("II", "III") if albumin is not None and albumin < ALBUMIN_CUT else ("I", "II", "III")
    if b2m >= B2M_HIGH:
        return ("III",)
    if b2m >= B2M_LOW:
        return ("II",)
    if albumin is None:
        return ("I", "II")
    return ("I",) if albumin >= ALBUMIN_CUT else ("II",)


def iss(b2m: Fraction | None, albumin: Fraction | None, inputs: tuple[str, ...] = BASELINE) -> Answer:
    """`iss` from β2-microglobulin (mg/L) and albumin (g/dL), or `iss_dx` from those at diagnosis.

    Albumin may be missing where β2-microglobulin alone decides.
    """
    stages = possible_stages(b2m, albumin)
    if len(stages) == 1:
        return ok(stages[0], inputs)
    return ne(missing(inputs[0]) if b2m is None else I_OR_II, inputs)
