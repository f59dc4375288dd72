"""One form field per declared variable: what is typed stays raw until an action reads it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from registry.dictionary.entry import Raw, write
from registry.dictionary.values import Value
from registry.dictionary.variable import Kind, Variable
from registry.forms.limit_hint import limit_hint
from registry.forms.wording import label_of, unit_text
from registry.today import today

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
                choices=[(ucum, unit_text(variable, ucum)) for ucum in variable.units],
            )
        if variable.missing:
            widgets["missing"] = forms.Select(
                attrs={"aria-label": _("Missing reason")},
                choices=[
                    ("", _("missing reason …")),
                    *((reason.value, _(reason.label)) for reason in variable.missing),
                ],
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
            label=label_of(variable),
            initial=as_mapping(write(value)),
            widget=EntryWidget(variable),
            help_text=_help(variable),
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(as_mapping(initial) != data)


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


def _help(variable: Variable) -> str:
    parts = [_("Required.")] if variable.required == "always" else []
    hint = limit_hint(variable, _nothing_known, today())
    if hint:
        parts.append(hint)
    elif variable.unit and len(variable.units) == 1:
        parts.append(str(variable.unit))
    if variable.kind is Kind.PARTIAL_DATE:
        parts.append(_("mm/yyyy or yyyy where the day is not known."))
    # The stock template takes help for markup.
    return escape(" · ".join(parts))


def _nothing_known(name: str) -> None:
    """Limits that hang on another answer are said in words: this page knows one row only."""
