"""What a person sees when something is refused, missing or broken: the one place that decides it.

Refusals of actions and selectors become pages here, so that no view catches them one by one. An htmx request
gets the sentence alone, put where the page shows its messages; what was typed stays where it is.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from registry.exceptions import NotFound, NotPermitted


class RefusalMiddleware:
    """`NotFound` becomes a 404, `NotPermitted` a 403, an ended session under htmx a sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_partial(request) and _leads_to_login(response):
            # htmx would follow, and put the login page in the middle of the page.
            return _sentence(
                request, 403, _("Your session has ended. Log in again in another tab, then repeat this here.")
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what an action or a selector refused; leave everything else to Django."""
        match exception:
            case NotFound():
                return not_found(request)
            case NotPermitted():
                return forbidden(request, exception)
            case _:
                return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request itself is damaged: too many fields, a cookie that was altered."""
    if _is_partial(request):
        return _sentence(request, 400, _("This could not be read. Reload the page and try again."))
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such thing, or not for this person: one answer, which repeats nothing of the address."""
    if _is_partial(request):
        return _sentence(request, 404, _("This no longer exists, or it is not yours to see."))
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may not do this, and why."""
    reason = str(exception) if isinstance(exception, NotPermitted) else ""
    if _is_partial(request):
        return _sentence(request, 403, reason or _("You may not do this."))
    return render(request, "403.html", {"reason": reason}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent by a session that has ended, or from another site."""
    if _is_partial(request):
        return _sentence(
            request, 403, _("Your session has ended. Log in again in another tab, then repeat this here.")
        )
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. The page asks the database for nothing: it may be what broke."""
    if _is_partial(request):
        # The page that is open has its own sentence for this.
        return HttpResponse(status=500)
    return HttpResponse(render_to_string("500.html"), status=500)


def _is_partial(request: HttpRequest) -> bool:
    # The header itself: a request may fail before any middleware has looked at it.
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _leads_to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(resolve_url("account_login"))


def _sentence(request: HttpRequest, status: int, text: str) -> HttpResponse:
    response = render(request, "components/message.html", {"tone": "warning", "text": text}, status=status)
    response["HX-Retarget"] = "#messages"
    response["HX-Reswap"] = "innerHTML"
    return response
