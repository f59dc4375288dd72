"""Disease status at the start of IsaPd (D16)."""

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.history import History
from registry.derivations.logic import any_of
from registry.derivations.reading import said
from registry.derivations.refractoriness import INPUTS as REFRACTORINESS_INPUTS
from registry.derivations.refractoriness import Refractoriness
from registry.dictionary.facts import Record
from registry.terminology.text import gettext_noop as _

CLINICAL = ("crab_calcium", "crab_renal", "crab_anemia", "crab_bone", "relapse_plasmacytoma_new")
INPUTS = (*CLINICAL, "relapse_biochemical", "line_no", *REFRACTORINESS_INPUTS)

LAST_LINE = _("A drug of the last prior line is refractory")
CLINICAL_RELAPSE = _("CRAB or a new plasmacytoma at this relapse")
BIOCHEMICAL_RELAPSE = _("Only the M-protein or the free light chains rose")
LAST_LINE_UNKNOWN = _("It is not decided whether the last prior line was refractory")
CRAB_UNKNOWN = _("Not all CRAB and plasmacytoma questions have an answer")
NO_SIGN = _("Neither refractory, nor CRAB or plasmacytoma, nor biochemical relapse: why treated?")
BIOCHEMICAL_UNKNOWN = _("It is not known whether the M-protein or the free light chains rose")


def last_line_refractory(history: History, found: Refractoriness) -> bool | None:
    """Whether any active drug of the last prior line is refractory in it; steroids alone are not active."""
    number = history.last_number
    if number is None:
        return None
    drugs = history.drugs_of(number)
    line = history.by_number.get(number)
    if not drugs and (line is None or line.transplant in (None, "NONE")):
        return None
    return any_of(found.rows[drug.row].refractory for drug in drugs if not drug.is_steroid)


def disease_status(history: History, found: Refractoriness, baseline: Record) -> Answer:
    """`disease_status`: REFRACTORY before SYMPTOMATIC before BIOCHEMICAL (Martino 2025)."""
    refractory = last_line_refractory(history, found)
    if refractory is None:
        return ne(LAST_LINE_UNKNOWN, INPUTS)
    if refractory:
        return ok("REFRACTORY", INPUTS, LAST_LINE)
    clinical = any_of(said(baseline, name) for name in CLINICAL)
    if clinical is None:
        return ne(CRAB_UNKNOWN, INPUTS)
    if clinical:
        return ok("SYMPTOMATIC", INPUTS, CLINICAL_RELAPSE)
    biochemical = said(baseline, "relapse_biochemical")
    if biochemical:
        return ok("BIOCHEMICAL", INPUTS, BIOCHEMICAL_RELAPSE)
    return ne(BIOCHEMICAL_UNKNOWN if biochemical is None else NO_SIGN, INPUTS)
