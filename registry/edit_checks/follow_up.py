"""Checks of how long ago, and by what, the patient was last known alive."""

from collections.abc import Iterator
from datetime import date

from registry.derivations.dates import add_months
from registry.derivations.evidence_of_life import evidence_of_life
from registry.derivations.reading import code, day
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def stale(context: Context) -> Iterator[Hit]:
    """C44: of whoever is still followed, at the latest contact; at the start of IsaPd while there is none."""
    seen = context.observation
    if seen.last_alive is None or seen.withdrawn or seen.death.day is not None or seen.death.undated:
        return
    if (context.today - seen.last_alive).days <= context.rules.follow_up_stale_days:
        return
    contacts = _contacts(context)
    latest = [each for each in contacts if each[0] == contacts[-1][0]]
    if any(status == "LTFU" for _when, _index, status in latest):
        return
    if latest:
        yield Hit("follow_up", latest[0][1], "contact_date")
    else:
        yield Hit("isapd_treatment", 0, "isapd_start_date")


def date_of_a_failed_call(context: Context) -> Iterator[Hit]:
    """C58: other contacts that found nobody are no evidence here; the first dose is."""
    lost = {index: when for when, index, status in _contacts(context) if status == "LTFU"}
    evidence = evidence_of_life(context.facts)
    shown = [each.day for each in evidence if each.form != "follow_up" or each.row not in lost]
    if context.start is not None:
        shown.append(context.start)
    if not shown:
        return
    limit = add_months(max(shown), context.rules.lost_evidence_months)
    for index, when in lost.items():
        if when > limit:
            yield Hit("follow_up", index, "contact_date")


def _contacts(context: Context) -> list[tuple[date, int, str | None]]:
    """Dated contacts, the latest last: day, place on the form, vital status."""
    contacts = [
        (when, index, code(row, "vital_status"))
        for index, row in enumerate(context.facts.rows("follow_up"))
        if (when := day(row, "contact_date")) is not None
    ]
    return sorted(contacts, key=lambda contact: contact[0])


CHECKS = (
    Check(
        "C44",
        (Severity.QUERY,),
        _("Alive, and last known so more than 183 days ago."),
        _("Follow-up is stale."),
        stale,
    ),
    Check(
        "C58",
        (Severity.WARNING,),
        _("Lost to follow-up, with a contact more than 12 months after every other evidence of life."),
        _("Give the date last known alive, not the date of the failed call."),
        date_of_a_failed_call,
    ),
)
