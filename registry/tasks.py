"""What Celery's beat ticks in the registry."""

from celery import shared_task

from registry.actions.import_expiry import forget_old
from registry.actions.rederive import rederive
from registry.actions.rules_preview import preview
from registry.imports.work import work_on_imports


@shared_task
def rederive_outdated() -> None:
    """Bring cases up to the rules in force, a few hundred a tick; one query when there is nothing to do."""
    rederive()


@shared_task
def preview_rules() -> None:
    """Count what proposed rules would change; one query when none are proposed."""
    preview()


@shared_task
def do_imports() -> None:
    """Read, import or take back the files people have brought; one query when there are none."""
    work_on_imports()


@shared_task
def forget_imports() -> None:
    """Remove what is kept of files that nobody needs any more; one query when there is none."""
    forget_old()
