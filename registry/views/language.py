"""The language of the pages, chosen in their frame and kept by the browser for a year."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_django_language


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Back to the page one comes from, in the language asked for; an unknown one changes nothing.

    The choice is a cookie: it holds on the login page too, before anybody is known. Where one comes from is
    read off the Referer: a page that repeated its own address would tell a case that is not there from one
    that is not to be seen.
    """
    return cast(HttpResponse, set_django_language(request))
