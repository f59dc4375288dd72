"""Quality of a case's data (D34): what is answered, what is owed, which key values nobody knows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry.dictionary.facts import Facts
from registry.edit_checks.completeness import Completeness, of_row, required_core
from registry.terminology.missing import Missing

# D34: "stale follow-up (C44)".
STALE_FOLLOW_UP = "C44"
# D34: "NK on weight, creatinine, Hb, drug dates listed by center".
KEY_VARIABLES = {
    "baseline": ("weight_kg", "creatinine", "hb"),
    "prior_line_drug": ("drug_start", "drug_last_dose"),
}


@dataclass(frozen=True)
class Quality:
    """Metrics of one case, or of many together.

    Attributes
    ----------
    forms : form name → completeness of its rows; a form not begun that is expected counts as an empty row.
    owed : form name → core variables without an answer in one of its rows.
    not_known : key variable → in how many rows it is NK; only those that are somewhere.
    """

    forms: Mapping[str, Completeness] = field(default_factory=dict)
    owed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_known: Mapping[str, int] = field(default_factory=dict)

    @property
    def core(self) -> Completeness:
        """Completeness over all forms."""
        return sum(self.forms.values(), Completeness())


def quality(facts: Facts) -> Quality:
    """Metrics of one case."""
    forms: dict[str, Completeness] = {}
    owed: dict[str, dict[str, None]] = {}
    for record, required in required_core(facts):
        name = record.form.name
        forms[name] = forms.get(name, Completeness()) + of_row(record, required)
        missing = (variable.name for variable in required if record[variable.name] is None)
        owed.setdefault(name, {}).update(dict.fromkeys(missing))
    return Quality(forms, {name: tuple(names) for name, names in owed.items() if names}, _not_known(facts))


def pooled(qualities: Iterable[Quality]) -> Quality:
    """Metrics of many cases together; what each owes stays with the case."""
    forms: dict[str, Completeness] = {}
    not_known: Counter[str] = Counter()
    for each in qualities:
        for name, completeness in each.forms.items():
            forms[name] = forms.get(name, Completeness()) + completeness
        not_known.update(each.not_known)
    return Quality(forms, {}, dict(not_known))


def _not_known(facts: Facts) -> dict[str, int]:
    counts = {
        name: sum(row[name] is Missing.NK for row in facts.rows(form))
        for form, names in KEY_VARIABLES.items()
        for name in names
    }
    return {name: count for name, count in counts.items() if count}
