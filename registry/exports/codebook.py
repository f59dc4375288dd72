"""The codebook as a table, to go with data that leave the registry."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from registry.dictionary.catalog import CASE_FORMS
from registry.forms.codebook import codebook


def lines(today: date) -> Iterator[tuple[str, ...]]:
    """A heading, and a line per variable of a case."""
    yield (
        _("Form"),
        _("Variable"),
        _("Label"),
        _("Answer"),
        _("Unit"),
        _("Other units"),
        _("Choices"),
        _("Limits"),
        _("Required"),
        _("Asked when"),
        _("Missing reasons"),
        _("Standard"),
    )
    for section in codebook(today):
        if section.form.name not in CASE_FORMS:
            continue
        for entry in section.entries:
            variable = entry.variable
            yield (
                section.form.name,
                variable.name,
                entry.label,
                entry.kind,
                variable.unit.ucum if variable.unit else "",
                ", ".join(unit.ucum for unit in variable.alternatives),
                "; ".join(f"{code} = {label}" for code, label in entry.choices),
                entry.limits,
                variable.required,
                variable.shown,
                ", ".join(f"{reason.value} = {_(reason.label)}" for reason in variable.missing),
                variable.standard,
            )
