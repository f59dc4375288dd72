"""Whether the session of an open page still lives: asked before a long-typed form is sent into nothing."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe


@require_safe
def session_state(request: HttpRequest) -> HttpResponse:
    """Who is logged in now, and the token that forms of this session carry.

    A page that stayed open while its session ended, and while its person logged in again in another tab,
    puts the new token into its forms and loses nothing.
    """
    person = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"person": person, "token": get_token(request)})
