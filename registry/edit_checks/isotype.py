"""Check of the isotype against the measured M-protein: C46."""

from collections.abc import Iterator
from fractions import Fraction

from registry.derivations.light_chains import Ratio, at_baseline
from registry.derivations.reading import code, number
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

SECRETED = Fraction("0.5")
_OTHER_CHAIN = {"K": Ratio.LOW, "L": Ratio.HIGH}


def isotype(context: Context) -> Iterator[Hit]:
    """C46: a myeloma that secretes what its isotype cannot."""
    baseline, diagnosis = context.facts.one("baseline"), context.facts.one("diagnosis")
    heavy, light = code(diagnosis, "heavy_chain"), code(diagnosis, "light_chain")
    ratio = at_baseline(baseline, context.facts.labrefs).ratio
    serum = number(baseline, "serum_m_protein")
    intact = serum is not None and serum >= SECRETED
    if heavy == "NONSEC" and (intact or ratio in (Ratio.LOW, Ratio.HIGH)):
        yield Hit("diagnosis", 0, "heavy_chain")
    if heavy == "NONE" and intact:
        yield Hit("diagnosis", 0, "heavy_chain", severity=Severity.WARNING)
    if ratio is not None and _OTHER_CHAIN.get(light or "") is ratio:
        yield Hit("diagnosis", 0, "light_chain", severity=Severity.WARNING)


CHECKS = (
    Check(
        "C46",
        (Severity.ERROR, Severity.WARNING),
        _(
            "Non-secretory with serum M-protein 0.5 g/dL or more or an abnormal κ/λ ratio. Warning: no "
            "heavy chain with serum M-protein 0.5 g/dL or more; the other light chain is the raised one."
        ),
        _("Isotype and M-protein disagree."),
        isotype,
    ),
)
