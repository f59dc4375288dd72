"""The dictionary as a reader of the codebook sees it: each rule of a variable in words, and a search."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from registry.dictionary.catalog import FORMS
from registry.dictionary.values import Value
from registry.dictionary.variable import Form, Identifying, Kind, Variable
from registry.forms.limit_hint import limit_hint
from registry.terminology.text import gettext_noop

_KINDS = {
    Kind.TEXT: gettext_noop("Text"),
    Kind.INTEGER: gettext_noop("Whole number"),
    Kind.DECIMAL: gettext_noop("Number"),
    Kind.DATE: gettext_noop("Date"),
    Kind.PARTIAL_DATE: gettext_noop("Date, may be partial"),
    Kind.BOOLEAN: gettext_noop("Yes or no"),
    Kind.CHOICE: gettext_noop("One of"),
    Kind.MULTICHOICE: gettext_noop("Any of"),
}
_IDENTIFYING = {
    Identifying.NO: "",
    Identifying.QUASI: gettext_noop("Could help to identify: leaves a center only under a release's rules"),
    Identifying.DIRECT: gettext_noop("Identifies: never leaves the center's own pages"),
}


@dataclass(frozen=True)
class Entry:
    """One variable in words."""

    variable: Variable
    label: str
    kind: str
    unit: str
    alternatives: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    limits: str
    missing: tuple[str, ...]
    identifying: str

    @property
    def required(self) -> str:
        """The condition under which an answer is owed; "" when always or never."""
        return "" if self.variable.required in ("always", "no") else self.variable.required

    def texts(self) -> Iterator[str]:
        """Everything a search looks into."""
        yield from (self.label, self.variable.name, self.unit, self.variable.standard, self.variable.source)
        yield from self.alternatives
        for code, label in self.choices:
            yield f"{code} {label}"


@dataclass(frozen=True)
class Section:
    """One form with the variables that were found in it."""

    form: Form
    label: str
    repeating: str
    entries: tuple[Entry, ...]


def codebook(today: date, *, search: str = "", core: bool = False, form: str = "") -> list[Section]:
    """All forms in clinical order; those in which nothing was found are left out.

    Parameters
    ----------
    search : words that must all occur in a variable's label, name, unit, choices, standard or source.
    core : only the variables that every center enters.
    form : name of the only form that is asked for; "" for all.
    """
    sections = []
    for each in FORMS.values():
        if form not in ("", each.name):
            continue
        entries = tuple(
            entry
            for entry in (_entry(variable, today) for variable in each)
            if (entry.variable.core or not core) and fits(search, entry.texts())
        )
        if entries:
            sections.append(
                Section(each, _(each.label), _(each.repeating) if each.repeating else "", entries)
            )
    return sections


def fits(search: str, texts: Iterable[str]) -> bool:
    """Whether every word of a search occurs somewhere in the texts."""
    text = " ".join(texts).casefold()
    return all(word in text for word in search.casefold().split())


def _entry(variable: Variable, today: date) -> Entry:
    return Entry(
        variable=variable,
        label=_(variable.label),
        kind=_(_KINDS[variable.kind]),
        unit=str(variable.unit or ""),
        alternatives=tuple(str(unit) for unit in variable.alternatives),
        choices=tuple((choice.code, _(choice.label)) for choice in variable.choices),
        limits=limit_hint(variable, _unknown, today),
        missing=tuple(_(reason.label) for reason in variable.missing),
        identifying=_(_IDENTIFYING[variable.identifying]) if _IDENTIFYING[variable.identifying] else "",
    )


def _unknown(name: str) -> Value:
    # A limit that hangs on another answer is shown as the rule, not as one patient's date.
    return None
