"""Everything a center has entered, as a file for the center itself: read in one consistent state."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import BinaryIO, Protocol

from django.db import transaction

from registry.exports.content import Content, contents
from registry.exports.csv_files import CsvFiles
from registry.exports.workbook import WorkbookFile
from registry.models import Case, Center, User
from registry.selectors import scope
from registry.selectors.facts import rows_of_all
from registry.selectors.own_reference import own_references

CHUNK = 100


class File(Protocol):
    """A file being written."""

    suffix: str
    media_type: str

    def write(self, form: str, cells: list[Content]) -> None:
        """Add a line to the part of a form."""

    def close(self) -> None:
        """Complete the file."""


FORMATS: dict[str, Callable[[BinaryIO, date], File]] = {
    "xlsx": WorkbookFile,
    "csv": CsvFiles,
    "csv-semicolon": lambda stream, today: CsvFiles(stream, today, ";"),
}


def write_center(user: User, center: Center, file: File, *, labels: bool, using: str = "snapshot") -> int:
    """Write all cases of a center the person may see; return how many patients that are.

    The person has the right to the center's own references.

    Parameters
    ----------
    labels : write what people read for a choice, not its code.
    """
    patients = 0
    with transaction.atomic(using=using):
        for cases in _chunks(user, center, using):
            patients += len(cases)
            references = own_references([case.pk for case in cases], using)
            rows = rows_of_all(cases, using)
            for case in cases:
                reference = references.get(case.pk, "")
                for form, these in rows[case.pk].items():
                    for row in these:
                        file.write(form, contents(row, case.patient_code, reference, labels=labels))
    file.close()
    return patients


def _chunks(user: User, center: Center, using: str) -> Iterator[list[Case]]:
    """The cases by code, some at a time."""
    cases, last = scope.cases(user).using(using).filter(center=center).order_by("patient_code"), ""
    while some := list(cases.filter(patient_code__gt=last)[:CHUNK]):
        yield some
        last = some[-1].patient_code
