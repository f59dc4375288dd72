"""Whose a row of a file is: a patient of the center, by its code or own reference, or a new one."""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from registry.imports.rows import ParsedRow
from registry.models import Center, OwnReference
from registry.selectors import imports

MAX_REFERENCE = OwnReference._meta.get_field("text").max_length or 0


@dataclass(frozen=True)
class Patient:
    """One patient of a file.

    Attributes
    ----------
    number : in order of appearance, from 1; 0 where nobody is meant, for the reason in `problem`.
    case_id : None of a new patient.
    reference : the center's own, in the spelling that is stored.
    """

    number: int
    case_id: UUID | None = None
    problem: str = ""
    reference: str = field(default="", repr=False)


class Patients:
    """The patients of a file, told as its rows come in.

    A code that does not exist and a code of another center are answered alike.
    """

    def __init__(self, center: Center) -> None:
        self._codes = imports.codes(center)
        self._references = imports.own_references(center)
        self._numbers: dict[UUID | str, int] = {}

    def of(self, row: ParsedRow) -> Patient:
        """The patient of one row."""
        code, reference = row.patient_code, " ".join(row.own_reference.split())
        known = self._references.get(reference)
        if code:
            case_id = self._codes.get(code)
            if case_id is None:
                return Patient(0, problem=_("Your center has no patient with this code."))
            if reference and known != case_id:
                return Patient(0, problem=_("This own reference is not the one of this patient code."))
            return Patient(self._number(case_id), case_id)
        if not reference:
            # The reader has said that somebody is missing here.
            return Patient(0)
        if len(reference) > MAX_REFERENCE or not reference.isprintable():
            message = _("An own reference has at most %(most)s printable characters.")
            return Patient(0, problem=message % {"most": MAX_REFERENCE})
        return Patient(self._number(known or reference), known, reference=reference)

    def _number(self, key: UUID | str) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)
