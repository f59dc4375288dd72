"""Date of progression that feeds the endpoints (D21)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.next_therapy import NextTherapy
from registry.derivations.observation import Observation
from registry.derivations.parameters import Parameters, ResponseSource
from registry.derivations.reading import code, codes, day
from registry.derivations.visits import Visit
from registry.dictionary.facts import Facts
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

INPUTS = ("pd_occurred", "pd_date", "pd_criteria", "resp_date", "resp_investigator")
AFTER_THERAPY_INPUTS = (*INPUTS, "subs_start", "subs_drugs")

REPORTED = _("As reported on the progression form")
FROM_VISIT = _("From the first assessment with progression")
CLINICAL_ONLY = _("Clinical judgment only, without an IMWG criterion")
NONE_RECORDED = _("No progression is recorded")
UNDATED = _("The date of progression is missing")


class Progression(NamedTuple):
    """Progression up to the end of observation.

    `settled` means that it needs no second assessment: seen on imaging or in the marrow, or reported
    as confirmed.
    """

    day: date | None = None
    undated: bool = False
    reported: bool = False
    clinical_only: bool = False
    settled: bool = False


def progression(
    facts: Facts, visits: Sequence[Visit], observation: Observation, parameters: Parameters
) -> Progression:
    """The reported date; else the first assessment with progression.

    With computed responses as the source (a sensitivity analysis), the assessments come first.
    """
    seen = min((visit.day for visit in visits if visit.response is Response.PD), default=None)
    reported = _reported(facts, observation)
    if reported.day is not None and not (seen and parameters.response_source is ResponseSource.COMPUTED):
        return reported
    return Progression(seen) if seen else reported


def pd_date_analysis(found: Progression) -> Answer:
    """`pd_date_analysis`."""
    if found.day is None:
        return ne(UNDATED if found.undated else NONE_RECORDED, INPUTS)
    if found.clinical_only:
        return ok(found.day, INPUTS, CLINICAL_ONLY)
    return ok(found.day, INPUTS, REPORTED if found.reported else FROM_VISIT)


def pd_after_nat(found: Progression, therapy: NextTherapy) -> Answer:
    """`pd_after_nat`: whether progression came after a new therapy had begun."""
    after = None
    if not found.undated and not (found.day and therapy.undated):
        after = found.day is not None and therapy.start is not None and found.day > therapy.start
    return yes_no(after, AFTER_THERAPY_INPUTS, UNDATED if found.undated else UNDATED_THERAPY)


UNDATED_THERAPY = _("The start of the next therapy is missing")


def _reported(facts: Facts, observation: Observation) -> Progression:
    form = facts.one("progression")
    if code(form, "pd_occurred") != "Y":
        return Progression()
    when = day(form, "pd_date")
    if when is None:
        return Progression(undated=True)
    if not observation.includes(when):
        return Progression()
    criteria = codes(form, "pd_criteria") or ()
    return Progression(
        day=when,
        reported=True,
        clinical_only=criteria == ("CLINICAL",),
        settled=code(form, "pd_confirmed") in ("Y", "NOTREQ") or bool({"LESION", "BM"} & set(criteria)),
    )
