"""One question as it stands on a page: which control, how wide, with which options, limits and remarks."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from registry.dictionary.conditions import Always
from registry.dictionary.entry import MAX_DIGITS, MAX_TEXT
from registry.dictionary.facts import Lookup
from registry.dictionary.variable import Choice, Kind, Variable
from registry.forms.answer_keys import answer_keys
from registry.forms.branching import as_json
from registry.forms.eligibility import notes
from registry.forms.limit_hint import constant_limits, limit_hint
from registry.forms.posted import MISSING_MARK, Typed
from registry.forms.remark import Remark
from registry.forms.wording import label_of, unit_text
from registry.terminology.drugs import CLASS_OF, DrugClass
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop

# Up to this many choices stand side by side; more of them open as a list.
MOST_RADIOS = 4


@dataclass(frozen=True)
class Option:
    """One thing to choose; `factor` converts a unit to the canonical one, `key` gives the answer."""

    value: str
    label: str
    chosen: bool
    is_missing: bool = False
    factor: str = ""
    key: str = ""


@dataclass(frozen=True)
class Group:
    """Options under one heading; "" where they have none."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Control:
    """Everything the template needs to draw one question."""

    variable: Variable
    label: str
    widget: str
    typed: Typed
    groups: tuple[Group, ...] = ()
    units: tuple[Option, ...] = ()
    unit: str = ""
    missing: tuple[Option, ...] = ()
    width: int = 0
    most: int = 0
    numeric: bool = False
    limits: str = ""
    bounds: str = ""
    suggestion: str = ""
    is_required: bool = False
    branching: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    is_owed: bool = False
    stored: str = ""

    @property
    def name(self) -> str:
        return self.variable.name

    @property
    def described_by(self) -> str:
        """Ids of the texts that explain the field."""
        parts = [
            f"{self.name}-error" if self.errors else "",
            f"{self.name}-limits" if self.limits else "",
            f"{self.name}-remarks",
        ]
        return " ".join(part for part in parts if part)

    @property
    def asks_by_group(self) -> bool:
        """Whether the question is a group of controls, which a label cannot point at."""
        return self.widget in ("radio", "checkboxes")


def control(
    variable: Variable,
    typed: Typed,
    lookup: Lookup,
    today: date,
    *,
    suggestion: str = "",
    errors: Sequence[str] = (),
    remarks: Sequence[Remark] = (),
    is_owed: bool = False,
    stored: str = "",
) -> Control:
    """The control of one variable, holding what was typed or stored."""
    return Control(
        variable=variable,
        label=label_of(variable),
        widget=_widget(variable),
        typed=typed,
        groups=_groups(variable, typed),
        units=_units(variable, typed),
        unit=_fixed_unit(variable),
        missing=_missing_options(variable, typed, mark="") if _is_typed(variable) else (),
        width=_width(variable),
        most=_most(variable),
        numeric=variable.kind in _NUMBERS,
        limits=_limits(variable, lookup, today),
        bounds=json.dumps(constant_limits(variable)) if variable.kind in _NUMBERS else "",
        suggestion=suggestion,
        is_required=isinstance(variable.required_when, Always),
        branching=_branching(variable),
        errors=tuple(errors),
        remarks=tuple(remarks),
        notes=tuple(notes(variable.name)),
        is_owed=is_owed,
        stored=stored,
    )


def _is_typed(variable: Variable) -> bool:
    return variable.kind not in (Kind.BOOLEAN, Kind.CHOICE, Kind.MULTICHOICE)


def _widget(variable: Variable) -> str:
    match variable.kind:
        case Kind.MULTICHOICE:
            return "checkboxes"
        case Kind.BOOLEAN | Kind.CHOICE:
            return "radio" if len(variable.choices) <= MOST_RADIOS else "select"
        case Kind.TEXT:
            return "text"
        case _:
            return "typed"


