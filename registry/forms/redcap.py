"""The dictionary as a REDCap data dictionary: a project with the same forms, questions and branching.

Codes stay the registry's own. What REDCap has no column for (other units, missing reasons of what is typed,
partial dates) stands in the field note; limits that hang on another answer stay the registry's.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from registry.dictionary.bounds import TODAY
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Variable
from registry.forms.redcap_branching import branching_logic
from registry.forms.wording import label_of

HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)

# A longer list is easier to use folded.
RADIO_MAX = 8
_VALIDATION = {Kind.INTEGER: "integer", Kind.DECIMAL: "number", Kind.DATE: "date_dmy"}


def fields() -> list[tuple[str, ...]]:
    """One row per variable of a case; the first is the patient code, REDCap's record identifier."""
    return [_field(form, variable) for form in CASE_FORMS.values() for variable in form]


def _field(form: Form, variable: Variable) -> tuple[str, ...]:
    is_first = variable is form.variables[0]
    validation = _VALIDATION.get(variable.kind, "")
    return (
        variable.name,
        form.name,
        _(form.label) if is_first else "",
        _type(variable),
        label_of(variable),
        " | ".join(f"{code}, {label}" for code, label in _choices(variable)),
        ". ".join(_notes(variable)),
        validation,
        _limit(variable.hard.minimum) if validation else "",
        _limit(variable.hard.maximum) if validation else "",
        "" if variable.identifying is Identifying.NO else "y",
        branching_logic(variable),
        "y" if variable.required == "always" or _is_required_when_shown(variable) else "",
        "",
        "",
        "",
        "",
        "; ".join(_annotations(form, variable, is_first=is_first)),
    )


def _type(variable: Variable) -> str:
    match variable.kind:
        case Kind.MULTICHOICE:
            return "checkbox"
        case Kind.CHOICE | Kind.BOOLEAN:
            return "radio" if len(variable.choices) <= RADIO_MAX else "dropdown"
        case _:
            return "text"


def _choices(variable: Variable) -> Iterator[tuple[str, str]]:
    """Answers and, after them, the missing reasons that are no answer already."""
    if not variable.choices:
        return
    for choice in variable.choices:
        yield choice.code, _plain(choice)
    for reason in variable.missing:
        if reason.value not in variable.codes:
            yield reason.value, _(reason.label)


def _plain(choice: Choice) -> str:
    """A label without the mark that parts the choices."""
    return _(choice.label).replace("|", "/")


def _notes(variable: Variable) -> Iterator[str]:
    if variable.unit:
        yield str(variable.unit)
    if variable.alternatives:
        yield _("Convert from %(units)s") % {
            "units": ", ".join(f"{unit} ({unit.conversion})" for unit in variable.alternatives)
        }
    if variable.kind is Kind.PARTIAL_DATE:
        # Of a death the month at least is needed (D01).
        is_death = variable.name == "death_date"
        yield _("YYYY-MM-DD or YYYY-MM") if is_death else _("YYYY-MM-DD, YYYY-MM or YYYY")
    if variable.missing and not variable.choices:
        reasons = ", ".join(f"{reason.value} {_(reason.label)}" for reason in variable.missing)
        yield _("Missing data codes: %(reasons)s") % {"reasons": reasons}


def _limit(text: str) -> str:
    """A limit that is a constant, or today; REDCap cannot add days to another field."""
    return text if text == TODAY or text[:1].isdigit() else ""


def _is_required_when_shown(variable: Variable) -> bool:
    return bool(variable.shown) and variable.required_when == variable.shown_when


def _annotations(form: Form, variable: Variable, *, is_first: bool) -> Iterator[str]:
    if is_first and form.repeating:
        yield _("Repeating instrument: %(unit)s") % {"unit": _(form.repeating)}
    if variable.standard:
        yield variable.standard
    if variable.source:
        yield variable.source
