"""The codebook: every column of every data file, from the declarations themselves."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.extraction.column import Column
from analytics.releases.content import Content
from analytics.releases.csv_text import csv_bytes
from analytics.releases.formats import analysis, forms
from analytics.releases.rules import Rule, rule
from registry.dictionary.catalog import FORMS
from registry.dictionary.variable import Form, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

LABEL = _("Codebook")

COLUMNS = ("file", "column", "label", "type", "unit", "choices", "in_this_release", "source")

_SUFFIXES = {
    "_entered": _("the number as the laboratory printed it"),
    "_unit": _("the unit of that number (UCUM)"),
    "_missing": _("why it is absent"),
}


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `codebook.csv`: the columns that are there, then the variables that are not."""
    yield "codebook.csv", csv_bytes(COLUMNS, _rows())


def _rows() -> Iterator[list[str]]:
    for form in FORMS.values():
        file = f"data/forms/{form.name}.csv"
        for key in forms.keys(form):
            yield [file, key, *_KEYS[key], ""]
        for name, variable in forms.columns(form):
            yield _of_form(file, name, form, variable)
    for name, columns in (("adsl", analysis.ADSL), ("adtte", analysis.ADTTE)):
        for column in columns:
            yield _of_analysis(f"data/{name}.csv", column)
    for form in FORMS.values():
        for variable in form:
            if rule(form, variable) is Rule.WITHHELD:
                label = Rule.WITHHELD.label
                yield [form.name, variable.name, variable.label, variable.kind.value, "", "", label, ""]


_CODE = _("code of this release")
_KEYS = {
    "patient_code": (_("Patient"), "text", "", "", _CODE),
    "center_code": (_("Center"), "text", "", "", _CODE),
    "seq": (_("Row of the patient or center in this file"), "integer", "", "", _("counted in this file")),
}


def _of_form(file: str, name: str, form: Form, variable: Variable) -> list[str]:
    published = rule(form, variable)
    suffix = name.removeprefix(variable.name) if name.startswith(variable.name) else ""
    if suffix in _SUFFIXES:
        label = f"{variable.label}: {_SUFFIXES[suffix]}"
        choices = _missing_reasons(variable) if suffix == "_missing" else ""
        return [file, name, label, "text", "", choices, Rule.KEPT.label, ""]
    if published is Rule.AGE:
        return [file, name, _("Age at IsaPd start"), "integer", "a", "", published.label, "D02"]
    choices = "; ".join(f"{choice.code} = {choice.label}" for choice in variable.choices)
    unit = variable.unit.ucum if variable.unit else ""
    return [
        file, name, variable.label, variable.kind.value, unit, choices, published.label, variable.standard
    ]  # fmt: skip


def _missing_reasons(variable: Variable) -> str:
    return "; ".join(f"{reason} = {Missing(reason).label}" for reason in variable.missing)


def _of_analysis(file: str, column: Column) -> list[str]:
    published = Rule.SHIFTED.label if column.kind == "date" else _("derived on the true dates")
    return [file, column.name, column.label, column.kind, "", "", published, column.source]
