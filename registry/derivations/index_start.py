"""The origin of every endpoint: the start of the index regimen."""

from datetime import date

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reading import day
from registry.derivations.reasons import missing
from registry.dictionary.facts import Facts

INPUTS = ("isapd_start_date",)


def index_start(facts: Facts) -> date | None:
    """First dose of the index regimen.

    IsaPd is the only regimen whose exposure is captured; a comparator's start would be chosen here.
    """
    return day(facts.one("isapd_treatment"), "isapd_start_date")


def index_start_date(start: date | None) -> Answer:
    """`index_start_date`."""
    return ne(missing("isapd_start_date"), INPUTS) if start is None else ok(start, INPUTS)
