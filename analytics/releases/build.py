"""Building what was approved: once, whole or not at all, and again after whatever stopped it.

The bundle is written beside its place, then renamed into it, then the release is locked. Whoever dies in
between leaves a file nobody refers to, which the next attempt removes.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from analytics.extraction.cohorts import COHORTS
from analytics.models import Release
from analytics.models.release import ReleaseState, bundles
from analytics.releases.bundle import Entry, all_formats, write
from analytics.releases.content import Content, content
from analytics.releases.manifest import file_sha256
from analytics.releases.workflow import TABLE
from analytics.reports.code_version import code_version
from analytics.reports.lease import Held, LeaseLost, holding
from analytics.reports.recompute import consistent_cut
from registry.public import Action, Actor, Source, record_event
from registry.terminology.text import gettext_noop as _

logger = structlog.get_logger(__name__)

LEASE = "releases"
TEMPORARY = ".building-"
LONGEST_WAIT = timedelta(minutes=5)

FULL = _("The server's disk is full or cannot be written to.")
FAILED = _("The server could not finish it; its log says why.")


def build_approved() -> Release | None:
    """Build the oldest release that waits; None when none does or another process is at it."""
    if not _waiting().exists():
        return None
    with holding(LEASE) as held:
        if held is None:
            return None
        release = _waiting().order_by("number").first()
        if release is not None:
            _build(release, held)
        return release


def _waiting() -> QuerySet[Release]:
    # One that is being built while nobody holds the lease was left by somebody who died.
    states = (ReleaseState.APPROVED, ReleaseState.BUILDING)
    return Release.objects.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()), state__in=states)


def _build(release: Release, held: Held) -> None:
    _remove_leftovers(release)
    try:
        _lock(release, held, *_write(release, held))
    except LeaseLost:
        logger.warning("release_abandoned", release=release.number, why="the lease was lost")
    except OSError:
        logger.exception("release_failed", release=release.number)
        _put_off(release, held, FULL)
    except Exception:
        logger.exception("release_failed", release=release.number)
        _put_off(release, held, FAILED)
    finally:
        release.refresh_from_db()


def _write(release: Release, held: Held) -> tuple[Content, list[Entry], str, int]:
    """Write the bundle and move it to its place; return what to note of it."""
    steps = iter(range(1, 1000))

    def progress(doing: str) -> None:
        _note(release, held, step=next(steps), doing=doing)

    # Reading, one report per cohort, one step per format, the sums.
    _note(
        release,
        held,
        state=ReleaseState.BUILDING,
        attempts=F("attempts") + 1,
        step=0,
        steps=2 + len(COHORTS) + len(all_formats()),
        failure="",
        retry_at=None,
    )
    gathered = content(release, consistent_cut(release.cutoff), code_version(), progress)
    bundles().mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = bundles() / f"{TEMPORARY}{release.number:04d}-{held.token}.zip"
    try:
        entries = write(temporary, release.folder_name, gathered, progress)
        progress(_("Checksums"))
        sha256, size = file_sha256(temporary), temporary.stat().st_size
        temporary.chmod(0o400)
        temporary.replace(bundles() / f"{release.number:04d}-{sha256}.zip")
        _sync(bundles())
    finally:
        temporary.unlink(missing_ok=True)
    return gathered, entries, sha256, size


def _lock(
    release: Release, held: Held, gathered: Content, entries: list[Entry], sha256: str, size: int
) -> None:
    with transaction.atomic():
        held.check()
        Release.objects.filter(pk=release.pk, state=ReleaseState.BUILDING).update(
            state=ReleaseState.LOCKED,
            locked_at=timezone.now(),
            data_version=gathered.data_version,
            rule_version=gathered.rule_version,
            code_version=gathered.code_version,
            sha256=sha256,
            size=size,
            contents=[{"path": each.path, "size": each.size, "sha256": each.sha256} for each in entries],
            step=F("steps"),
            doing="",
        )
        actor = Actor.system("build_releases", Source.TASK)
        facts = {"number": release.number, "data_version": gathered.data_version, "sha256": sha256}
        record_event(actor, Action.LOCK, TABLE, str(release.number), facts)
    logger.info("release_locked", release=release.number, data_version=gathered.data_version)


def _note(release: Release, held: Held, **columns: object) -> None:
    with transaction.atomic():
        held.check()
        Release.objects.filter(
            pk=release.pk, state__in=(ReleaseState.APPROVED, ReleaseState.BUILDING)
        ).update(**columns)


def _put_off(release: Release, held: Held, failure: str) -> None:
    """Back to approved, to be tried again later, each time a little later."""
    release.refresh_from_db()
    wait = min(LONGEST_WAIT, timedelta(seconds=5 * 2 ** min(release.attempts, 10)))
    try:
        _note(
            release,
            held,
            state=ReleaseState.APPROVED,
            failure=failure,
            retry_at=timezone.now() + wait,
            step=0,
            doing="",
        )
    except LeaseLost:
        logger.warning("release_abandoned", release=release.number, why="the lease was lost")


def _remove_leftovers(release: Release) -> None:
    if not bundles().is_dir():
        return
    for path in bundles().iterdir():
        if path.name.startswith((TEMPORARY, f"{release.number:04d}-")):
            path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make the renaming itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
