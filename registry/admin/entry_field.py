"""One form field per declared variable: what is typed stays raw until an action reads it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from registry.dictionary.entry import Raw, write
from registry.dictionary.values import Value
from registry.dictionary.variable import Kind, Limits, Variable
from registry.terminology.missing import LABELS, Missing

_BLANK = ("", "–")


class EntryWidget(forms.MultiWidget):
    """The value, its unit where there are several, its missing reason where one is allowed.

    Posts ``hb``, ``hb_unit``, ``hb_missing``; gives the JSON entry format ``{"value", "unit", "missing"}``.
    """

    use_fieldset = False

    def __init__(self, variable: Variable) -> None:
        widgets: dict[str, forms.Widget] = {"": _value_widget(variable)}
        if len(variable.units) > 1:
            widgets["unit"] = forms.Select(
                attrs={"aria-label": _("Unit")},
                choices=[(ucum, _unit(variable, ucum)) for ucum in variable.units],
            )
        if variable.missing:
            widgets["missing"] = forms.Select(
                attrs={"aria-label": _("Missing reason")},
                choices=[_BLANK, *((reason.value, _(reason.label)) for reason in variable.missing)],
            )
        self.parts = tuple(part or "value" for part in widgets)
        super().__init__(widgets)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Raw:
        return dict(zip(self.parts, super().value_from_datadict(data, files, name), strict=True))

    def decompress(self, value: Any) -> list[Any]:
        given = value if isinstance(value, Mapping) else {"value": value}
        return [given.get(part) for part in self.parts]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class EntryField(forms.Field):
    """Takes every entry: the action that stores it says, at this field, what is wrong with it."""

    def __init__(self, variable: Variable, value: Value) -> None:
        super().__init__(
            required=False,
            label=_(variable.label),
            initial=as_mapping(write(value)),
            widget=EntryWidget(variable),
            help_text=_help(variable),
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(as_mapping(initial) != data)


def shown(variable: Variable, value: Value) -> str:
    """A stored value for a reader: choice labels, the unit as entered, the missing reason in words."""
    if isinstance(value, Missing):
        return _(LABELS[value])
    if value is None:
        return "–"
    raw = write(value)
    if isinstance(raw, Mapping):
        return f"{raw['value']} {_unit(variable, str(raw['unit']))}"
    if variable.choices:
        codes = raw if isinstance(raw, list) else [raw]
        return ", ".join(_(variable.choice(str(code)).label) for code in codes)
    return str(raw)


def as_mapping(raw: Raw) -> dict[str, Any]:
    """A raw entry as the widget takes it apart."""
    return dict(raw) if isinstance(raw, Mapping) else {"value": raw}


def _value_widget(variable: Variable) -> forms.Widget:
    choices = [(choice.code, _(choice.label)) for choice in variable.choices]
    match variable.kind:
        case Kind.CHOICE | Kind.BOOLEAN:
            return forms.Select(choices=[_BLANK, *choices])
        case Kind.MULTICHOICE:
            return forms.SelectMultiple(attrs={"size": min(len(choices), 8)}, choices=choices)
        case Kind.INTEGER | Kind.DECIMAL:
            return forms.TextInput(attrs={"inputmode": "decimal", "size": 12, "autocomplete": "off"})
        case Kind.DATE | Kind.PARTIAL_DATE:
            return forms.TextInput(attrs={"placeholder": _("dd/mm/yyyy"), "size": 12, "autocomplete": "off"})
        case _:
            return forms.TextInput(attrs={"size": 60, "autocomplete": "off"})


def _unit(variable: Variable, ucum: str) -> str:
    if variable.unit and ucum == variable.unit.ucum:
        return str(variable.unit)
    return next((str(unit) for unit in variable.alternatives if unit.ucum == ucum), ucum)


def _help(variable: Variable) -> str:
    parts = [_("Required.")] if variable.required == "always" else []
    if len(variable.units) == 1:
        parts.append(str(variable.unit))
    if variable.kind is Kind.PARTIAL_DATE:
        parts.append(_("mm/yyyy or yyyy where the day is not known."))
    if limits := _limits(variable.hard):
        parts.append(limits)
    # The stock template takes help for markup.
    return escape(" ".join(parts))


def _limits(limits: Limits) -> str:
    if limits.minimum and limits.maximum:
        return _("From %(minimum)s to %(maximum)s.") % {"minimum": limits.minimum, "maximum": limits.maximum}
    if limits.minimum:
        return _("Not below %(minimum)s.") % {"minimum": limits.minimum}
    return _("Not above %(maximum)s.") % {"maximum": limits.maximum} if limits.maximum else ""
