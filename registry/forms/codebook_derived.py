"""The derived variables as a reader of the codebook sees them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from registry.derivations.case import derive
from registry.derivations.catalog import DERIVED, DerivedVariable, Shape
from registry.derivations.derived import Derived
from registry.derivations.rules import RULES
from registry.dictionary.catalog import FORMS
from registry.dictionary.facts import Facts
from registry.forms.codebook import fits
from registry.forms.derived_values import shown
from registry.terminology.text import gettext_noop

_SHAPES = {
    Shape.INTEGER: gettext_noop("Whole number"),
    Shape.NUMBER: gettext_noop("Number"),
    Shape.TEXT: gettext_noop("Text"),
    Shape.CODE: gettext_noop("One of"),
    Shape.DATE: gettext_noop("Date"),
    Shape.INTEGERS: gettext_noop("Whole numbers"),
    Shape.DATES: gettext_noop("Dates"),
    Shape.CODES: gettext_noop("One of these per assessment"),
    Shape.TEXTS: gettext_noop("Text per assessment"),
    Shape.BY_CODE: gettext_noop("One of these per code"),
}
# What no case page shows.
_LABELS = {
    "age_group": gettext_noop("Age group"),
    "crcl_group": gettext_noop("Creatinine clearance group"),
    "calcium_corrected": gettext_noop("Calcium corrected for albumin"),
    "crab_lab_calcium": gettext_noop("CRAB by laboratory: calcium"),
    "crab_lab_renal": gettext_noop("CRAB by laboratory: kidney"),
    "crab_lab_anemia": gettext_noop("CRAB by laboratory: anemia"),
    "crab_lab_bone": gettext_noop("CRAB by imaging: bone"),
    "r2_iss_total": gettext_noop("R2-ISS points"),
    "r2iss_complete": gettext_noop("R2-ISS from complete inputs"),
    "prior_lines_group": gettext_noop("Prior lines, group"),
    "dara_isapd_interval_days": gettext_noop("Last daratumumab to IsaPd, days"),
    "imwg_response": gettext_noop("Computed IMWG response"),
    "limiting_component": gettext_noop("What was missing for a deeper response"),
    "possible_underestimate": gettext_noop("Antibody may hide a deeper response"),
    "os_days": gettext_noop("Overall survival, days"),
    "os_event": gettext_noop("Death (1) or censored (0)"),
    "pfs_days": gettext_noop("Progression-free survival, days"),
    "pfs_event": gettext_noop("Progression or death (1), or censored (0)"),
    "pfs_type": gettext_noop("How progression-free survival ended"),
    "ttnt_days": gettext_noop("Time to next treatment, days"),
    "ttnt_status": gettext_noop("Next treatment (1), death without one (2), or censored (0)"),
    "dor_event": gettext_noop("Response ended (1) or censored (0)"),
    "dor_imwg_event": gettext_noop("Response ended, IMWG (1) or censored (0)"),
}
_HOME = {variable.name: form.name for form in FORMS.values() for variable in form}


@dataclass(frozen=True)
class DerivedEntry:
    """One derived variable in words; `inputs` are (form, variable) of the answers it rests on."""

    variable: DerivedVariable
    label: str
    meaning: str
    kind: str
    inputs: tuple[tuple[str, str], ...]

    def texts(self) -> Iterator[str]:
        """Everything a search looks into."""
        variable = self.variable
        yield from (self.label, variable.name, variable.rule, self.meaning, variable.unit, *variable.codes)
        yield from (name for _form, name in self.inputs)


def derived_entries(*, search: str = "", form: str = "") -> list[DerivedEntry]:
    """Derived variables that fit a search and rest on an answer of the form."""
    labels = _labels()
    return [
        entry
        for entry in (_entry(variable, labels) for variable in DERIVED.values())
        if (not form or form in dict(entry.inputs)) and fits(search, entry.texts())
    ]


def _entry(variable: DerivedVariable, labels: Mapping[str, str]) -> DerivedEntry:
    return DerivedEntry(
        variable=variable,
        label=labels[variable.name],
        meaning=_(RULES[variable.rule]),
        kind=_(_SHAPES[variable.shape]),
        inputs=tuple((_HOME[name], name) for name in _of_no_case()[variable.name].inputs),
    )


def _labels() -> dict[str, str]:
    stored = {name: answer.to_json() for name, answer in _of_no_case().items()}
    return {name: _(label) for name, label in _LABELS.items()} | {
        name: value.label for name, value in shown(stored).items()
    }


@cache
def _of_no_case() -> dict[str, Derived]:
    """What is derived of nothing still names what it would have rested on."""
    return derive(Facts(""))
