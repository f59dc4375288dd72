"""Every day a case shows the patient alive, and the entry that shows it (D22)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from registry.derivations.reading import code, span
from registry.dictionary.facts import Facts, Record

_DATES = (
    ("isapd_treatment", "isapd_end_date"),
    ("isapd_treatment", "isa_last_dose_date"),
    ("isapd_treatment", "pom_last_dose_date"),
    ("isapd_cycle", "cycle_start"),
    ("response", "resp_date"),
    ("progression", "pd_date"),
    ("subsequent_therapy", "subs_start"),
    ("adverse_event", "ae_start"),
    ("follow_up", "contact_date"),
)


class Evidence(NamedTuple):
    """An entry that certainly shows the patient alive on a day; `row` is its place on the form."""

    form: str
    row: int
    variable: str
    day: date


def evidence_of_life(facts: Facts) -> Iterator[Evidence]:
    """All of it; of a partial date the lower bound."""
    for form, variable in _DATES:
        for row, record in enumerate(facts.rows(form)):
            shown = span(record, variable)
            if shown is not None and _is_said_of_the_living(record):
                yield Evidence(form, row, variable, shown.earliest)


def _is_said_of_the_living(record: Record) -> bool:
    match record.form.name:
        case "follow_up":
            return code(record, "vital_status") in ("ALIVE", "LTFU")
        case "progression":
            return code(record, "pd_occurred") == "Y"
        case _:
            return True
