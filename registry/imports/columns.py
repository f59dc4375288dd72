"""The columns of a form's sheet: the one contract of template, import and export.

====================  ===================================================================================
``patient_code``      who it is; or
``own_reference``     how the center calls the patient
``seq``               the row of a repeating form; empty for a new one, which the registry numbers
``<variable>``        a value, a code or label (several joined by ``;``), or NK, ND, NA for a missing one
``<variable>.unit``   beside a number that may come in several units; empty for the canonical one
====================  ===================================================================================
"""

from dataclasses import dataclass
from functools import cache

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form, Variable
from registry.terminology.text import gettext_noop as _

PATIENT_CODE = "patient_code"
OWN_REFERENCE = "own_reference"
SEQ = "seq"
UNIT = ".unit"
SEPARATOR = "; "

KEY_LABELS = {
    PATIENT_CODE: _("Patient code"),
    OWN_REFERENCE: _("Own reference"),
    SEQ: _("Row number"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet; without a variable it says whose the row is, or which one.

    Attributes
    ----------
    name : what the template writes into the header.
    is_unit : whether it holds the unit of the variable's value.
    """

    name: str
    variable: Variable | None = None
    is_unit: bool = False

    @property
    def label(self) -> str:
        """What a person calls it; translatable."""
        return self.variable.label if self.variable else KEY_LABELS[self.name]


def entered(form: Form) -> tuple[Variable, ...]:
    """The variables a sheet holds: all of the form but the patient code, which is issued and not entered."""
    return tuple(variable for variable in form if variable.name != PATIENT_CODE)


@cache
def _columns(name: str) -> tuple[Column, ...]:
    form = CASE_FORMS[name]
    found = [Column(PATIENT_CODE), Column(OWN_REFERENCE)]
    if form.repeating:
        found.append(Column(SEQ))
    for variable in entered(form):
        found.append(Column(variable.name, variable))
        if variable.alternatives:
            found.append(Column(variable.name + UNIT, variable, is_unit=True))
    return tuple(found)


def columns(form: Form) -> tuple[Column, ...]:
    """The columns of the form's sheet, in order."""
    return _columns(form.name)
