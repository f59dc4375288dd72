"""What Celery's beat ticks in the registry."""

from celery import shared_task

from registry.actions.rederive import rederive


@shared_task
def rederive_outdated() -> None:
    """Bring cases up to the rules in force, a few hundred a tick; one query when there is nothing to do."""
    rederive()
