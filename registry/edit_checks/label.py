"""What was given before IsaPd, as its label and the paper's interval ask for it."""

from collections.abc import Iterator

from registry.derivations.daratumumab import DARA
from registry.derivations.refractoriness import PI
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def interval_unknown(context: Context) -> Iterator[Hit]:
    """C20: at the last dose that is missing or lies after the start; not where another one decides (D15)."""
    if context.value("dara_isapd_interval_days") is not None:
        return
    for drug in context.history.drugs:
        if drug.code != DARA:
            continue
        after_start = (
            context.start is not None and drug.last is not None and drug.last.earliest > context.start
        )
        if drug.last is None or after_start:
            yield Hit("prior_line_drug", drug.row, "drug_last_dose")


def outside_label(context: Context) -> Iterator[Hit]:
    """C21: at the start of IsaPd; lines and drugs of which nothing is entered yet are not missing."""
    lines = context.value("n_prior_lines")
    drugs = {drug.code for drug in context.history.drugs}
    if not isinstance(lines, int) or not context.facts.rows("prior_line"):
        return
    if lines < 2 or (drugs and ("LEN" not in drugs or drugs.isdisjoint(PI))):
        yield Hit("isapd_treatment", 0, "isapd_start_date")


CHECKS = (
    Check(
        "C20",
        (Severity.WARNING,),
        _("Daratumumab without a usable date of its last dose."),
        _("Dara–IsaPd interval cannot be computed."),
        interval_unknown,
    ),
    Check(
        "C21",
        (Severity.WARNING,),
        _("Fewer than 2 prior lines, no lenalidomide or no proteasome inhibitor before the start of IsaPd."),
        _("Outside the IsaPd label; confirm."),
        outside_label,
    ),
)
