"""Keeping the reports current: what is behind, computed from one consistent state, stored once.

Any process may call this at any time, twice at once too: a lease lets one of them work, a snapshot's key lets
its result be stored once, and what was missed is found again by asking the database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import monotonic

import structlog
from django.db import transaction
from django.utils import timezone

from analytics.extraction.cohorts import COHORTS, Cohort
from analytics.extraction.cut import DataCut
from analytics.models import ReportSnapshot
from analytics.models.report_snapshot import Trigger
from analytics.reports.code_version import code_version
from analytics.reports.drawings import draw
from analytics.reports.lease import Held, LeaseLost, holding
from analytics.reports.pipeline import build_report
from analytics.reports.snapshot import Key, digest, newest, store
from analytics.sections.result import ReportParameters
from registry.public import data_cut, data_version, result_version, today

logger = structlog.get_logger(__name__)

LEASE = "recompute"
# Edits that come faster than this are computed together: 1,000 in ten seconds make at most 14 runs.
PAUSE = timedelta(seconds=0.75)


@dataclass
class Watch:
    """What one process has seen, so that an idle tick is one query: the number of the newest event.

    Only "everything was current" is remembered, and it stays true as long as the day, the code and the number
    of the newest event are the same.
    """

    seen: tuple[int, date] | None = None

    def recompute_if_behind(self) -> list[ReportSnapshot]:
        """Compute what is behind; return the snapshots made. Cheap when nothing is new."""
        now = (data_version(), today())
        if now == self.seen:
            return []
        if behind(now[1]):
            return recompute(pause=PAUSE)
        self.seen = now
        return []


def behind(day: date) -> list[Cohort]:
    """Cohorts of which no snapshot by this code and of this day contains all that can move a result."""
    version = result_version()
    newest = {
        cohort.name: _key(cohort, ReportParameters(), day).newest_version() for cohort in COHORTS.values()
    }
    return [
        cohort for cohort in COHORTS.values() if (stored := newest[cohort.name]) is None or stored < version
    ]


def recompute(
    *, pause: timedelta = timedelta(0), trigger: Trigger | None = None, again: bool = False
) -> list[ReportSnapshot]:
    """Compute every cohort that is behind; return the snapshots made, none when another process is at it.

    Parameters
    ----------
    pause : shortest time since the last run of any process.
    trigger : what to note on the snapshots; None finds out.
    again : compute what is current as well, to compare.
    """
    with holding(LEASE, pause=pause) as held:
        if held is None:
            return []
        # Another process may have finished between the question and the lease.
        cohorts = list(COHORTS.values()) if again else behind(today())
        if not cohorts:
            return []
        try:
            return _run(cohorts, held, trigger)
        except LeaseLost:
            logger.warning("recompute_abandoned", why="the lease was lost")
            return []


def consistent_cut(cutoff: date | None = None) -> DataCut:
    """All cases in one state, named by the newest change that can move a result.

    Logins and the like are events too; a version that counted them would give one state many names.
    """
    with transaction.atomic(using="snapshot"):
        return replace(data_cut(cutoff), data_version=result_version("snapshot"))  # type: ignore[type-var]


def _run(cohorts: Sequence[Cohort], held: Held, trigger: Trigger | None) -> list[ReportSnapshot]:
    cut = consistent_cut()
    made, drawings = [], {}
    for cohort in cohorts:
        snapshot, drawn = _compute(cut, cohort, trigger)
        made.append(snapshot)
        drawings |= drawn
    with transaction.atomic():
        held.check()
        store(made, drawings)
    logger.info(
        "recomputed",
        data_version=cut.data_version,
        cohorts=[snapshot.cohort for snapshot in made],
        milliseconds=sum(snapshot.duration_ms for snapshot in made),
    )
    return made


def _compute(cut: DataCut, cohort: Cohort, trigger: Trigger | None) -> tuple[ReportSnapshot, dict[str, str]]:
    started, clock = timezone.now(), monotonic()
    parameters = ReportParameters()
    report = build_report(cut, cohort, parameters)
    key = _key(cohort, parameters, report.as_of)
    result = report.to_text()
    before = newest(cohort.name)
    why = key.trigger(before, cut.data_version, cut.rule_version)
    known = before.drawings if before and before.code_version == key.code_version else None
    named, drawings = draw(report, known)
    snapshot = ReportSnapshot(
        cohort=key.cohort,
        cohort_version=key.cohort_version,
        parameters=parameters.to_json(),
        parameters_digest=key.parameters_digest,
        as_of=key.as_of,
        data_version=cut.data_version,
        code_version=key.code_version,
        rule_version=cut.rule_version,
        trigger=trigger or why,
        previous_version=before.data_version if before else None,
        started_at=started,
        finished_at=timezone.now(),
        duration_ms=round(1000 * (monotonic() - clock)),
        result=result,
        result_digest=digest(result),
        drawings=named,
    )
    return snapshot, drawings


def _key(cohort: Cohort, parameters: ReportParameters, day: date) -> Key:
    return Key(
        cohort=cohort.name,
        cohort_version=cohort.version,
        parameters_digest=digest(json.dumps(parameters.to_json(), sort_keys=True)),
        as_of=day,
        code_version=code_version(),
    )
