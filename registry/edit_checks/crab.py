"""Check of the CRAB answers against the laboratory: C15."""

from collections.abc import Iterator
from fractions import Fraction

from registry.derivations.derived import NO, YES
from registry.derivations.reading import codes, number, said
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

# Between these limits an anemia may be attributed to myeloma or not.
ANEMIA_BELOW, NO_ANEMIA_FROM = 10, 12


def crab(context: Context) -> Iterator[Hit]:
    """C15: an answer the laboratory value contradicts; without a value nothing does."""
    baseline = context.facts.one("baseline")
    no_imaging = codes(baseline, "imaging_modality") == ("NONE",)
    for name, when_yes, when_no in (
        (
            "crab_calcium",
            context.value("crab_lab_calcium") == NO,
            context.value("crab_lab_calcium") == YES,
        ),
        ("crab_anemia", *_anemia(number(baseline, "hb"))),
        ("crab_renal", context.value("crab_lab_renal") == NO, False),
        ("crab_bone", no_imaging, False),
    ):
        answer = said(baseline, name)
        if (answer is True and when_yes) or (answer is False and when_no):
            yield Hit("baseline", 0, name)


def _anemia(hb: Fraction | None) -> tuple[bool, bool]:
    """Whether hemoglobin contradicts a yes, and whether it contradicts a no."""
    return (False, False) if hb is None else (hb >= NO_ANEMIA_FROM, hb < ANEMIA_BELOW)


CHECKS = (
    Check(
        "C15",
        (Severity.QUERY,),
        _(
            "Hypercalcemia yes with corrected calcium at most 11 mg/dL, or no with more; anemia yes with "
            "hemoglobin 12 g/dL or more, or no below 10; renal failure yes with creatinine at most 2 mg/dL "
            "and clearance 40 mL/min or more; bone disease yes without imaging."
        ),
        _("CRAB answer disagrees with the laboratory value."),
        crab,
    ),
)
