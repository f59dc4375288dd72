"""Reading the audit trail: who did what, when, where from and why; never what a patient's row said."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.exceptions import NotFound
from registry.models import Event

# A reason is written by people about a patient they have in mind: the code may stand in it.
_PATIENT_CODE = re.compile(r"\b[A-Z]{2}\d{3}-\d{4}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """Which events to list; empty means all."""

    action: str = ""
    center_code: str = ""
    person: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    number: int | None = None


@dataclass(frozen=True)
class EventPage:
    """Some events, the newest first, and the numbers from which to go on in either direction."""

    events: list[Event]
    older: int | None
    newer: int | None


def events(
    wanted: Wanted, *, before: int | None = None, after: int | None = None, size: int = 50
) -> EventPage:
    """One page of headers.

    Pages go on from a number and not from a position: the trail grows while somebody reads it, and a page
    far down costs as little as the first.

    Parameters
    ----------
    before, after : the page of events with smaller, or larger, numbers than this one.
    """
    found = _matching(wanted)
    if after is not None:
        page = list(found.filter(number__gt=after).order_by("number")[: size + 1])
        more, page = len(page) > size, page[:size][::-1]
        has_newer, has_older = more, True
    else:
        page = list((found.filter(number__lt=before) if before is not None else found)[: size + 1])
        has_older, page = len(page) > size, page[:size]
        has_newer = before is not None
    for event in page:
        event.reason = without_patient_codes(event.reason)
    return EventPage(
        page,
        older=page[-1].number if page and has_older else None,
        newer=page[0].number if page and has_newer else None,
    )


def event(number: int) -> Event:
    """One header; raises NotFound."""
    found = Event.objects.filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no such event."))
    found.reason = without_patient_codes(found.reason)
    return found


def without_patient_codes(text: str) -> str:
    """The text with each patient code put out of sight."""
    return _PATIENT_CODE.sub(_("[patient code]"), text)


def _matching(wanted: Wanted) -> QuerySet[Event]:
    found = Event.objects.order_by("-number")
    exact = {
        "action": wanted.action,
        "center_code": wanted.center_code,
        "source": wanted.source,
        "number": wanted.number,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.person:
        found = found.filter(actor_name__icontains=wanted.person)
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    # The day the reader means is the study's, as in every time the page shows.
    return datetime.combine(day, time.min, ZoneInfo(settings.REGISTRY_TODAY_TIME_ZONE))
