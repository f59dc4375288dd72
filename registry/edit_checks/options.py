"""Check of answers that exclude the others: C47."""

from collections.abc import Iterator

from registry.derivations.reading import code, codes, number
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Kind
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

NONE = "NONE"
_EXCLUSIVE = tuple(
    (form.name, variable.name)
    for form in CASE_FORMS.values()
    for variable in form
    if variable.kind is Kind.MULTICHOICE and NONE in variable.codes
)


def none_with_others(context: Context) -> Iterator[Hit]:
    """C47: "none" and something; no plasmacytoma, but its size."""
    facts = context.facts
    for form, name in _EXCLUSIVE:
        for index, row in enumerate(facts.rows(form)):
            chosen = codes(row, name) or ()
            if NONE in chosen and len(chosen) > 1:
                yield Hit(form, index, name)
    baseline = facts.one("baseline")
    size = number(baseline, "plasmacytoma_spd")
    if code(baseline, "plasmacytoma_type") == NONE and size is not None and size > 0:
        yield Hit("baseline", 0, "plasmacytoma_spd")


CHECKS = (
    Check(
        "C47",
        (Severity.ERROR,),
        _("The option NONE together with others; no plasmacytoma, but a sum of products above 0."),
        _("NONE cannot be combined."),
        none_with_others,
    ),
)
