"""One token, one command: a second submit of the same body answers with the row of the first."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.audit.canonical import canonical
from registry.exceptions import TokenReused
from registry.models import Submission


def digest(*body: Any) -> str:
    """Digest of a command's body."""
    return hashlib.sha256(canonical(list(body)).encode()).hexdigest()


def earlier(token: str, body_digest: str) -> str | None:
    """Row id of the earlier command with this token; None when there was none.

    Raises
    ------
    TokenReused
        When that command had another body.
    """
    found = Submission.objects.filter(token=token).first() if token else None
    if found is None:
        return None
    if found.digest != body_digest:
        raise TokenReused(_("This form was submitted before with other content. Please open it again."))
    return found.row_id


def remember(token: str, body_digest: str, row_id: object, at: datetime) -> None:
    """Keep the token; raises AlreadySubmitted when a parallel submit was faster."""
    if not token:
        return
    try:
        with transaction.atomic():
            Submission.objects.create(token=token, digest=body_digest, row_id=str(row_id), at=at)
    except IntegrityError:
        raise AlreadySubmitted from None


class AlreadySubmitted(Exception):
    """A parallel submit with this token committed first: the action rolls back and answers with its row."""
