"""Checks of the response assessments: C30, C33, C34, C36, C37, C51."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from registry.derivations.dates import days_between
from registry.derivations.logic import any_of
from registry.derivations.next_therapy import next_therapy
from registry.derivations.parameters import DEFAULT
from registry.derivations.reading import code, day, number, said
from registry.dictionary.facts import Record
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

FORM = "response"
ENTERED = "resp_investigator"
NOTHING_LIMITS = _("Computed %(computed)s; you entered %(entered)s.")


def _entered(row: Record) -> Response | None:
    """The investigator's response, unless it is not evaluable."""
    entered = code(row, ENTERED)
    return None if entered is None or entered == Response.NE else Response(entered)


def after_progression(context: Context) -> Iterator[Hit]:
    """C30: a response after progression that no new therapy explains."""
    progressed = context.value("pd_date_analysis")
    therapy = next_therapy(context.facts, context.observation)
    if not isinstance(progressed, date) or therapy.undated:
        return
    confirmed = code(context.facts.one("progression"), "pd_confirmed") == "Y"
    for index, row in enumerate(context.facts.rows(FORM)):
        when, entered = day(row, "resp_date"), _entered(row)
        if when is None or when <= progressed or entered is None or entered is Response.PD:
            continue
        # An assessment on the day the next therapy starts still counts for IsaPd (D20).
        if therapy.start is None or when <= therapy.start:
            params = {"response": entered.symbol, "pd_date": progressed.isoformat()}
            yield Hit(FORM, index, ENTERED, params, Severity.ERROR if confirmed else None)


def against_computed(context: Context) -> Iterator[Hit]:
    """C33: the investigator and the computed IMWG response differ."""
    computed = _computed(context)
    for index, row in enumerate(context.facts.rows(FORM)):
        when, entered = day(row, "resp_date"), _entered(row)
        if when is None or entered is None or when not in computed:
            continue
        response, limiting = computed[when]
        if response not in (Response.NE, entered):
            params = {"computed": response.symbol, "entered": entered.symbol}
            if limiting:
                yield Hit(FORM, index, ENTERED, params | {"limiting": limiting})
            else:
                yield Hit(FORM, index, ENTERED, params, message=NOTHING_LIMITS)


def _computed(context: Context) -> Mapping[date, tuple[Response, str]]:
    """Computed response of each day with one assessment, and what was missing for a deeper one."""
    responses, limits = context.value("imwg_response"), context.value("limiting_component")
    if not isinstance(responses, tuple) or not isinstance(limits, tuple):
        return {}
    days = sorted(
        when
        for row in context.facts.rows(FORM)
        if (when := day(row, "resp_date")) is not None
        and context.start is not None
        and when > context.start
        and context.observation.includes(when)
    )
    repeated = Counter(days)
    return {
        when: (Response(response), _in_words(limit))
        for when, response, limit in zip(days, responses, limits, strict=False)
        if repeated[when] == 1
    }


def _in_words(limiting: object) -> str:
    return str(limiting or "").replace("+", ", ").replace("_", " ")


def complete_response(context: Context) -> Iterator[Hit]:
    """C34: a complete response with M-protein left, or without a marrow."""
    rows = context.facts.rows(FORM)
    marrows = [
        when
        for row in rows
        if (when := day(row, "resp_date")) is not None
        and (said(row, "resp_bm_done") or number(row, "resp_bmpc_pct") is not None)
    ]
    for index, row in enumerate(rows):
        if _entered(row) not in (Response.SCR, Response.CR):
            continue
        when = day(row, "resp_date")
        if _has_m_protein(row):
            yield Hit(FORM, index, ENTERED)
        elif when and all(abs(days_between(when, each)) > DEFAULT.bm_window_days for each in marrows):
            yield Hit(FORM, index, ENTERED, severity=Severity.QUERY)


def _has_m_protein(row: Record) -> bool:
    """Whether a band is left that is not the therapeutic antibody's."""
    serum = number(row, "resp_serum_m")
    in_serum = (serum is not None and serum > 0) or code(row, "resp_serum_ife") == "POS"
    of_drug = code(row, "mab_interference") == "RESOLVED_DRUG"
    return (in_serum and not of_drug) or code(row, "resp_urine_ife") == "POS"


def assessment_dates(context: Context) -> Iterator[Hit]:
    """C36: a second assessment of one day, or one before the treatment could work."""
    seen: set[date] = set()
    for index, row in enumerate(context.facts.rows(FORM)):
        when = day(row, "resp_date")
        if when is None:
            continue
        if when in seen or (context.start is not None and when <= context.start):
            yield Hit(FORM, index, "resp_date")
        seen.add(when)


def assessment_due(context: Context) -> Iterator[Hit]:
    """C37: long on study, and no response was ever assessed."""
    start, observation, facts = context.start, context.observation, context.facts
    known = [observation.last_alive, None if observation.death.imputed else observation.death.day]
    until = max((each for each in known if each is not None), default=None)
    if start is None or until is None or days_between(start, until) <= context.rules.assessment_due_days:
        return
    if any((when := day(row, "resp_date")) is not None and when > start for row in facts.rows(FORM)):
        return
    contacts = [
        (when, index)
        for index, row in enumerate(facts.rows("follow_up"))
        if (when := day(row, "contact_date")) is not None
    ]
    if contacts:
        yield Hit("follow_up", max(contacts)[1], "contact_date")
    elif facts.rows("follow_up") or facts.rows("isapd_cycle"):
        # Whoever is just entering the treatment has not come to the assessments yet.
        yield Hit("isapd_treatment", 0, "isapd_start_date")


def new_lesion(context: Context) -> Iterator[Hit]:
    """C51: a new or growing lesion that was not called progression."""
    for index, row in enumerate(context.facts.rows(FORM)):
        lesion = any_of((said(row, "resp_new_lesion"), said(row, "resp_lesion_increase")))
        if lesion and code(row, ENTERED) not in (None, Response.PD):
            yield Hit(FORM, index, ENTERED)


CHECKS = (
    Check(
        "C30",
        (Severity.QUERY, Severity.ERROR),
        _(
            "Investigator's response better than PD after progression and before any new therapy (error "
            "where the progression is called confirmed)."
        ),
        _("Response %(response)s after progression on %(pd_date)s: unconfirmed PD?"),
        after_progression,
    ),
    Check(
        "C33",
        (Severity.QUERY,),
        _(
            "Investigator's and computed response differ by one level or more, the computed one being "
            "evaluable."
        ),
        _("Computed %(computed)s (%(limiting)s); you entered %(entered)s."),
        against_computed,
    ),
    Check(
        "C34",
        (Severity.ERROR, Severity.QUERY),
        _(
            "sCR or CR with serum M-protein above 0 or positive immunofixation, unless shown to be the "
            "drug only. Query: no marrow within 60 days."
        ),
        _("CR needs negative immunofixation and marrow <5 %%."),
        complete_response,
    ),
    Check(
        "C36",
        (Severity.ERROR,),
        _("Two assessments on one date, or an assessment not after the start of IsaPd."),
        _("Duplicate or pre-treatment assessment."),
        assessment_dates,
    ),
    Check(
        "C37",
        (Severity.WARNING,),
        _("Alive more than 100 days on study without an assessment after the start."),
        _("No response assessment yet."),
        assessment_due,
    ),
    Check(
        "C51",
        (Severity.QUERY,),
        _("New or increased lesion, but the investigator's response is not PD."),
        _("New lesion is progression by IMWG."),
        new_lesion,
    ),
)