def _groups(variable: Variable, typed: Typed) -> tuple[Group, ...]:
    if _is_typed(variable):
        return ()
    chosen = set(typed.options)
    groups: dict[str, list[Option]] = {}
    headed = [_heading(variable, choice) for choice in variable.choices]
    keys = answer_keys(variable.choices, [label for _heading, label in headed])
    for choice, key, (heading, label) in zip(variable.choices, keys, headed, strict=True):
        option = Option(choice.code, label, choice.code in chosen, key=key)
        groups.setdefault(heading, []).append(option)
    missing = _missing_options(variable, typed, mark=MISSING_MARK)
    if missing:
        # Beside the answers, unless those stand under headings or in a list.
        beside = _widget(variable) != "select" and list(groups) == [""]
        groups.setdefault("" if beside else _("No answer"), []).extend(missing)
    return tuple(Group(heading, tuple(options)) for heading, options in groups.items())


def _heading(variable: Variable, choice: Choice) -> tuple[str, str]:
    """Drugs stand under their class, which their labels then need not repeat."""
    label = _(choice.label)
    if choice.code not in CLASS_OF or "DARA" not in variable.codes:
        return (_("Other treatment") if "DARA" in variable.codes else "", label)
    return _(_CLASS_LABELS[CLASS_OF[choice.code]]), re.sub(r" \[[^\]]*\]$", "", label)


_CLASS_LABELS = {
    DrugClass.CD38: "CD38",
    DrugClass.SLAMF7: "SLAMF7",
    DrugClass.PI: gettext_noop("PI"),
    DrugClass.IMID: gettext_noop("IMiD"),
    DrugClass.CELMOD: gettext_noop("CELMoD"),
    DrugClass.ALK: gettext_noop("Alkylator"),
    DrugClass.STEROID: gettext_noop("Steroid"),
    DrugClass.XPO1: "XPO1",
    DrugClass.BCL2: "BCL2",
    DrugClass.HDAC: "HDAC",
    DrugClass.BCMA: "BCMA",
    DrugClass.GPRC5D: "GPRC5D",
    DrugClass.BCMA_CART: gettext_noop("BCMA CAR-T"),
    DrugClass.CHEMO: gettext_noop("Chemotherapy"),
    DrugClass.OTHER: gettext_noop("Other drug"),
}


def _missing_options(variable: Variable, typed: Typed, mark: str) -> tuple[Option, ...]:
    return tuple(
        Option(f"{mark}{reason}", _(Missing(reason).label), typed.missing == reason, is_missing=True)
        for reason in variable.missing
    )


def _units(variable: Variable, typed: Typed) -> tuple[Option, ...]:
    """The units to choose from; none where there is one only."""
    if not variable.alternatives:
        return ()
    chosen = typed.unit or variable.units[0]
    return tuple(
        Option(ucum, unit_text(variable, ucum), ucum == chosen, factor=str(variable.factor(ucum)))
        for ucum in variable.units
    )


def _fixed_unit(variable: Variable) -> str:
    # The choices of a dose name their unit themselves.
    if variable.alternatives or variable.unit is None or variable.choices:
        return ""
    return unit_text(variable, "")


_DATE_WIDTH = 11
_NUMBERS = (Kind.INTEGER, Kind.DECIMAL)


def _width(variable: Variable) -> int:
    """Width in characters, fit to what is typed there."""
    match variable.kind:
        case Kind.DATE | Kind.PARTIAL_DATE:
            return _DATE_WIDTH
        case Kind.INTEGER:
            return 5
        case Kind.DECIMAL:
            return 8
        case _:
            return 40


def _most(variable: Variable) -> int:
    """Most characters the field takes: generous, because a mistake is explained and not cut off."""
    return MAX_TEXT if variable.kind is Kind.TEXT else 2 * MAX_DIGITS


def _limits(variable: Variable, lookup: Lookup, today: date) -> str:
    hint = limit_hint(variable, lookup, today)
    if variable.kind is Kind.PARTIAL_DATE:
        partial = _("mm/yyyy or yyyy if no more is known")
        if variable.name == "death_date":
            partial = _("mm/yyyy if no more is known")
        return f"{hint} · {partial}" if hint else partial
    if variable.kind is Kind.TEXT:
        return _("nothing that identifies the patient")
    return hint


def _branching(variable: Variable) -> dict[str, Any]:
    """JSON of the conditions that are more than "always" or "no"."""
    found = {"shown": as_json(variable.shown_when), "required": as_json(variable.required_when)}
    return {
        name: json.dumps(condition)
        for name, condition in found.items()
        if condition["op"] not in ("always", "never")
    }
