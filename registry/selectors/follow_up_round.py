"""Patients who are still followed: until when each is known alive, whose follow-up has gone stale."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.models import CASE_ROWS, Case, User
from registry.selectors import scope
from registry.selectors.check_rules import rules_in_force

# Nothing after a refused or withdrawn consent is analyzed.
_NO_CONSENT = ("REFUSED", "WITHDRAWN")


@dataclass(frozen=True)
class Followed:
    """One patient not known to be dead.

    Attributes
    ----------
    reference : how the center calls the patient; "" without one.
    last_alive : latest day with evidence of life; None without any.
    status : vital status at the latest contact; "" without one.
    is_stale : whether the last evidence is too long ago (C44).
    """

    case: Case
    reference: str
    last_alive: date | None
    status: str
    is_stale: bool


def followed(user: User, centers: Collection[UUID], today: date) -> list[Followed]:
    """Patients at `centers`, whose own references the person may see; stale follow-up first, oldest first."""
    cases = scope.cases(user).filter(center_id__in=centers).select_related("derived", "own_reference")
    contacts = scope.rows(user, CASE_ROWS["follow_up"]).filter(case__center_id__in=centers)
    status: dict[UUID, str] = {}
    dead = set()
    for case_id, vital in contacts.order_by("contact_date").values_list("case_id", "vital_status"):
        status[case_id] = vital or status.get(case_id, "")
        dead |= {case_id} if vital == "DEAD" else set()
    enrolments = scope.rows(user, CASE_ROWS["enrolment"]).filter(consent_status__in=_NO_CONSENT)
    gone = dead | set(enrolments.values_list("case_id", flat=True))
    stale_days = rules_in_force().follow_up_stale_days
    found = [
        _followed(case, status.get(case.pk, ""), today, stale_days)
        for case in cases.order_by("patient_code")
        if case.pk not in gone
    ]
    return sorted(found, key=lambda one: (not one.is_stale, one.last_alive if one.is_stale else date.max))


def _followed(case: Case, status: str, today: date, stale_days: int) -> Followed:
    stored = case.derived.values.get("last_alive_date", {}).get("value")
    last_alive = date.fromisoformat(stored) if stored else None
    is_stale = last_alive is not None and status != "LTFU" and (today - last_alive).days > stale_days
    reference = case.own_reference.text if hasattr(case, "own_reference") else ""
    return Followed(case, reference, last_alive, status, is_stale)
