"""A report as it was computed once, kept for good."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trigger(models.TextChoices):
    """What led to a computation."""

    FIRST = "FIRST", _("first computation")
    MANUAL = "MANUAL", _("asked for by hand")
    EDIT = "EDIT", _("data changed")
    NEW_DAY = "NEW_DAY", _("a new day")
    COHORT = "COHORT", _("definition of the cohort changed")
    PARAMETERS = "PARAMETERS", _("parameters changed")
    CODE = "CODE", _("rules or methods changed")


class Drawing(models.Model):
    """A figure as SVG, named by its own SHA-256: equal figures of many snapshots are stored once."""

    digest = models.CharField(max_length=64, primary_key=True)
    svg = models.TextField()

    def __str__(self) -> str:
        return self.digest


class ReportSnapshot(models.Model):
    """The report on one cohort.

    Cohort, parameters, day, data version and code name the result; computing it again gives the same text.
    `data_version` is the number of the newest change that can move a result, not of the newest event.
    """

    cohort = models.CharField(_("cohort"), max_length=40)
    cohort_version = models.PositiveIntegerField()
    parameters = models.JSONField()
    parameters_digest = models.CharField(max_length=64)
    as_of = models.DateField(_("as of"))
    data_version = models.BigIntegerField(_("data version"))
    code_version = models.CharField(_("code version"), max_length=80)
    rule_version = models.CharField(_("rule version"), max_length=40)
    trigger = models.CharField(_("trigger"), max_length=12, choices=Trigger.choices)
    previous_version = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    result = models.TextField()
    result_digest = models.CharField(max_length=64)
    # Figure key → digest of its Drawing.
    drawings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("report snapshot")
        verbose_name_plural = _("report snapshots")
        ordering = ("-data_version", "-as_of", "-id")
        constraints = [
            models.UniqueConstraint(
                name="reportsnapshot_once",
                fields=[
                    "cohort",
                    "cohort_version",
                    "parameters_digest",
                    "as_of",
                    "data_version",
                    "code_version",
                    "rule_version",
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "-data_version", "-as_of", "-id"], name="reportsnapshot_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} {self.data_version}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """The report's sections, as JSON values."""
        content: dict[str, Any] = json.loads(self.result)
        return content
