"""The ticks do their work, under the names that beat calls."""

from pathlib import Path

import pytest
from django.conf import settings

from analytics import tasks
from analytics.models import ReportSnapshot
from analytics.releases.formats import report_html
from analytics.reports import lease, recompute
from registry.celery import app
from registry.models import Case
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshot_sees_test")]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(recompute, "draw", lambda report, known=None: ({}, {}))
    monkeypatch.setattr(report_html, "draw", lambda report: ({}, {}))
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 3600)
    monkeypatch.setattr(tasks, "_watch", recompute.Watch())


@pytest.fixture
def case() -> Case:
    return factories.case(factories.center())


def test_beat_ticks_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    ticked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert (
        {"analytics.tasks.recompute_if_behind", "analytics.tasks.build_releases"}
        <= ticked
        <= app.tasks.keys()
    )


def test_a_tick_brings_the_reports_up_to_date(case: Case) -> None:
    tasks.recompute_if_behind()
    assert ReportSnapshot.objects.count() == 2


def test_the_same_tick_delivered_twice_makes_one_result(case: Case) -> None:
    tasks.recompute_if_behind()
    tasks.recompute_if_behind()
    assert ReportSnapshot.objects.count() == 2


def test_a_tick_with_nothing_to_build_builds_nothing() -> None:
    tasks.build_releases()
