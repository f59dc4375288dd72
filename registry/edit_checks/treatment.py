"""Checks of IsaPd as a whole: C23, C25, C27, C52."""

from collections.abc import Iterator

from registry.derivations.age import completed_years
from registry.derivations.dosing import dex_mg
from registry.derivations.next_therapy import next_therapy
from registry.derivations.parameters import DexAgeRule, Parameters
from registry.derivations.reading import code, codes, day, said, span, whole
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

_DEX_RULES = tuple(Parameters(dex_age_rule=rule) for rule in DexAgeRule)


def status(context: Context) -> Iterator[Hit]:
    """C23: still on treatment after its end, death or the next therapy; or off it without an end."""
    facts = context.facts
    treatment = facts.one("isapd_treatment")
    ongoing, ended = said(treatment, "isapd_ongoing"), day(treatment, "isapd_end_date")
    if ongoing is False and ended is None:
        yield Hit("isapd_treatment", 0, "isapd_end_date")
    if ongoing:
        therapy = next_therapy(facts, context.observation)
        died = any(code(row, "vital_status") == "DEAD" for row in facts.rows("follow_up"))
        if ended or died or therapy.start or therapy.undated:
            yield Hit("isapd_treatment", 0, "isapd_ongoing")


def first_day(context: Context) -> Iterator[Hit]:
    """C25: cycle 1 begins on another day than IsaPd."""
    for index, row in enumerate(context.facts.rows("isapd_cycle")):
        began = day(row, "cycle_start")
        if whole(row, "cycle_no") == 1 and began and context.start and began != context.start:
            yield Hit("isapd_cycle", index, "cycle_start")


def dexamethasone(context: Context) -> Iterator[Hit]:
    """C27: neither the paper's nor the label's dose at any age the date of birth allows."""
    dose = code(context.facts.one("isapd_treatment"), "dex_start_dose")
    birth = span(context.facts.one("demographics"), "birth_date")
    age = context.value("age_at_start")
    if dose is None or birth is None or context.start is None or not isinstance(age, int):
        return
    ages = (completed_years(day, context.start) for day in (birth.earliest, birth.latest))
    expected = {str(dex_mg(each, rule)) for each in ages for rule in _DEX_RULES}
    if dose not in expected:
        yield Hit("isapd_treatment", 0, "dex_start_dose", {"dose": dose, "age": age})


def stopped_for_toxicity(context: Context) -> Iterator[Hit]:
    """C52: toxicity ended the treatment, but no adverse event did."""
    if code(context.facts.one("isapd_treatment"), "isapd_stop_reason") != "TOX":
        return
    actions = (codes(row, "ae_action") or () for row in context.facts.rows("adverse_event"))
    if not any(action.endswith("_STOP") for each in actions for action in each):
        yield Hit("isapd_treatment", 0, "isapd_stop_reason")


CHECKS = (
    Check(
        "C23",
        (Severity.ERROR,),
        _(
            "IsaPd ongoing with an end date, a death or a subsequent therapy; or not ongoing without an "
            "end date."
        ),
        _("Treatment status contradicts other forms."),
        status,
    ),
    Check(
        "C25",
        (Severity.ERROR,),
        _("Start of cycle 1 is not the start of IsaPd."),
        _("Cycle 1 day 1 must equal IsaPd start."),
        first_day,
    ),
    Check(
        "C27",
        (Severity.WARNING,),
        _("Starting dexamethasone is not 40 mg up to age 74, or not 20 mg from 76; at 75 both are expected."),
        _("Dexamethasone %(dose)s mg at age %(age)s: intended?"),
        dexamethasone,
    ),
    Check(
        "C52",
        (Severity.QUERY,),
        _("IsaPd stopped for toxicity, and no adverse event led to stopping a drug."),
        _("Which event stopped treatment?"),
        stopped_for_toxicity,
    ),
)
