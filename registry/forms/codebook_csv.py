"""The dictionary as its own table: every column of the specification's data dictionary."""

from registry.dictionary.catalog import FORMS
from registry.dictionary.variable import Form, Variable

HEADER = (
    "form",
    "variable",
    "label",
    "type",
    "units_ucum",
    "units_display",
    "alt_units_with_factor",
    "choices",
    "required",
    "branching",
    "hard_min",
    "hard_max",
    "soft_min",
    "soft_max",
    "missing_codes",
    "repeating",
    "standard",
    "identifying",
    "core",
    "note_source",
)


def variables() -> list[tuple[str, ...]]:
    """One row per variable, in the dictionary's order and words: they are not translated."""
    return [_row(form, variable) for form in FORMS.values() for variable in form]


def _row(form: Form, variable: Variable) -> tuple[str, ...]:
    return (
        form.name,
        variable.name,
        variable.label,
        variable.kind.value,
        variable.unit.ucum if variable.unit else "",
        str(variable.unit or ""),
        ";".join(f"{unit.ucum}{unit.conversion}" for unit in variable.alternatives),
        ";".join(f"{choice.code}={choice.label}" for choice in variable.choices),
        variable.required,
        variable.shown,
        variable.hard.minimum,
        variable.hard.maximum,
        variable.soft.minimum,
        variable.soft.maximum,
        ",".join(reason.value for reason in variable.missing),
        form.repeating or "no",
        variable.standard,
        variable.identifying.value,
        "yes" if variable.core else "no",
        variable.source,
    )
