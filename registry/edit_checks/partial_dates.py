"""Partial dates that alone keep a yes or no open."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from registry.derivations.age import is_adult
from registry.derivations.daratumumab import DARA, STRADDLES
from registry.derivations.dates import Span
from registry.derivations.history import Drug, Line
from registry.derivations.parameters import DEFAULT
from registry.derivations.reading import span
from registry.derivations.refractoriness import CD38, IMID, PI, computed
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

Place = tuple[str, int, str]

SETTLES = {
    "elig_e5": _("whether the patient was 18"),
    "dara_int_ge6": _("whether 6 months had passed since daratumumab"),
    "dara_int_ge12": _("whether 12 months had passed since daratumumab"),
    "dara_refractory": _("refractoriness to daratumumab"),
    "len_refractory": _("refractoriness to lenalidomide"),
    "cd38_refractory": _("refractoriness to CD38 antibodies"),
    "pi_refractory": _("refractoriness to proteasome inhibitors"),
    "imid_refractory": _("refractoriness to IMiDs"),
    "drug_refractory": _("refractoriness to this drug"),
}
"""Derived variable → what a whole date would settle, as its message says it."""

# The nearest yes or no a drug decides, the most telling first.
_ANSWERS = (
    ("dara_refractory", (DARA,)),
    ("len_refractory", ("LEN",)),
    ("cd38_refractory", CD38),
    ("pi_refractory", PI),
    ("imid_refractory", IMID),
)


def undecided(context: Context) -> Iterator[Hit]:
    """C49: at the partial date that would settle it, of several the one nearest to the question."""
    yield from _adult(context)
    yield from _interval(context)
    yield from _refractory(context)


def _adult(context: Context) -> Iterator[Hit]:
    born = span(context.facts.one("demographics"), "birth_date")
    if born is not None and context.start is not None and is_adult(born, context.start) is None:
        yield Hit("demographics", 0, "birth_date", {"derived": "elig_e5"})


def _interval(context: Context) -> Iterator[Hit]:
    for name in ("dara_int_ge6", "dara_int_ge12"):
        found = context.derived.get(name)
        if found is not None and found.reason == STRADDLES:
            doses = [
                (drug.last.latest, drug.last.earliest, drug.row)
                for drug in context.history.drugs
                if drug.code == DARA and drug.last is not None
            ]
            yield Hit("prior_line_drug", max(doses)[2], "drug_last_dose", {"derived": name})


def _refractory(context: Context) -> Iterator[Hit]:
    verdicts = context.value("drug_refractory")
    if not isinstance(verdicts, Mapping):
        return
    for drug in sorted(context.history.drugs, key=lambda drug: drug.code):
        line = context.history.line_of(drug)
        if verdicts.get(drug.code) != "NE" or line is None or drug.asserted is not None:
            continue
        if (place := _settling(drug, line)) is not None:
            yield Hit(*place, {"derived": _open_answer(context, drug.code)})


def _open_answer(context: Context, drug: str) -> str:
    """The nearest yes or no that the drug leaves open."""
    still_open = (name for name, drugs in _ANSWERS if drug in drugs and context.value(name) is None)
    return next(still_open, "drug_refractory")


def _settling(drug: Drug, line: Line) -> Place | None:
    """The partial date that decides whether the drug is refractory in the line; None where none does."""
    if _is_decided(drug, line) or not _is_decided(*_made_exact(drug, line)):
        return None
    inferred = "line_stop" if line.progression_is_inferred else "line_progression_date"
    dates: tuple[tuple[Place, Span | None, Callable[[Span], tuple[Drug, Line]]], ...] = (
        (
            ("prior_line_drug", drug.row, "drug_last_dose"),
            drug.last,
            lambda day: (drug._replace(last=day), line),
        ),
        (
            ("prior_line", line.row, inferred),
            line.progression_or_stop,
            lambda day: (drug, line._replace(progression=day)),
        ),
        (
            ("prior_line_drug", drug.row, "drug_start"),
            drug.first,
            lambda day: (drug._replace(first=day), line),
        ),
    )
    partial = [(place, span, put) for place, span, put in dates if span is not None and not span.is_exact]
    alone = (
        place
        for place, span, put in partial
        if all(_is_decided(*put(_on(day))) for day in (span.earliest, span.latest))
    )
    # Where it takes two whole dates, the first of them is asked for first.
    return next(alone, partial[0][0])


def _is_decided(drug: Drug, line: Line) -> bool:
    return computed(drug, line, DEFAULT).refractory is not None


def _made_exact(drug: Drug, line: Line) -> tuple[Drug, Line]:
    """The same with whole dates: what is undecided then, no date settles."""
    first, last, progression = (
        None if span is None else _on(span.imputed)
        for span in (drug.first, drug.last, line.progression_or_stop)
    )
    return drug._replace(first=first, last=last), line._replace(progression=progression)


def _on(day: date) -> Span:
    return Span(day, day, day)


CHECKS = (
    Check(
        "C49",
        (Severity.QUERY,),
        _("A derived yes or no that is open only because of a partial date."),
        _("A day or month here would settle %(derived)s."),
        undecided,
    ),
)
