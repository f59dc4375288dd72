"""Every address there is, read from the URL resolver."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from registry.models import CASE_ROWS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Addresses whose pattern is a regular expression: an example of each.
_EXAMPLES = {
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "accounts/password/reset/key/1-abc/"
    ),
    r"admin/^(?P<app_label>registry)/$": "admin/registry/",
    r"admin/(?P<url>.*)$": "admin/no/such/page/",
}
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> set[str]:
    """All routes, as the matrix writes them: the admin of all forms of a case is one route."""
    return {folded(route) for route in _walk(get_resolver())}


def folded(route: str) -> str:
    """`route` with the name of a case form's model replaced by ``{row}``."""
    match = re.match(r"admin/registry/(\w+)/", route)
    if match and match[1] in ROWS:
        return route.replace(f"/{match[1]}/", "/{row}/", 1)
    return route


def unfolded(line: str, *, every: bool = False) -> list[str]:
    """The routes a line of the matrix stands for; of the forms of a case two, or `every`."""
    rows = ROWS if every else ("baseline", "priorlinedrug")
    return [line.replace("{row}", row) for row in rows] if "{row}" in line else [line]


def places(route: str) -> list[str]:
    """Names of the parameters in a route."""
    return [] if route in _EXAMPLES else _PLACE.findall(route)


def address(route: str, **values: object) -> str:
    """An address of `route`; `values` fill its parameters."""
    example = _EXAMPLES.get(route, route)
    return "/" + _PLACE.sub(lambda place: str(values[place[1]]), example)


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _walk(pattern, route)


ROWS = {model._meta.model_name: name for name, model in CASE_ROWS.items()}
