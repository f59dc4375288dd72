"""Check of the stage that was copied from the source: C13."""

from collections.abc import Iterator

from registry.derivations.reading import code
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def reported_iss(context: Context) -> Iterator[Hit]:
    """C13: the reported stage at diagnosis is not the one its own laboratory values give."""
    reported, computed = code(context.facts.one("diagnosis"), "iss_dx_reported"), context.value("iss_dx")
    if reported is not None and computed is not None and reported != computed:
        yield Hit("diagnosis", 0, "iss_dx_reported", {"reported": reported, "computed": str(computed)})


CHECKS = (
    Check(
        "C13",
        (Severity.QUERY,),
        _("Reported ISS at diagnosis is not the ISS from β2-microglobulin and albumin at diagnosis."),
        _("Reported ISS %(reported)s; β2M/albumin give %(computed)s."),
        reported_iss,
    ),
)
