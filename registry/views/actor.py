"""Who gives a command on a page."""

from django.http import HttpRequest

from registry.audit.actor import Actor
from registry.models import Source


def actor_of(request: HttpRequest) -> Actor:
    """The logged-in person; the id of the request ties their events together."""
    return Actor.person(request.user, Source.PAGE, batch=request.request_id)  # type: ignore[arg-type, attr-defined]
