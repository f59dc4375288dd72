"""Checks of refractoriness as the source asserts it against what lines and dates say."""

from collections.abc import Iterator

from registry.derivations.parameters import DEFAULT
from registry.derivations.refractoriness import computed
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

_WORD = {True: "YES", False: "NO"}


def never_in_a_line(context: Context) -> Iterator[Hit]:
    """C16: at the assertion; a drug or a line that has no line number yet may still be the one."""
    numbers = {line.number for line in context.recorded.lines} | {None}
    drugs = context.recorded.drugs
    in_a_line = {drug.code for drug in drugs if drug.line_no in numbers}
    unnumbered = any(line.number is None for line in context.recorded.lines)
    for drug in drugs:
        if drug.asserted and drug.code not in in_a_line and not unnumbered:
            yield Hit("prior_line_drug", drug.row, "drug_refractory_asserted", {"drug": drug.code})


def dates_and_source(context: Context) -> Iterator[Hit]:
    """C19: at the assertion; where the dates do not decide, there is nothing to disagree with."""
    for drug in context.recorded.drugs:
        if drug.asserted is None:
            continue
        verdict = computed(drug, context.recorded.line_of(drug), DEFAULT).refractory
        if verdict is not None and verdict is not drug.asserted:
            params = {"computed": _WORD[verdict], "asserted": _WORD[drug.asserted]}
            yield Hit("prior_line_drug", drug.row, "drug_refractory_asserted", params)


CHECKS = (
    Check(
        "C16",
        (Severity.ERROR,),
        _("Asserted refractory to a drug that no prior line contains."),
        _("Refractory to %(drug)s, but no line contains it."),
        never_in_a_line,
    ),
    Check(
        "C19",
        (Severity.QUERY,),
        _("Refractoriness computed from the dates is another than the source asserts."),
        _("Dates say %(computed)s, source says %(asserted)s."),
        dates_and_source,
    ),
)
