"""The limits of a variable in a few words: "2–25 g/dL, usually 6–17"."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.dictionary.bounds import TODAY, Bound, Constant, Reference
from registry.dictionary.catalog import FORMS
from registry.dictionary.values import Value
from registry.dictionary.variable import Limits, Variable
from registry.forms.wording import day_text, number_text, unit_text

Lookup = Callable[[str], Value]


def limit_hint(variable: Variable, lookup: Lookup, today: date) -> str:
    """Hard limits, then soft ones; a limit that hangs on another answer as its date, once that is known."""
    hard = _range(variable.hard, lookup, today)
    soft = _range(variable.soft, lookup, today)
    unit = f" {unit_text(variable, '')}".rstrip()
    if not soft or variable.soft == variable.hard:
        return f"{hard}{unit}" if hard else ""
    usual = _("usually %(range)s") % {"range": soft}
    return f"{hard}{unit}, {usual}" if hard else f"{usual}{unit}"


def constant_limits(variable: Variable) -> dict[str, str]:
    """The limits of a number that are numbers, as the dictionary writes them, for the page's script."""
    found = {
        "hardMin": (variable.hard.lower, variable.hard.minimum),
        "hardMax": (variable.hard.upper, variable.hard.maximum),
        "softMin": (variable.soft.lower, variable.soft.minimum),
        "softMax": (variable.soft.upper, variable.soft.maximum),
    }
    return {name: text for name, (bound, text) in found.items() if _is_number(bound)}


def _range(limits: Limits, lookup: Lookup, today: date) -> str:
    lower = _limit(limits.lower, limits.minimum, lookup, today, upper=False)
    upper = _limit(limits.upper, limits.maximum, lookup, today, upper=True)
    if lower and lower == upper:
        return lower
    if lower and upper:
        if _is_number(limits.lower):
            return f"{lower}–{upper}"
        return _("%(lower)s to %(upper)s") % {"lower": lower, "upper": upper}
    if lower:
        return _("from %(limit)s") % {"limit": lower}
    return _("up to %(limit)s") % {"limit": upper} if upper else ""


def _is_number(bound: Bound | None) -> bool:
    return isinstance(bound, Constant) and isinstance(bound.value, Fraction)


def _limit(bound: Bound | None, text: str, lookup: Lookup, today: date, *, upper: bool) -> str:
    if bound is None:
        return ""
    if isinstance(bound, Constant):
        return day_text(bound.value) if isinstance(bound.value, date) else number_text(text)
    if text == TODAY:
        return _("today")
    if span := bound.span(lookup, today):
        # Of a partial date the wider end: nothing inside it is refused.
        day = span.latest if upper else span.earliest
        return day_text(day) if isinstance(day, date) else text
    return _in_words(bound)


def _in_words(bound: Reference) -> str:
    """The limit by the question it hangs on, as long as that has no answer."""
    # Without the remark in brackets some labels end with.
    name = re.sub(r" \(.*\)$", "", _(_LABELS[bound.references[0]]))
    if bound.years:
        shift = ngettext("%(count)s year", "%(count)s years", abs(bound.years)) % {"count": abs(bound.years)}
    elif bound.days:
        shift = ngettext("%(count)s day", "%(count)s days", abs(bound.days)) % {"count": abs(bound.days)}
    else:
        return name
    return f"{name} {'−' if bound.years + bound.days < 0 else '+'} {shift}"


_LABELS = {variable.name: variable.label for form in FORMS.values() for variable in form}
