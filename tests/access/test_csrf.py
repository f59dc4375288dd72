"""S9: whatever changes something is refused without a CSRF token."""

import pytest
from django.db import transaction
from django.test import Client

from tests.access import matrix, routes
from tests.access.world import OWN, PEOPLE, World

UNSAFE = sorted(key for key in matrix.read() if key[1] != "GET")
# Asks for a password and looks at no cookie.
NO_SESSION = {"api/v1/auth/login/"}


@pytest.mark.parametrize("key", UNSAFE, ids=" ".join)
def test_refused_without_a_csrf_token(world: World, key: tuple[str, str]):
    line, method = key
    for route in routes.unfolded(line):
        path = world.path(route, OWN)
        for who in PEOPLE:
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            client.cookies = world.clients[who].cookies.copy()
            with transaction.atomic():
                response = client.generic(method, path)
                transaction.set_rollback(True)
            allowed = {400} if route in NO_SESSION else {401, 403, 405}
            assert response.status_code in allowed, f"{who} {method} {path}: {response.status_code}"
