"""The dates of a case, wherever they stand."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.derivations.dates import Span
from registry.derivations.reading import span
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.facts import Facts
from registry.dictionary.variable import Kind

_NAMES = {
    form.name: tuple(variable.name for variable in form if variable.kind in (Kind.DATE, Kind.PARTIAL_DATE))
    for form in CASE_FORMS.values()
}


class EnteredDate(NamedTuple):
    """One date and its bounds; `row` is its place on the form."""

    form: str
    row: int
    variable: str
    span: Span


def entered_dates(facts: Facts) -> Iterator[EnteredDate]:
    """Every full or partial date, in the order of forms, rows and questions."""
    for form, records in facts.forms.items():
        for row, record in enumerate(records):
            for name in _NAMES[form]:
                if (known := span(record, name)) is not None:
                    yield EnteredDate(form, row, name, known)
