"""Decorator of the pages that are for one permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb


def needs(verb: Verb) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let only people in who are logged in and may do `verb` somewhere; others read why not."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check_user_can(request.user, verb)
            return view(request, *args, **kwargs)

        return login_required(checked)

    return decorate
