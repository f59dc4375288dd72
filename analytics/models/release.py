"""A locked data set: proposed by one person, approved by another, built once, never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReleaseState(models.TextChoices):
    """How far a release is."""

    PROPOSED = "PROPOSED", _("Proposed")
    APPROVED = "APPROVED", _("Approved")
    BUILDING = "BUILDING", _("Being built")
    LOCKED = "LOCKED", _("Locked")
    REJECTED = "REJECTED", _("Rejected")


S = ReleaseState

# From → to: the only ways `releases/workflow.py` and `releases/build.py` go. `releases/states.md` draws them,
# and a test compares.
TRANSITIONS: dict[ReleaseState, frozenset[ReleaseState]] = {
    S.PROPOSED: frozenset({S.APPROVED, S.REJECTED}),
    S.APPROVED: frozenset({S.BUILDING}),
    # Back to approved when a build failed: the next tick tries again.
    S.BUILDING: frozenset({S.LOCKED, S.APPROVED}),
    S.LOCKED: frozenset(),
    S.REJECTED: frozenset(),
}


def bundles() -> Path:
    """The folder of all bundles."""
    return Path(settings.DATA_DIR) / "releases"


class LockedRelease(Exception):
    """A locked release was about to be changed, or any to be deleted."""


class ReleaseQuerySet(models.QuerySet[Any]):
    """Queryset writes are refused for locked releases as `save` is."""

    def update(self, **kwargs: Any) -> int:
        if self.filter(state=S.LOCKED).exists():
            raise LockedRelease("a locked release never changes")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise LockedRelease("a release is never deleted")


class Release(models.Model):
    """One release and the way it came about. People are kept as text: the release outlives their accounts."""

    number = models.AutoField(primary_key=True)
    state = models.CharField(_("state"), max_length=10, choices=S.choices, default=S.PROPOSED)
    reason = models.CharField(_("reason"), max_length=500)
    cutoff = models.DateField(_("data cutoff"))
    # A second submit of the same form finds the release of the first.
    token = models.CharField(max_length=64, unique=True)

    proposed_at = models.DateTimeField()
    proposed_by_id = models.CharField(max_length=36)
    proposed_by = models.CharField(_("proposed by"), max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.CharField(max_length=36, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    # Study codes and date shifts are drawn from it; it never leaves the database.
    secret = models.CharField(max_length=64, editable=False)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    retry_at = models.DateTimeField(null=True)

    data_version = models.BigIntegerField(_("data version"), null=True)
    rule_version = models.CharField(max_length=40, blank=True)
    code_version = models.CharField(max_length=80, blank=True)
    locked_at = models.DateTimeField(_("locked"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    # [{"path": …, "size": …, "sha256": …}] in the order of the bundle.
    contents = models.JSONField(default=list)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-number",)
        constraints = [
            models.CheckConstraint(
                name="release_decided_paired",
                condition=Q(decided_at__isnull=True, decided_by="", decided_by_id="")
                | Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(decided_by_id=""),
            ),
            models.CheckConstraint(
                name="release_never_approved_by_proposer",
                condition=~Q(state__in=[S.APPROVED, S.BUILDING, S.LOCKED])
                | ~Q(decided_by_id=models.F("proposed_by_id")),
            ),
            models.CheckConstraint(
                name="release_locked_complete",
                condition=~Q(state=S.LOCKED)
                | Q(locked_at__isnull=False, data_version__isnull=False, size__isnull=False) & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Release %(number)s") % {"number": self.number})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and Release.objects.filter(pk=self.pk, state=S.LOCKED).exists():
            raise LockedRelease("a locked release never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise LockedRelease("a release is never deleted")

    @property
    def bundle_name(self) -> str:
        """What the bundle is called for whoever downloads it."""
        return f"{self.folder_name}.zip"

    @property
    def folder_name(self) -> str:
        """The folder the bundle unpacks to."""
        return f"myeloma-registry-release-{self.number:04d}"

    @property
    def bundle_path(self) -> Path:
        """Where the bundle is kept. Its content is in the name: a late writer cannot replace a locked one."""
        return bundles() / f"{self.number:04d}-{self.sha256}.zip"
