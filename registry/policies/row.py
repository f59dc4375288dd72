"""What the state of a row allows: changing the version that was seen; a complete one, with a reason only."""

from django.utils.translation import gettext as _

from registry.exceptions import ReasonRequired, StaleVersion
from registry.models.captured import Captured


def check_version(row: Captured, version: int | None) -> None:
    """Raise StaleVersion, with the stored row, unless `version` is the one stored."""
    if row.version != version:
        place = (row.form.name, getattr(row, "seq", 1))
        raise StaleVersion(_("Somebody else has changed this row since you opened it."), row, place)


def check_reason(*, completed_once: bool, reason: str) -> None:
    """Raise ReasonRequired where a row that was once complete would change without a reason."""
    if completed_once and not reason.strip():
        raise ReasonRequired(_("This form was complete before: please say why you change it."))
