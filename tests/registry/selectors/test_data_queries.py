"""Open queries of the centers a person works at, errors first; nobody's else."""

import pytest

from registry.actions import data_query, record
from registry.selectors.data_queries import open_queries, queries_at, queries_of, query_of
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    made = factories.empty_case(factories.center())
    factories.row(made, "baseline", {"hb": "10"})
    return made


def test_of_my_centers_only_errors_first(case):
    question = factories.question(case, "baseline", "hb")
    warning = factories.warning(case.center)
    later = {"isapd_start_date": "2022-03-20"}
    record.save(factories.SYSTEM, warning.case, "isapd_treatment", later, seq=1, version=2, reason="tests")
    factories.question(factories.case(factories.center()), "baseline", "hb")
    found = list(open_queries(factories.user(Role.DATA_MANAGER, at=case.center)))
    severities = [query.severity for query in found]
    assert severities == sorted(severities, key=["error", "warning", "query"].index)
    assert severities[0] == "error"
    assert question in found
    assert {query.case.center for query in found} == {case.center}
    assert list(open_queries(factories.user(Role.COORDINATOR))) == []


def test_what_is_answered_waits_for_who_asked_and_is_open_no_more(case):
    question = factories.question(case, "baseline", "hb")
    data_query.answer(factories.SYSTEM, question, "Yes")
    assert list(open_queries(factories.user(Role.MONITOR, at=case.center))) == []
    assert queries_at(case, "baseline", 1) == {"hb": [question]}
    data_query.close(factories.SYSTEM, question)
    assert queries_at(case, "baseline", 1) == {}
    assert queries_of(case) == [query_of(case, question.pk)]
