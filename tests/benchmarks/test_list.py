"""The scoped case list against a bare list of 50 rows, at 1,000 and at 20,000 patients."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.terminology.roles import Role
from tests import factories
from tests.benchmarks.asking import asking
from tests.benchmarks.cohort import fill_lists
from tests.benchmarks.ratio import say, throughput_ratio

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.benchmarks.bare_urls"),
]


def test_list(quiet):
    """Goal: throughput ≥ 0.6×, and a constant number of queries."""
    centers = [factories.center() for _ in range(20)]
    original = factories.case(centers[0])
    get = asking(factories.user(Role.DATA_MANAGER, at=centers[0]))
    queries, ratios = {}, {}
    for patients in (1_000, 20_000):
        fill_lists(original, centers, patients)
        for address in ("/cases/", "/bare/list/"):
            assert 50 <= get(address).content.count(b"<tr") <= 51
        with CaptureQueriesContext(connection) as captured:
            get("/cases/")
        queries[patients] = len(captured)
        # Short turns: what else the machine does then falls on both alike.
        ratios[patients] = throughput_ratio(
            lambda: get("/cases/"), lambda: get("/bare/list/"), times=3, rounds=61
        )
        say(f"case list at {patients:,} patients, queries", queries[patients], "")
        say(f"case list at {patients:,} patients / bare list of 50 rows", ratios[patients], goal="≥ 0.60 ×")
    assert queries[1_000] == queries[20_000]
    assert min(ratios.values()) >= 0.6
