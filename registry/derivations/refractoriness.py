"""Refractoriness per drug and per class (D13), triple-class and penta-refractory (D14).

Refractory: no response to a line, or progression within 60 days of the drug's last dose (Rajkumar 2011;
MAMMOTH for the four weeks of exposure). Counted on the drug's own last dose, not on the line's.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.history import Drug, History, Line, read_history
from registry.derivations.logic import all_of, any_of
from registry.derivations.parameters import DEFAULT, Parameters
from registry.dictionary.facts import Facts
from registry.terminology.drugs import DrugClass, drugs_of
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

INPUTS = (
    "drug",
    "line_no_ref",
    "drug_start",
    "drug_last_dose",
    "drug_refractory_asserted",
    "line_best_response",
    "line_progressed",
    "line_progression_date",
    "line_stop",
    "line_stop_reason",
)
NOT_EXPOSED = "NOT_EXPOSED"
NEVER_GIVEN = _("Never given before IsaPd")
UNDECIDED = _("The dates and the response of the prior lines do not decide it, and the source does not say")
NO_DRUG = _("No drug of a prior line is recorded")

CD38 = drugs_of(DrugClass.CD38)
PI = drugs_of(DrugClass.PI)
IMID = drugs_of(DrugClass.IMID)


class Provenance(StrEnum):
    """Where a verdict comes from; `INFERRED` used the line's stop as its date of progression."""

    COMPUTED = "COMPUTED"
    INFERRED = "INFERRED"
    ASSERTED = "ASSERTED"


class Verdict(NamedTuple):
    """Whether a drug is refractory in one line; None when that is not decided."""

    refractory: bool | None
    provenance: Provenance = Provenance.COMPUTED


class Refractoriness(NamedTuple):
    """Verdict of every row, and of every drug over all its lines."""

    rows: Mapping[int, Verdict]
    drugs: Mapping[str, Verdict]

    def of(self, drugs: Iterable[str]) -> list[bool | None]:
        """Verdicts of those of the drugs that were given."""
        return [self.drugs[drug].refractory for drug in drugs if drug in self.drugs]


def refractoriness(history: History, parameters: Parameters) -> Refractoriness:
    """Verdicts of all rows and drugs of a case."""
    rows: dict[int, Verdict] = {}
    drugs: dict[str, Verdict] = {}
    for drug in history.drugs:
        rows[drug.row] = verdict = row_verdict(drug, history.line_of(drug), parameters)
        drugs[drug.code] = _stronger(drugs.get(drug.code), verdict)
    return Refractoriness(rows, drugs)


def row_verdict(drug: Drug, line: Line | None, parameters: Parameters) -> Verdict:
    """Rules R1–R3, and R4 (what the source asserts) where they do not decide."""
    verdict = computed(drug, line, parameters)
    if verdict.refractory is None and drug.asserted is not None:
        return Verdict(drug.asserted, Provenance.ASSERTED)
    return verdict


def computed(drug: Drug, line: Line | None, parameters: Parameters) -> Verdict:
    """Rules R1–R3 for one drug of one line, from dates and response alone."""
    if line is None:
        return Verdict(None)
    progression = _progressed_in_window(drug, line, parameters.refractory_window_days)
    unresponsive = _without_response(drug, line, parameters)
    refractory = any_of((progression, unresponsive))
    rests_on_date = refractory is False or (refractory and progression and not unresponsive)
    if rests_on_date and line.progression_is_inferred:
        return Verdict(refractory, Provenance.INFERRED)
    return Verdict(refractory)


def undecided_rows(facts: Facts, parameters: Parameters = DEFAULT) -> set[int]:
    """Places on the prior-line-drug form where the dates are insufficient to compute refractoriness.

    There the source's assertion is asked for (R4).
    """
    history = read_history(facts, None)
    return {
        drug.row
        for drug in history.drugs
        if computed(drug, history.line_of(drug), parameters).refractory is None
    }


