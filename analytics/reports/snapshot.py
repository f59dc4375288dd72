"""Stored reports: which one is the newest, whether it is current, how one is stored.

Nothing heavy is imported here: web workers use it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from analytics.models import Drawing, ReportSnapshot
from analytics.models.report_snapshot import Trigger
from registry.public import result_changes_since, today

# Whatever is more is shown as "more than": counting a whole import is worth nobody's time.
COUNTED_CHANGES = 1000


@dataclass(frozen=True)
class Key:
    """What names a result, but for data version and rule version, which are known after reading only."""

    cohort: str
    cohort_version: int
    parameters_digest: str
    as_of: date
    code_version: str

    def stored(self) -> QuerySet[ReportSnapshot]:
        """Snapshots with this key, of any data version."""
        return ReportSnapshot.objects.filter(
            cohort=self.cohort,
            cohort_version=self.cohort_version,
            parameters_digest=self.parameters_digest,
            as_of=self.as_of,
            code_version=self.code_version,
        )

    def newest_version(self) -> int | None:
        """The highest data version computed under this key; None when there is none."""
        version: int | None = self.stored().aggregate(newest=Max("data_version"))["newest"]
        return version

    def trigger(self, before: ReportSnapshot | None, data_version: int, rule_version: str) -> Trigger:
        """What led to a computation of `data_version` after the snapshot `before`."""
        if before is None:
            return Trigger.FIRST
        same_code = before.code_version == self.code_version and before.rule_version == rule_version
        changed = {
            Trigger.COHORT: before.cohort_version != self.cohort_version,
            Trigger.PARAMETERS: before.parameters_digest != self.parameters_digest,
            Trigger.CODE: not same_code,
            Trigger.EDIT: before.data_version != data_version,
        }
        return next((trigger for trigger, differs in changed.items() if differs), Trigger.NEW_DAY)


def newest(cohort: str) -> ReportSnapshot | None:
    """The newest snapshot of a cohort, without its result; None before the first."""
    return ReportSnapshot.objects.filter(cohort=cohort).defer("result", "parameters").first()


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def store(snapshots: list[ReportSnapshot], drawings: dict[str, str]) -> None:
    """Keep snapshots and their figures; one that is there already stays as it is.

    Call it inside a transaction.

    Parameters
    ----------
    drawings : digest → SVG.
    """
    Drawing.objects.bulk_create(
        [Drawing(digest=name, svg=svg) for name, svg in sorted(drawings.items())], ignore_conflicts=True
    )
    ReportSnapshot.objects.bulk_create(snapshots, ignore_conflicts=True)


@dataclass(frozen=True)
class Freshness:
    """How current the newest snapshot of a cohort is.

    Attributes
    ----------
    snapshot : the newest one; None before the first.
    waiting : changes since that can move a result, counted up to `COUNTED_CHANGES`.
    new_day : the snapshot is of an earlier day.
    """

    snapshot: ReportSnapshot | None
    waiting: int
    new_day: bool

    @property
    def is_current(self) -> bool:
        return self.snapshot is not None and not self.waiting and not self.new_day

    @property
    def state(self) -> str:
        """Text that differs whenever something a reader sees differs."""
        known = self.snapshot.pk if self.snapshot else 0
        return f"{known}.{self.waiting}.{int(self.new_day)}"


def freshness(snapshot: ReportSnapshot | None) -> Freshness:
    """Whether `snapshot`, the newest of its cohort, is current."""
    if snapshot is None:
        return Freshness(None, 0, new_day=False)
    waiting = result_changes_since(snapshot.data_version, limit=COUNTED_CHANGES)
    return Freshness(snapshot, waiting, new_day=snapshot.as_of != today())
