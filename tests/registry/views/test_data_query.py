"""Queries on pages: read on the case page, answered in place, asked at a field."""

import logging

import pytest

from registry.actions import data_query, record
from registry.audit.actor import Actor
from registry.models import DataQuery, QueryState
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def warning():
    """An open warning at the fixture's baseline sample."""
    return factories.warning(factories.center())


@pytest.fixture
def case(warning):
    return warning.case


@pytest.fixture
def manager(client, case):
    user = factories.user(Role.DATA_MANAGER, at=case.center, name="Marco Rossi")
    client.force_login(user)
    return user


@pytest.fixture
def monitor(client, case):
    user = factories.user(Role.MONITOR, at=case.center, name="Marta Neri")
    client.force_login(user)
    return user


def text(response) -> str:
    return " ".join(response.content.decode().split())


def address(case, query=None) -> str:
    return f"/cases/{case.pk}/queries/" + (f"{query.pk}/" if query else "")


def stored(query) -> DataQuery:
    return DataQuery.objects.scoped().get(pk=query.pk)


def field(case, name="hb") -> dict[str, object]:
    return {"form": "baseline", "seq": 1, "field": name}


class TestCasePage:
    def test_an_open_query_leads_to_its_field_and_takes_a_reason(self, client, manager, case, warning):
        page = text(client.get(f"/cases/{case.pk}/"))
        assert f'href="/cases/{case.pk}/baseline/#baseline_lab_date"' in page
        assert "Confirmed correct" in page
        assert "Confirmed by the laboratory" in page

    def test_an_error_is_to_be_corrected(self, client, manager, case):
        later = {"isapd_start_date": "2022-03-20"}
        record.save(factories.SYSTEM, case, "isapd_treatment", later, seq=1, version=2, reason="tests")
        error = next(q for q in client.get(f"/cases/{case.pk}/").context["panel"].queries if q.is_error)
        assert not error.can
        assert "An error cannot be confirmed" in text(client.get(f"/cases/{case.pk}/"))

    def test_a_case_without_queries_shows_no_empty_list(self, client, case, manager):
        other = factories.empty_case(case.center)
        assert 'id="queries"' not in text(client.get(f"/cases/{other.pk}/"))


class TestAnswering:
    def test_confirming_leads_back_to_where_it_was_read(self, client, manager, case, warning):
        fields = {"do": "confirm", "of": "open", "text": "Confirmed by the laboratory"}
        response = client.post(address(case, warning), fields)
        assert response.url == f"/cases/{case.pk}/#queries"
        assert stored(warning).state == QueryState.CONFIRMED

    def test_under_htmx_the_panel_is_answered_without_it(self, client, manager, case, warning):
        fields = {"do": "confirm", "of": "open", "text": "Confirmed by the laboratory"}
        page = text(client.post(address(case, warning), fields, headers=HTMX))
        assert "<html" not in page
        assert f"query-{warning.pk}" not in page

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_without_a_reason_it_says_so_at_the_field(self, client, manager, case, warning, headers):
        fields = {"do": "confirm", "of": "open", "text": " "}
        response = client.post(address(case, warning), fields, headers=headers)
        assert response.status_code == 422
        assert "Please say why this is correct." in text(response)
        assert stored(warning).state == QueryState.OPEN

    def test_what_came_too_late_says_so_and_what_was_typed_stays_out(self, client, manager, case, warning):
        data_query.confirm(factories.SYSTEM, warning, "As the physician decided")
        fields = {"do": "confirm", "of": "all", "text": "Confirmed by the laboratory"}
        response = client.post(address(case, warning), fields, headers=HTMX)
        assert response.status_code == 409
        assert "please look again" in text(response)
        assert stored(warning).reason == "As the physician decided"

    def test_a_refused_reopening_keeps_what_others_said(self, client, monitor, case):
        actor = Actor.person(monitor)
        question = factories.question(case, "baseline", "hb", by=actor)
        data_query.answer(factories.SYSTEM, question, "As printed")
        response = client.post(address(case, question), {"do": "reopen", "of": "all", "text": ""})
        assert response.status_code == 422
        assert "As printed" in text(response)

    def test_a_monitor_reads_and_confirms_nothing(self, client, monitor, case, warning):
        page = client.get(f"/cases/{case.pk}/")
        assert all(not shown.can for shown in page.context["panel"].queries)
        fields = {"do": "confirm", "of": "open", "text": "It is right"}
        assert client.post(address(case, warning), fields).status_code == 403

    def test_another_cases_query_is_not_here(self, client, manager, case, warning):
        other = factories.empty_case(case.center)
        fields = {"do": "confirm", "text": "It is right"}
        assert client.post(address(other, warning), fields).status_code == 404
        assert client.post(address(case, warning), {"do": "nothing"}).status_code == 404


