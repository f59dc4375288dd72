"""Check of when the baseline samples were taken: C50."""

from collections.abc import Iterator

from registry.derivations.dates import days_between
from registry.derivations.reading import day
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

# The marrow has a wider window of its own, which is the dictionary's limit.
SAMPLES = ("baseline_lab_date", "m_protein_date")


def sample_dates(context: Context) -> Iterator[Hit]:
    """C50: a baseline sample long before the start, or after it."""
    baseline = context.facts.one("baseline")
    for name in SAMPLES:
        taken = day(baseline, name)
        if taken is None or context.start is None:
            continue
        days = days_between(context.start, taken)
        if not -context.rules.baseline_window_days <= days <= 0:
            yield Hit("baseline", 0, name, {"n": days})


CHECKS = (
    Check(
        "C50",
        (Severity.WARNING,),
        _("Baseline blood or M-protein sample outside the 28 days before the start."),
        _("Baseline sample %(n)s days from start."),
        sample_dates,
        replaces_limit=True,
    ),
)
