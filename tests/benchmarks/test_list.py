"""The scoped case list against a bare list of 50 rows, at 1,000 and at 20,000 patients."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.actions import people
from registry.models import Case
from registry.terminology.roles import Role
from tests import factories
from tests.benchmarks.cohort import copy_cases
from tests.benchmarks.ratio import say, throughput_ratio

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.benchmarks.bare_urls"),
]


def test_list(quiet):
    """Goal: throughput ≥ 0.6×, and a constant number of queries."""
    # A code has four digits: no center has more than 9,999 patients.
    centers = [factories.center() for _ in range(4)]
    originals = [factories.case(at) for at in centers]
    person = factories.user(Role.DATA_MANAGER, at=centers[0])
    for at in centers[1:]:
        people.grant(factories.SYSTEM, person, Role.DATA_MANAGER, at)
    client = Client()
    client.force_login(person)

    def ask(address):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.content.count(b"<tr") >= 50

    queries, ratios = {}, {}
    for patients in (1_000, 20_000):
        for at in centers:
            copy_cases(originals, at, patients // 4 - Case.objects.filter(center=at).scoped().count())
        ask(reverse("case_list"))
        with CaptureQueriesContext(connection) as captured:
            ask(reverse("case_list"))
        queries[patients] = len(captured)
        ratios[patients] = throughput_ratio(
            lambda: ask(reverse("case_list")), lambda: ask("/bare/list/"), times=10
        )
        say(f"case list at {patients:,} patients, queries", queries[patients], "")
        say(f"case list at {patients:,} patients / bare list of 50 rows", ratios[patients], goal="≥ 0.60 ×")
    assert queries[1_000] == queries[20_000]
    assert min(ratios.values()) >= 0.6
