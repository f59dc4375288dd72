"""X4: no center, no rows; and a query that does not say for whom raises."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count
from django.test import Client

from registry.actions import people
from registry.exceptions import UnscopedRead
from registry.models import CASE_ROWS, Case, DataQuery, DerivedCase, ImportRow, OwnReference
from registry.models.scoped import ScopedManager
from registry.selectors import scope
from registry.terminology.roles import Role
from tests import factories
from tests.access import matrix
from tests.access.world import OWN, World

SCOPED = [model for model in apps.get_models() if isinstance(model._default_manager, ScopedManager)]

READS: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "bool": bool,
    "len": len,
    "get": lambda query: query.get(pk="6f1f0a55-0000-4000-8000-000000000000"),
    "first": lambda query: query.first(),
    "last": lambda query: query.last(),
    "index": lambda query: query.order_by("pk")[0],
    "slice": lambda query: list(query.order_by("pk")[:5]),
    "count": lambda query: query.count(),
    "exists": lambda query: query.exists(),
    "contains": lambda query: query.contains(query.model(pk="6f1f0a55-0000-4000-8000-000000000000")),
    "aggregate": lambda query: query.aggregate(n=Count("pk")),
    "values": lambda query: list(query.values("pk")),
    "values_list": lambda query: list(query.values_list("pk", flat=True)),
    "iterator": lambda query: list(query.iterator()),
    "in_bulk": lambda query: query.in_bulk(["6f1f0a55-0000-4000-8000-000000000000"]),
    "earliest": lambda query: query.earliest("pk"),
    "distinct": lambda query: list(query.order_by("pk").distinct()),
    "filtered": lambda query: list(query.filter(pk__isnull=False).exclude(pk=None).order_by("pk")),
    "related": lambda query: list(query.select_related()),
    "union": lambda query: list(query.union(query.all())),
}


def test_everything_of_a_patient_is_scoped():
    assert set(SCOPED) == {Case, DataQuery, DerivedCase, ImportRow, OwnReference, *CASE_ROWS.values()}


@pytest.mark.django_db
@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_an_unscoped_query_raises(model: Any, read: Callable[[Any], Any]):
    with pytest.raises(UnscopedRead):
        read(model.objects.all())


@pytest.mark.django_db
def test_the_scope_is_the_centers_of_the_roles_in_force():
    here, there = factories.center(), factories.center()
    mine, theirs = factories.empty_case(here), factories.empty_case(there)
    person = factories.user(Role.MONITOR, at=here)
    for model in CASE_ROWS.values():
        assert {row.case_id for row in scope.rows(person, model)} <= {mine.pk}
    assert list(scope.cases(person)) == [mine]
    people.revoke(factories.SYSTEM, person.memberships.get())
    person = type(person).objects.get(pk=person.pk)
    assert list(scope.cases(person)) == []
    assert scope.centers(person) == []
    assert theirs not in scope.cases(person)


@pytest.mark.parametrize(
    "role", [None, Role.COORDINATOR, Role.STATISTICIAN, Role.ADMINISTRATOR, Role.AUDITOR]
)
def test_no_center_no_rows(world: World, role: Role | None):
    person = factories.user(*([role] if role else []))
    assert list(scope.cases(person)) == []
    for model in CASE_ROWS.values():
        assert list(scope.rows(person, model)) == []


def test_whoever_holds_no_role_is_told_nothing_of_a_patient(world: World):
    client = Client(raise_request_exception=False)
    client.force_login(factories.user())
    case = world.cases[OWN]
    for line, method in matrix.read():
        if method != "GET" or "{row}" in line:
            continue
        path = world.path(line, OWN)
        response = client.get(path)
        assert case.patient_code not in response.content.decode(errors="replace"), path
        assert response.status_code < 500, path