def _progressed_in_window(drug: Drug, line: Line, window: int) -> bool | None:
    """R1 and R1b: progression on the drug or within the window after its last dose, on all bounds."""
    progression = line.progression_or_stop
    if progression is None:
        return False if line.progressed is False and line.stop_reason != "PD" else None
    if drug.last is None:
        return None
    if (progression.latest - drug.last.earliest).days <= window:
        return True
    return False if (progression.earliest - drug.last.latest).days > window else None


def _without_response(drug: Drug, line: Line, parameters: Parameters) -> bool | None:
    """R2: the line's best response is PD, or too shallow after enough exposure to the drug."""
    best = None if line.best is None else Response(line.best)
    if best is Response.PD:
        return True
    if best is not None and best.at_least(Response(parameters.nonresponse_means)):
        return False
    enough = _exposed(drug, parameters.nonresponse_min_exposure_days)
    if enough is False:
        return False
    return None if best is None or best is Response.NE else enough


def _exposed(drug: Drug, days: int) -> bool | None:
    """Whether the drug was given for so many days, on all bounds."""
    if days <= 0:
        return True
    if drug.first is None or drug.last is None:
        return None
    if (drug.last.earliest - drug.first.latest).days + 1 >= days:
        return True
    return False if (drug.last.latest - drug.first.earliest).days + 1 < days else None


_STRENGTH: dict[bool | None, int] = {True: 2, None: 1, False: 0}
_TRUST = (Provenance.ASSERTED, Provenance.INFERRED, Provenance.COMPUTED)


def _stronger(one: Verdict | None, other: Verdict) -> Verdict:
    """YES in any line is YES; else one undecided line leaves the drug undecided; computed before asserted."""
    if one is None:
        return other
    return max(one, other, key=lambda v: (_STRENGTH[v.refractory], _TRUST.index(v.provenance)))


def _word(refractory: bool | None) -> str:
    return "NE" if refractory is None else "YES" if refractory else "NO"


def _told(drugs: Mapping[str, Verdict], names: Iterable[str]) -> str:
    """Verdict and provenance of each drug that was given."""
    return "; ".join(
        f"{name} {_word(drugs[name].refractory)} {drugs[name].provenance}" for name in names if name in drugs
    )


def drug_refractory(found: Refractoriness) -> Answer:
    """`drug_refractory`: drug → YES, NO or NE, for every drug of the prior lines."""
    if not found.drugs:
        return ne(NO_DRUG, INPUTS)
    names = sorted(found.drugs)
    return ok(
        {name: _word(found.drugs[name].refractory) for name in names}, INPUTS, _told(found.drugs, names)
    )


def class_refractory(found: Refractoriness, drugs: tuple[str, ...]) -> Answer:
    """YES if any agent of the class is; else NE if one is undecided; NOT_EXPOSED when none was given."""
    verdicts = found.of(drugs)
    if not verdicts:
        return ok(NOT_EXPOSED, INPUTS, NEVER_GIVEN)
    return yes_no(any_of(verdicts), INPUTS, UNDECIDED, _told(found.drugs, drugs))


def _limb(found: Refractoriness, drugs: tuple[str, ...], count: int) -> bool | None:
    """Whether at least `count` drugs of a class are refractory."""
    verdicts = found.of(drugs)
    certain = verdicts.count(True)
    if certain >= count:
        return True
    return None if certain + verdicts.count(None) >= count else False


def tcr(found: Refractoriness) -> Answer:
    """`tcr`: refractory to at least one CD38 antibody, one proteasome inhibitor and one IMiD."""
    limbs = (_limb(found, CD38, 1), _limb(found, PI, 1), _limb(found, IMID, 1))
    return yes_no(all_of(limbs), INPUTS, UNDECIDED)


def penta_refractory(found: Refractoriness) -> Answer:
    """`penta_refractory`: one CD38 antibody, two proteasome inhibitors and two IMiDs (MAMMOTH)."""
    limbs = (_limb(found, CD38, 1), _limb(found, PI, 2), _limb(found, IMID, 2))
    return yes_no(all_of(limbs), INPUTS, UNDECIDED)
