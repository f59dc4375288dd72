"""Eligibility criteria and cohorts (D29)."""

from collections.abc import Sequence
from datetime import date

from registry.derivations.age import INPUTS as AGE_INPUTS
from registry.derivations.age import is_adult
from registry.derivations.dates import Span, plus_days
from registry.derivations.derived import Answer, ne, ok, truth, yes_no
from registry.derivations.history import History
from registry.derivations.logic import all_of, any_of
from registry.derivations.observation import Observation
from registry.derivations.parameters import Parameters
from registry.derivations.prior_lines import INPUTS as LINES_INPUTS
from registry.derivations.reading import code, day, said, whole
from registry.derivations.reasons import missing
from registry.derivations.refractoriness import NOT_EXPOSED, PI
from registry.dictionary.facts import Facts, Record
from registry.terminology.text import gettext_noop as _

E4_INPUTS = (
    "cycle_no",
    "cycle_start",
    "cycle_completed",
    "isa_infusions_n",
    "isapd_start_date",
    "isapd_ongoing",
    "isapd_end_date",
)
E6_INPUTS = ("consent_status", "consent_date")
LABEL_INPUTS = (*LINES_INPUTS, "drug", "line_progressed", "line_progression_date", "line_stop_reason")

CYCLE_DAYS = 28
LAST_SCHEDULED_DAY = 22

NO_FIRST_CYCLE = _("The entries do not show whether one cycle was given")
AGE_UNKNOWN = _("The date of birth does not decide whether the patient was 18")
COHORT_UNDECIDED = _("An eligibility criterion is not evaluable")
NOT_ELIGIBLE = _("An eligibility criterion is not met")
LABEL_UNDECIDED = _("The prior lines do not show whether IsaPd was within its label")


def confirmed_myeloma(enrolment: Record) -> Answer:
    """`elig_e1`: the diagnosis is confirmed in source."""
    return yes_no(said(enrolment, "elig_mm_confirmed"), ("elig_mm_confirmed",), missing("elig_mm_confirmed"))


def relapsed_or_refractory(enrolment: Record, lines: Answer) -> Answer:
    """`elig_e2`: relapsed or refractory disease after at least one prior line."""
    rrmm = said(enrolment, "elig_rrmm")
    treated = lines.value > 0 if isinstance(lines.value, int) else None
    unknown = missing("elig_rrmm") if rrmm is None else lines.reason
    return yes_no(all_of((rrmm, treated)), ("elig_rrmm", *LINES_INPUTS), unknown)


def in_accrual(enrolment: Record, start: date | None, parameters: Parameters) -> Answer:
    """`elig_e3`: IsaPd begun within the accrual window, both ends included."""
    regimen = code(enrolment, "index_regimen")
    within = None if start is None else parameters.accrual_start <= start <= parameters.accrual_end
    unknown = missing("isapd_start_date") if start is None else missing("index_regimen")
    isapd = None if regimen is None else regimen == "ISAPD"
    return yes_no(all_of((isapd, within)), ("index_regimen", "isapd_start_date"), unknown)


def one_cycle(facts: Facts, start: date | None, observation: Observation) -> Answer:
    """`elig_e4`: isatuximab in cycle 1, and the cycle completed or outlasted in one of four ways."""
    if start is None:
        return ne(missing("isapd_start_date"), E4_INPUTS)
    cycles = [
        row
        for row in facts.rows("isapd_cycle")
        if day(row, "cycle_start") is None or observation.includes(day(row, "cycle_start"))
    ]
    first = [row for row in cycles if whole(row, "cycle_no") == 1]
    infused = any_of([_infused(row) for row in first] or [None])
    return yes_no(
        all_of((infused, _lasted(facts, start, cycles, first, observation))), E4_INPUTS, NO_FIRST_CYCLE
    )


def _infused(cycle: Record) -> bool | None:
    infusions = whole(cycle, "isa_infusions_n")
    return None if infusions is None else infusions >= 1


def _lasted(
    facts: Facts, start: date, cycles: Sequence[Record], first: Sequence[Record], observation: Observation
) -> bool | None:
    second = any((whole(row, "cycle_no") or 0) >= 2 and day(row, "cycle_start") is not None for row in cycles)
    if second or any(said(row, "cycle_completed") for row in first):
        return True
    return _long_enough(facts, start, observation)


def _long_enough(facts: Facts, start: date, observation: Observation) -> bool | None:
    """Whether treatment reached day 22, or is still given on day 28; else an earlier death settles it."""
    death, last_scheduled = observation.death.day, plus_days(start, LAST_SCHEDULED_DAY - 1)
    treatment = facts.one("isapd_treatment")
    ended = day(treatment, "isapd_end_date")
    if ended is not None and observation.includes(ended):
        return ended >= last_scheduled
    alive = observation.last_alive
    if alive is not None and (ended is not None or said(treatment, "isapd_ongoing")):
        return alive >= plus_days(start, CYCLE_DAYS - 1)
    return False if death is not None and death < last_scheduled else None


def adult(birth: Span | None, start: date | None) -> Answer:
    """`elig_e5`: 18 years at the start, on all bounds of a partial birth date."""
    return yes_no(is_adult(birth, start), AGE_INPUTS, AGE_UNKNOWN)


def consented(enrolment: Record) -> Answer:
    """`elig_e6`: signed or waived, or withdrawn after a signature: data up to the withdrawal stay."""
    status = code(enrolment, "consent_status")
    if status is None:
        return ne(missing("consent_status"), E6_INPUTS)
    if status == "WITHDRAWN" and day(enrolment, "consent_date") is None:
        return ne(missing("consent_date"), E6_INPUTS)
    return yes_no(status != "REFUSED", E6_INPUTS, "")


def outside_trial(enrolment: Record) -> Answer:
    """`elig_e7`: not in an interventional trial."""
    inside = said(enrolment, "in_interventional_trial")
    return yes_no(
        None if inside is None else not inside,
        ("in_interventional_trial",),
        missing("in_interventional_trial"),
    )


def cohort(criteria: Sequence[Answer]) -> Answer:
    """A cohort of all the criteria: one not met excludes, else one not evaluable leaves it open."""
    inputs = tuple(dict.fromkeys(name for criterion in criteria for name in criterion.inputs))
    included = all_of(truth(criterion) for criterion in criteria)
    return (
        yes_no(included, inputs, COHORT_UNDECIDED)
        if included is not False
        else ok("NO", inputs, NOT_ELIGIBLE)
    )


def cohort_dara_r(paper: Answer, dara: Answer) -> Answer:
    """`cohort_dara_r`: the paper's cohort, refractory to daratumumab."""
    refractory = dara._replace(value="NO") if dara.value == NOT_EXPOSED else dara
    return cohort((paper, refractory))


def label_ok(history: History, lines: Answer) -> Answer:
    """`label_ok`: two prior lines with lenalidomide and a proteasome inhibitor, progression on the last."""
    if not isinstance(lines.value, int):
        return ne(lines.reason, LABEL_INPUTS)
    drugs = {drug.code for drug in history.drugs}
    last = None if history.last_number is None else history.by_number.get(history.last_number)
    progressed = None
    if last is not None:
        dated = last.progression is not None or last.stop_reason == "PD"
        progressed = True if dated else last.progressed
    within = all_of((lines.value >= 2, "LEN" in drugs, bool(drugs.intersection(PI)), progressed))
    return yes_no(within, LABEL_INPUTS, LABEL_UNDECIDED)
