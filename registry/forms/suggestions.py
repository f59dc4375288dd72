"""What a new answer will probably be, as the dictionary says: shown in an empty field, never stored so."""

from collections.abc import Callable

from registry.dictionary.facts import Facts, Record
from registry.forms.wording import typed_of

Suggestions = dict[str, str]


def suggestions(form: str, facts: Facts, record: Record) -> Suggestions:
    """Variable name → text a person would type."""
    suggest = _BY_FORM.get(form)
    found = suggest(facts, record) if suggest else {}
    return {name: text for name, text in found.items() if text}


def by_line(facts: Facts) -> dict[str, Suggestions]:
    """Line number → dates of a drug given throughout that line ("defaults to line_start", "line_stop")."""
    return {
        str(number): {
            "drug_start": typed_of(line.known("line_start")),
            "drug_last_dose": typed_of(line.known("line_stop")),
        }
        for line in facts.rows("prior_line")
        if (number := line.known("line_no")) is not None
    }


def _next_number(form: str, variable: str) -> Callable[[Facts, Record], Suggestions]:
    """Lines and cycles are counted from 1 without a gap."""

    def suggest(facts: Facts, record: Record) -> Suggestions:
        numbers = [number for row in facts.rows(form) if isinstance(number := row.known(variable), int)]
        return {variable: str(max(numbers, default=0) + 1)}

    return suggest


def _next_cycle(facts: Facts, record: Record) -> Suggestions:
    found = _next_number("isapd_cycle", "cycle_no")(facts, record)
    if found["cycle_no"] == "1":
        # Cycle 1 day 1 is the start of IsaPd.
        found["cycle_start"] = typed_of(facts.one("isapd_treatment").known("isapd_start_date"))
    return found


def _drug_dates(facts: Facts, record: Record) -> Suggestions:
    line = record.known("line_no_ref")
    return by_line(facts).get(str(line), {})


_BY_FORM: dict[str, Callable[[Facts, Record], Suggestions]] = {
    "prior_line": _next_number("prior_line", "line_no"),
    "prior_line_drug": _drug_dates,
    "isapd_cycle": _next_cycle,
    "subsequent_therapy": _next_number("subsequent_therapy", "subs_line_no"),
}
