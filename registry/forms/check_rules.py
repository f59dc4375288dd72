"""Rules of the edit checks as pages show and take them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.rules import DEFAULT, Rules
from registry.edit_checks.settings import SETTINGS, Setting
from registry.forms.people import ActionForm
from registry.selectors.rules_effect import Line

OFF = "off"


@dataclass(frozen=True)
class SettingLine:
    """One setting in words: as the specification has it, as it is in force, as it is proposed."""

    check: str
    label: str
    unit: str
    usual: int
    current: int
    proposed: int | None = None


@dataclass(frozen=True)
class CheckLine:
    """A check that is on or off: "" where nothing is proposed."""

    check: str
    condition: str
    is_off: bool
    would_be_off: bool = False


@dataclass(frozen=True)
class EffectTable:
    """How many cases a check would newly ask about, and how many no longer: center by center, check by check.

    Attributes
    ----------
    checks : ids, in the order of the columns.
    rows : center and, per check, the two numbers; first, with the center "", those of all centers.
    """

    checks: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


class RulesForm(ActionForm):
    """A proposal: every setting, the checks that are switched off, and why."""

    off = forms.MultipleChoiceField(
        label=gettext_lazy("Checks switched off"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Why the rules should change; kept in the audit trail."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, current: Rules, **kwargs: Any) -> None:
        initial = {setting.name: getattr(current, setting.name) for setting in SETTINGS}
        super().__init__(*args, initial=initial | {OFF: current.off}, **kwargs)
        self.fields[OFF].choices = [(check.id, f"{check.id} {_(check.condition)}") for check in CHECKS]
        for setting in SETTINGS:
            self.fields[setting.name] = _number(setting)

    def numbers(self) -> list[Any]:
        """The fields of the settings, in their order."""
        return [self[setting.name] for setting in SETTINGS]

    def settings(self) -> dict[str, object]:
        """What was typed, as `Rules.from_json` takes it."""
        found: dict[str, object] = {setting.name: self.cleaned_data[setting.name] for setting in SETTINGS}
        return found | {OFF: sorted(self.cleaned_data[OFF])}


def setting_lines(current: Rules, proposed: Rules | None = None) -> list[SettingLine]:
    """Every setting; with `proposed`, those that would change."""
    lines = (_setting_line(setting, current, proposed) for setting in SETTINGS)
    return [line for line in lines if proposed is None or line.proposed != line.current]


def check_lines(current: Rules, proposed: Rules | None = None) -> Iterator[CheckLine]:
    """The checks that are switched off; with `proposed`, those that would be switched."""
    for check in CHECKS:
        is_off, would_be = check.id in current.off, check.id in (proposed or current).off
        if is_off if proposed is None else is_off is not would_be:
            yield CheckLine(check.id, _(check.condition), is_off, would_be)


def effect_table(lines: list[Line]) -> EffectTable:
    """The numbers of an effect; never a case."""
    checks = tuple(sorted({line.check for line in lines}))
    found: dict[str, dict[str, tuple[int, int]]] = {"": {}}
    for line in sorted(lines, key=lambda line: line.center):
        opens, closes = len(line.opens), len(line.closes)
        all_opens, all_closes = found[""].get(line.check, (0, 0))
        found[""][line.check] = (all_opens + opens, all_closes + closes)
        found.setdefault(line.center, {})[line.check] = (opens, closes)
    rows = ((center, tuple(at.get(check, (0, 0)) for check in checks)) for center, at in found.items())
    return EffectTable(checks, tuple(rows) if lines else ())


def _number(setting: Setting) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{_(setting.label)} ({setting.check})",
        min_value=0,
        max_value=10_000,
        help_text=_("%(unit)s; the specification has %(usual)s")
        % {"unit": _(setting.unit), "usual": getattr(DEFAULT, setting.name)},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-xs"}),
    )


def _setting_line(setting: Setting, current: Rules, proposed: Rules | None) -> SettingLine:
    return SettingLine(
        setting.check,
        _(setting.label),
        _(setting.unit),
        getattr(DEFAULT, setting.name),
        getattr(current, setting.name),
        getattr(proposed, setting.name) if proposed else None,
    )