class TestAsking:
    def test_a_monitor_asks_at_a_field(self, client, monitor, case):
        page = text(client.get(address(case), field(case)))
        assert "Ask the center" in page
        response = client.post(address(case), field(case) | {"question": "Is 10.4 right?"})
        assert response.status_code == 302
        page = text(client.get(response.url))
        assert "Is 10.4 right?" in page
        assert 'asked <span class="quiet">by Marta Neri' in page

    def test_a_question_too_long_stays_on_the_page(self, client, monitor, case):
        response = client.post(address(case), field(case) | {"question": "why " * 130}, headers=HTMX)
        assert response.status_code == 422
        assert "why why" in text(response)
        assert "at most 500" in text(response)

    def test_who_enters_data_is_not_offered_to_ask(self, client, manager, case):
        assert "Ask the center" not in text(client.get(address(case), field(case)))
        assert client.post(address(case), field(case) | {"question": "Right?"}).status_code == 403

    @pytest.mark.parametrize(
        "wrong", [{"form": "nothing"}, {"seq": "2"}, {"seq": "x"}, {"field": "nothing"}, {"form": ""}]
    )
    def test_there_has_to_be_such_a_field(self, client, monitor, case, wrong):
        assert client.post(address(case), field(case) | wrong | {"question": "?"}).status_code == 404

    def test_the_center_answers_and_the_monitor_closes(self, client, monitor, manager, case):
        question = factories.question(case, "baseline", "hb", by=Actor.person(monitor))
        client.force_login(manager)
        fields = {"do": "answer", "of": "field", "text": "As the laboratory printed it"}
        page = client.get(client.post(address(case, question), fields).url)
        assert "As the laboratory printed it" in text(page)
        client.force_login(monitor)
        page = text(client.get(address(case), field(case)))
        assert "Ask again" in page
        client.post(address(case, question), {"do": "close", "of": "field"})
        assert stored(question).state == QueryState.CLOSED


class TestFormPage:
    def test_a_question_stands_at_its_field_for_who_answers(self, client, manager, case):
        factories.question(case, "baseline", "hb")
        page = text(client.get(f"/cases/{case.pk}/baseline/"))
        assert "Is this 50 % right?" in page
        assert 'aria-label="Open query about Hemoglobin' in page
        assert "queries/?form=baseline&amp;seq=1&amp;field=hb" in page

    def test_a_finding_is_marked_until_it_is_settled(self, client, manager, case, warning):
        label = "Date of baseline blood tests"
        assert f'aria-label="Open query about {label}"' in text(client.get(f"/cases/{case.pk}/baseline/"))
        data_query.confirm(factories.SYSTEM, warning, "Checked against the source")
        assert f'aria-label="{label} was confirmed as correct"' in text(
            client.get(f"/cases/{case.pk}/baseline/")
        )

    def test_a_monitor_can_ask_at_every_answer(self, client, monitor, case):
        page = text(client.get(f"/cases/{case.pk}/baseline/"))
        assert 'aria-label="Ask about Hemoglobin' in page

    def test_who_enters_data_sees_no_mark_where_nothing_is_asked(self, client, manager, case):
        assert "Ask about" not in text(client.get(f"/cases/{case.pk}/baseline/"))


class TestAllQueries:
    def test_closed_ones_are_there_with_what_happened(self, client, manager, case, warning):
        back = {"isapd_start_date": "2022-03-10"}
        record.save(Actor.person(manager), case, "isapd_treatment", back, seq=1, version=2, reason="Misread")
        page = text(client.get(address(case)))
        assert 'closed, because it is gone <span class="quiet">by Marco Rossi' in page
        # The reason of the save is about another field.
        assert "Misread" not in page

    def test_a_removed_row_is_named_as_such(self, client, manager, case):
        factories.question(case, "follow_up", "vital_status")
        record.remove(factories.SYSTEM, case, "follow_up", 1, version=1, reason="tests")
        assert "(row removed)" in text(client.get(address(case)))

    def test_the_history_of_the_case_tells_of_it(self, client, manager, case):
        question = factories.question(case, "baseline", "hb")
        data_query.answer(factories.SYSTEM, question, "As printed")
        page = text(client.get(f"/cases/{case.pk}/history/"))
        assert "<strong>Data query, Baseline</strong>" in page
        assert "Is this 50 % right?" in page

    def test_what_people_type_is_text(self, client, manager, case):
        data_query.raise_question(
            factories.SYSTEM, case, "baseline", 1, "hb", "<script>alert(1)</script> 100%s"
        )
        page = text(client.get(address(case)))
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; 100%s" in page

    def test_nothing_of_it_is_logged(self, client, monitor, case, caplog):
        with caplog.at_level(logging.DEBUG):
            client.post(address(case), field(case) | {"question": "Is the canary 13.579 right?"})
            client.get(address(case), field(case))
        assert "canary" not in caplog.text
        assert case.patient_code not in caplog.text
