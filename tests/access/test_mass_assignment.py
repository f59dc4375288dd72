"""S8: fields that are not on a page change nothing, wherever somebody can send something.

Every form of every page a role may open is sent back as it stands, with every column of every model added.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import resolve

from analytics.models import Release
from registry.models import CASE_ROWS, Case, Center, CenterLabref, Membership, User
from tests.access import html_forms, matrix, routes
from tests.access.world import ANONYMOUS, FOREIGN, OWN, PEOPLE, World

LINES = matrix.read()
GETS = sorted(route for route, method in LINES if method == "GET")

# What no page changes, by whatever it is sent.
FIXED: dict[Any, tuple[str, ...]] = {
    User: ("pk", "email", "created_at"),
    Membership: ("pk", "user_id", "center_id", "role", "since"),
    Center: ("pk", "center_code", "synthetic"),
    CenterLabref: ("pk", "center_id", "seq"),
    Case: ("pk", "center_id", "patient_code", "created_at", "synthetic"),
    Release: ("pk", "reason", "cutoff", "token", "proposed_by_id", "secret", "data_version", "sha256"),
    **dict.fromkeys(CASE_ROWS.values(), ("pk", "case_id", "seq")),
}

# Posted to without a form on a page that the world shows.
ELSEWHERE = {
    # Takes JSON: tests/registry/api/test_tokens.py.
    "api/v1/auth/login/",
    # Take JSON and refuse every name they do not know: tests/registry/api/test_writing.py.
    "api/v1/cases/",
    "api/v1/cases/<uuid:case_id>/forms/<slug:form>/",
    "api/v1/cases/<uuid:case_id>/forms/<slug:form>/<int:seq>/removal/",
    "api/v1/cases/<uuid:case_id>/queries/",
    "api/v1/cases/<uuid:case_id>/queries/<uuid:query_id>/",
    "api/v1/cases/bulk/",
    # Nobody of the world is alive to be asked for: tests/registry/views/test_follow_up_round.py.
    "follow-up-round/",
    # Posted to by a script, and store nothing: tests/registry/views/test_form_preview.py.
    "cases/<uuid:case_id>/<str:form>/preview/",
    "cases/<uuid:case_id>/<str:form>/<int:seq>/preview/",
    "cases/<uuid:case_id>/prior_line/preview/",
    "cases/<uuid:case_id>/prior_line/<int:seq>/preview/",
    # On the page of an import only after others have passed; they read a reason as "commit" does.
    "imports/<uuid:batch_id>/again/",
    "imports/<uuid:batch_id>/undo/",
    # Want a link out of a mail, or half a login with a second factor; allauth saves the password alone
    # (AccountAdapter.set_password).
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "accounts/two-factor/login/",
    "accounts/two-factor/confirm/",
}


OPEN = [
    (line, who) for line in GETS for who in PEOPLE if who != ANONYMOUS and LINES[line, "GET"].lets_in(who)
]


@pytest.mark.parametrize(("line", "who"), OPEN)
def test_added_fields_change_nothing(world: World, line: str, who: str):
    for route in routes.unfolded(line):
        page = world.path(route, OWN)
        for form in html_forms.posting(world.ask(who, "GET", page).text_content):
            _attack(world, who, form.action or page, form.fields)


def test_every_address_that_takes_something_is_attacked(world: World):
    attacked = set()
    for line in GETS:
        for who in PEOPLE:
            if LINES[line, "GET"].lets_in(who):
                page = world.path(routes.unfolded(line)[0], OWN)
                forms = html_forms.posting(world.ask(who, "GET", page).text_content)
                attacked |= {
                    routes.folded(resolve((form.action or page).split("?")[0]).route) for form in forms
                }
    takes = {
        route for (route, method), line in LINES.items() if method == "POST" and not line.is_refusal
    } - ELSEWHERE
    assert takes - attacked == set()


def _attack(world: World, who: str, action: str, fields: dict[str, list[str]]) -> None:
    # A client of its own: some forms log out.
    client = Client(raise_request_exception=False)
    client.cookies = world.clients[who].cookies.copy()
    with transaction.atomic():
        before, roles = _fixed(), _roles(world.users[who])
        response = client.post(action, {**_columns(world, who), **fields})
        assert response.status_code < 500, f"{who} {action}"
        # A file that is sent stays open until it is read to its end.
        b"".join(response)
        after = _fixed()
        changed = {
            key: (row, after[key]) for key, row in before.items() if key in after and after[key] != row
        }
        assert not changed, f"{who} {action}"
        assert _roles(world.users[who]) == roles, f"{who} {action}"
        for key in set(after) - set(before):
            _check_new(world, key, f"{who} {action}")
        transaction.set_rollback(True)


def _columns(world: World, who: str) -> dict[str, str]:
    """Every column of every model of ours, with what somebody would want it to be."""
    wanted = {
        "center": str(world.other.pk),
        "center_id": str(world.other.pk),
        "case": str(world.cases[FOREIGN].pk),
        "case_id": str(world.cases[FOREIGN].pk),
        "user": str(world.users[who].pk),
        "user_id": str(world.users[who].pk),
        "role": "ADMINISTRATOR",
        "state": "LOCKED",
        "email": "attacker@example.test",
        "patient_code": world.cases[FOREIGN].patient_code,
        "is_staff": "on",
        "is_superuser": "on",
        "pk": str(world.cases[FOREIGN].pk),
    }
    ours = {"registry", "analytics"}
    columns = {
        name: "1"
        for model in apps.get_models()
        if model._meta.app_label in ours
        for column in model._meta.concrete_fields
        for name in (column.name, column.attname)
        if not hasattr(model, "variables") or name not in {v.name for v in model.variables}
    }
    # Each row of a page has its own version and token; without them the page would only be refused.
    return {name: value for name, value in (columns | wanted).items() if name not in ("version", "token")}


def _fixed() -> dict[tuple[str, object], tuple[Any, ...]]:
    return {(model.__name__, row[0]): row for model, names in FIXED.items() for row in _rows(model, names)}


def _rows(model: Any, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    query = model.objects.all()
    query = query.scoped() if hasattr(query, "scoped") else query
    return iter(query.values_list(*names))


def _roles(user: User) -> list[tuple[Any, ...]]:
    return sorted(user.memberships.values_list("role", "center_id", "ended_at"), key=str)


def _check_new(world: World, key: tuple[str, object], what: str) -> None:
    """What came into being belongs to the sender's own center; nobody comes into being with a password."""
    name, pk = key
    model = next(model for model in FIXED if model.__name__ == name)
    if model is User:
        assert not User.objects.get(pk=pk).has_usable_password(), what
    elif model is Case:
        made = Case.objects.filter(pk=pk).scoped().get()
        assert (made.center_id, made.synthetic) == (world.center.pk, False), what
    elif model in CASE_ROWS.values():
        assert model.objects.filter(pk=pk).scoped().get().case.center_id == world.center.pk, what
    elif model is CenterLabref:
        assert CenterLabref.objects.get(pk=pk).center_id == world.center.pk, what
