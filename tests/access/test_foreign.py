"""X2, X3: a foreign patient shows nowhere, and is answered as one that does not exist."""

import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client

from registry.models import Event
from registry.terminology.roles import Role
from tests import factories
from tests.access import matrix, routes
from tests.access.world import CANARIES, CANARY_NUMBER, FOREIGN, MISSING, OWN, PEOPLE, World

LINES = matrix.read()
# What differs between any two answers: CSRF tokens, nonces, tokens of forms.
_ONCE = re.compile(r"[A-Za-z0-9_/+-]{22,64}=*")


@pytest.mark.parametrize("key", sorted(LINES), ids=" ".join)
def test_foreign_and_missing_are_answered_alike(world: World, key: tuple[str, str]):
    line, method = key
    for route in routes.unfolded(line):
        if not world.has_foreign(route):
            continue
        for who in PEOPLE:
            if matrix.answer(world.ask(who, method, world.path(route, FOREIGN))) == "200":
                # An administrator and every center; nobody and any patient, which the matrix says.
                assert "/center/" in route
                continue
            foreign, missing = (
                _seen(world.ask(who, method, world.path(route, whose)), world.values(route, whose))
                for whose in (FOREIGN, MISSING)
            )
            assert foreign == missing, f"{who} {method} {route}"


@pytest.mark.parametrize("line", sorted({route for route, method in LINES if method == "GET"}))
def test_no_value_of_a_foreign_patient_is_shown(world: World, line: str):
    secrets = _secrets(world)
    if line.startswith(("audit/", "admin/registry/event/")):
        # Those who read events read which case they are about, by an id that says nothing.
        secrets.remove(str(world.cases[FOREIGN].pk))
    for route in routes.unfolded(line):
        for who in PEOPLE:
            paths = [world.path(route, OWN)]
            if LINES[line, "GET"].lets_in(who):
                paths += _queries(world, route)
            for path in paths:
                # The address asked for may be repeated; what stands in it is no news.
                content = world.ask(who, "GET", path).text_content
                found = [secret for secret in secrets if secret in content and secret not in path]
                assert not found, f"{who} {path}"


def test_the_canaries_show_at_their_own_center(world: World):
    """The proof above can fail: somebody of the foreign center sees every one of them."""
    case = world.cases[FOREIGN]
    client = Client()
    client.force_login(factories.user(Role.MONITOR, at=world.other))
    content = client.get(f"/api/v1/cases/{case.pk}/").content.decode()
    for secret in _secrets(world):
        assert secret in content


def _secrets(world: World) -> list[str]:
    case = world.cases[FOREIGN]
    typed = [value for entries in CANARIES.values() for value in entries.values() if "canary" in value]
    return [case.patient_code, str(case.pk), CANARY_NUMBER, *typed]


def _queries(world: World, route: str) -> list[str]:
    """The same address with what filters, sorts and searches, pointed at the foreign case."""
    path, case = world.path(route, OWN), world.cases[FOREIGN]
    if "<" in route and not route.startswith("audit/<"):
        return []
    asked = [f"case={case.pk}", f"center={case.center_id}", f"center={case.center}", "q=canary", "limit=200"]
    if route.startswith("audit/<"):
        events = Event.objects.filter(case_id=str(case.pk)).values_list("number", flat=True)
        return [path.replace(path.split("/")[2], str(number)) for number in events]
    return [f"{path}?{query}" for query in asked]


def _seen(response: HttpResponse, values: dict[str, object]) -> tuple[int, str]:
    """What a person can tell of an answer, without the id that was asked for."""
    text = f"{response.get('Location', '')} {response.text_content}"
    for value in values.values():
        if isinstance(value, uuid.UUID):
            text = text.replace(str(value), "ID")
    return response.status_code, _ONCE.sub("", text)
