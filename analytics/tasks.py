"""What Celery's beat ticks. A tick carries nothing: what is undone is read from the database."""

from celery import shared_task

from analytics.releases.build import build_approved
from analytics.reports.recompute import Watch

# One per worker process: the idle tick is a look at one row.
_watch = Watch()


@shared_task
def recompute_if_behind() -> None:
    """Bring the reports up to date, if they are not."""
    _watch.recompute_if_behind()


@shared_task
def build_releases() -> None:
    """Build the bundle of whatever was approved."""
    build_approved()
