"""The form pages: drafts, complete, errors kept, branching, reasons, versions, tokens, rows."""

import re

import pytest

from registry.models import CASE_ROWS, Event, State
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import posted_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


def rows(case, form):
    return list(CASE_ROWS[form].objects.filter(case=case).scoped().order_by("seq"))


def text(response) -> str:
    return " ".join(response.content.decode().split())


class TestSaving:
    def test_a_draft_is_saved_with_whatever_is_there(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/baseline/"
        response = client.post(url, posted_by(client.get(url), hb="11,1", do="draft"))
        assert response.url == url
        (row,) = rows(case, "baseline")
        assert (row.state, row.hb_entered, str(row.hb)) == (State.DRAFT, "11.1", "11.100000")

    def test_a_complete_form_leads_to_the_next_that_wants_work(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/demographics/"
        page = client.get(url)
        assert "Complete, next: Diagnosis" in text(page)
        response = client.post(url, posted_by(page, birth_date="06/1954", sex="F", do="complete"))
        assert response.url == f"/cases/{case.pk}/diagnosis/"
        assert rows(case, "demographics")[0].state == State.COMPLETE

    def test_of_a_form_that_repeats_the_first_row_is_made_at_once(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/diagnosis/"
        answers = {"dx_date": "03/2018", "heavy_chain": "IGG", "light_chain": "K"}
        response = client.post(url, posted_by(client.get(url), **answers, do="complete"))
        assert response.url == f"/cases/{case.pk}/prior_line/new/"

    def test_other_drafts_of_the_form_come_first(self, client, person, center) -> None:
        case = factories.case(center)
        for day in ("2022-10-01", "2022-11-01"):
            factories.row(case, "response", {"resp_date": day})
        assert "Complete, next: Response assessments, 01/11/2022" in text(
            client.get(f"/cases/{case.pk}/response/6/")
        )
        assert "Complete, next: Response assessments, 01/10/2022" in text(
            client.get(f"/cases/{case.pk}/response/7/")
        )

    def test_events_are_asked_for_once_on_the_way(self, client, person, center) -> None:
        fresh = factories.empty_case(center)
        assert "Complete, next: Adverse events" in text(client.get(f"/cases/{fresh.pk}/progression/"))
        done = factories.case(center)
        assert "Complete, next" not in text(client.get(f"/cases/{done.pk}/response/1/"))

    def test_where_nothing_is_left_it_leads_to_the_case(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/demographics/"
        response = client.post(url, posted_by(client.get(url), do="complete"))
        assert response.url == f"/cases/{case.pk}/"

    @pytest.mark.parametrize("state", [State.DRAFT, State.COMPLETE])
    def test_a_plain_save_stays_and_leaves_the_state_as_it_is(self, client, person, center, state) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/follow_up/1/"
        if state == State.DRAFT:
            client.post(url, posted_by(client.get(url), reason="source", do="draft"))
        response = client.post(
            url, posted_by(client.get(url), death_cause="INFECT", reason="source", do="save")
        )
        assert response.url == url
        (row,) = rows(case, "follow_up")
        assert (row.state, row.death_cause) == (state, "INFECT")

    def test_what_is_missing_for_complete_is_said_and_nothing_is_saved(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/demographics/"
        response = client.post(url, posted_by(client.get(url), sex="F", do="complete"))
        assert response.status_code == 422
        assert 'href="#birth_date"' in text(response)
        assert rows(case, "demographics") == []
        assert posted_by(response)["sex"] == ["F"]

    def test_the_event_names_the_person_the_page_and_the_request(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/demographics/"
        response = client.post(url, posted_by(client.get(url), sex="F", do="draft"))
        event = Event.objects.order_by("number").last()
        assert (event.actor_name, event.source) == (person.name, "PAGE")
        assert event.batch == response["X-Request-ID"]


class TestRefused:
    def test_an_error_stands_at_its_field_and_in_the_summary_and_the_text_is_kept(
        self, client, person, center
    ) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/baseline/"
        typed = {
            "hb": "11,1,1",
            "weight_kg": " 64 kg ",
            "weight_kg.unit": "[lb_av]",
            "baseline_lab_date": "31/02/2022",
        }
        response = client.post(url, posted_by(client.get(url), **typed, do="draft"))
        assert response.status_code == 422
        page = text(response)
        for name in ("hb", "weight_kg", "baseline_lab_date"):
            assert f'href="#{name}"' in page
            assert f'id="{name}-error"' in page
        kept = posted_by(response)
        assert {name: kept[name][0] for name in typed} == typed
        assert rows(case, "baseline") == []

    def test_a_value_and_a_missing_reason_at_once(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/baseline/"
        response = client.post(url, posted_by(client.get(url), hb="11", hb__missing="NK", do="draft"))
        assert response.status_code == 422
        assert "not both" in text(response)

    def test_the_token_of_a_refused_save_stays(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/baseline/"
        first = posted_by(client.get(url), hb="x", do="draft")
        assert posted_by(client.post(url, first))["token"] == first["token"]

    def test_names_that_are_no_variables_are_passed_over(self, client, person, center) -> None:
        case = factories.empty_case(center)
        other = factories.empty_case(center)
        url = f"/cases/{case.pk}/demographics/"
        posted = posted_by(
            client.get(url),
            sex="F",
            do="draft",
            case=str(other.pk),
            case_id=str(other.pk),
            state="COMPLETE",
            seq="9",
        )
        assert client.post(url, posted).status_code == 302
        assert [(r.seq, r.state) for r in rows(case, "demographics")] == [(1, State.DRAFT)]
        assert rows(other, "demographics") == []

    @pytest.mark.parametrize("hostile", ["\x00", "a" * 5000, "\ud7ff", "<script>alert(1)</script>"])
    def test_odd_text_is_refused_or_kept_but_never_breaks(self, client, person, center, hostile) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/baseline/"
        changed = {
            "hb": hostile,
            "token": hostile,
            "version": hostile,
            "reason": hostile,
            "hb.unit": hostile,
            "ecog": hostile,
        }
        response = client.post(url, posted_by(client.get(url), **changed, do="draft"))
        assert response.status_code == 422
        assert "<script>alert" not in response.content.decode()


class TestBranching:
    def test_an_answer_whose_question_no_longer_applies_is_cleared_and_named(
        self, client, person, center
    ) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/prior_line/1/"
        page = client.get(url)
        response = client.post(
            url, posted_by(page, line_transplant="NONE", reason="no transplant", do="complete"), follow=True
        )
        assert rows(case, "prior_line")[0].line_transplant_date is None
        assert "Cleared, because the question does not apply: Date of (first) transplant in the line" in text(
            response
        )

    def test_a_question_the_page_had_hidden_is_cleared_as_well(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/prior_line/1/"
        posted = posted_by(client.get(url), line_transplant="NONE", reason="no transplant", do="complete")
        # A script disables what it hides, so the browser sends nothing of it.
        posted["present"].remove("line_transplant_date")
        del posted["line_transplant_date"], posted["line_transplant_date.missing"]
        client.post(url, posted)
        assert rows(case, "prior_line")[0].line_transplant_date is None

    def test_a_question_that_was_not_sent_but_applies_keeps_its_answer(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/prior_line/1/"
        posted = posted_by(client.get(url), line_cycles="9", reason="recount", do="complete")
        posted["present"].remove("line_transplant_date")
        del posted["line_transplant_date"], posted["line_transplant_date.missing"]
        client.post(url, posted)
        assert (
            rows(case, "prior_line")[0].line_transplant_date,
            rows(case, "prior_line")[0].line_cycles,
        ) == ("2018-10-01", 9)

    def test_a_chain_of_questions_is_cleared_to_its_end(self, client, person, center) -> None:
        case = factories.case(center)
        factories.row(case, "response", {"resp_bm_done": "Y", "mrd_result": "NEG", "mrd_method": "NGF"})
        url = f"/cases/{case.pk}/response/6/"
        client.post(url, posted_by(client.get(url), resp_bm_done="N", do="draft"))
        row = rows(case, "response")[-1]
        assert (row.mrd_result, row.mrd_method) == (None, None)

    def test_the_conditions_are_in_the_page_for_its_script(self, client, person, center) -> None:
        case = factories.case(center)
        page = client.get(f"/cases/{case.pk}/response/new/").content.decode()
        assert "&quot;heavy_chain&quot;: [&quot;IGG&quot;]" in page
        assert "corrected_calcium_above_11" in page


class TestOnceComplete:
    def test_a_change_without_a_reason_is_refused_at_the_reason(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/baseline/"
        page = client.get(url)
        assert 'id="reason"' in page.content.decode()
        response = client.post(url, posted_by(page, hb="9.9", do="complete"))
        assert response.status_code == 422
        assert 'href="#reason"' in text(response)
        assert rows(case, "baseline")[0].hb_entered == "10.4"

    def test_the_reason_is_kept_in_the_trail(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/baseline/"
        response = client.post(
            url, posted_by(client.get(url), hb="9.9", reason="second reading", do="complete")
        )
        assert response.status_code == 302
        assert Event.objects.order_by("number").last().reason == "second reading"

    def test_saving_without_a_change_needs_no_reason(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/baseline/"
        events = Event.objects.count()
        assert client.post(url, posted_by(client.get(url), do="complete")).status_code == 302
        assert Event.objects.count() == events

    def test_a_form_that_never_was_complete_asks_for_none(self, client, person, center) -> None:
        case = factories.empty_case(center)
        assert 'id="reason"' not in client.get(f"/cases/{case.pk}/enrolment/").content.decode()


class TestToken:
    def test_a_double_submit_makes_one_row_and_leads_to_it(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/prior_line/new/"
        posted = posted_by(client.get(url), line_no="1", do="draft")
        first, second = client.post(url, posted), client.post(url, posted)
        assert first.url == second.url == f"/cases/{case.pk}/prior_line/1/"
        assert len(rows(case, "prior_line")) == 1

    def test_a_double_submit_that_clears_an_answer_is_one_change(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/prior_line/1/"
        posted = posted_by(client.get(url), line_transplant="NONE", reason="none", do="complete")
        first, second = client.post(url, posted), client.post(url, posted)
        assert (first.status_code, second.status_code) == (302, 302)
        assert rows(case, "prior_line")[0].version == 2

    def test_back_and_another_text_is_asked_again_with_everything_kept(self, client, person, center) -> None:
        case = factories.empty_case(center)
        url = f"/cases/{case.pk}/prior_line/new/"
        posted = posted_by(client.get(url), line_no="1", do="draft")
        client.post(url, posted)
        response = client.post(url, posted | {"line_no": "2"})
        assert response.status_code == 422
        again = posted_by(response)
        assert again["line_no"] == ["2"]
        assert again["token"] != posted["token"]
        assert len(rows(case, "prior_line")) == 1


class TestRows:
    def test_the_list_shows_drugs_by_line(self, client, person, center) -> None:
        case = factories.case(center)
        page = text(client.get(f"/cases/{case.pk}/prior_line_drug/"))
        positions = [
            page.index(each)
            for each in ("Line 1", "Thalidomide", "Line 2", "Daratumumab", "Line 3", "Carfilzomib")
        ]
        assert positions == sorted(positions)

    def test_a_drug_is_added_to_its_line_and_the_next_one_too(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/prior_line_drug/new/"
        page = client.get(f"{url}?line=2")
        assert posted_by(page)["line_no_ref"] == ["2"]
        response = client.post(
            url,
            posted_by(page, drug="DEX", drug_start="05/03/2020", drug_last_dose="30/06/2021", do="another"),
        )
        assert response.url == f"{url}?line=2"
        assert rows(case, "prior_line_drug")[-1].state == State.COMPLETE

    def test_defaults_are_suggested_and_not_stored(self, client, person, center) -> None:
        case = factories.case(center)
        page = client.get(f"/cases/{case.pk}/prior_line_drug/new/?line=2")
        assert 'data-suggestion="05/03/2020"' in page.content.decode()
        client.post(f"/cases/{case.pk}/prior_line_drug/new/", posted_by(page, drug="DEX", do="draft"))
        assert rows(case, "prior_line_drug")[-1].drug_start is None

    def test_a_row_is_removed_after_asking(self, client, person, center) -> None:
        case = factories.empty_case(center)
        factories.row(case, "prior_line", {"line_no": "1"})
        url = f"/cases/{case.pk}/prior_line/1/"
        asked = client.post(url, {"do": "remove"})
        assert (asked.status_code, len(rows(case, "prior_line"))) == (200, 1)
        token = asked.context["token"]
        answer = {"do": "remove", "confirmed": "yes", "version": "1", "token": token}
        assert client.post(url, answer).url == f"/cases/{case.pk}/prior_line/"
        assert rows(case, "prior_line") == []
        assert client.post(url, answer).status_code == 302

    def test_removing_a_row_that_was_complete_needs_a_reason(self, client, person, center) -> None:
        case = factories.case(center)
        url = f"/cases/{case.pk}/response/2/"
        answer = {"do": "remove", "confirmed": "yes", "version": "1"}
        assert client.post(url, answer).status_code == 422
        assert len(rows(case, "response")) == 5
        assert client.post(url, answer | {"reason": "wrong patient"}).status_code == 302
        assert len(rows(case, "response")) == 4
        assert Event.objects.order_by("number").last().reason == "wrong patient"

    def test_a_row_changed_meanwhile_is_not_removed(self, client, person, center) -> None:
        case = factories.empty_case(center)
        factories.row(case, "prior_line", {"line_no": "1"})
        factories.row(case, "prior_line", {"line_no": "2"}, seq=1, version=1)
        response = client.post(
            f"/cases/{case.pk}/prior_line/1/", {"do": "remove", "confirmed": "yes", "version": "1"}
        )
        assert response.status_code == 409
        assert len(rows(case, "prior_line")) == 1


class TestAccess:
    def test_a_monitor_reads_and_does_not_write(self, client, center) -> None:
        case = factories.case(center)
        client.force_login(factories.user(Role.MONITOR, at=center))
        page = client.get(f"/cases/{case.pk}/baseline/")
        assert "10.4 g/dL" in page.content.decode()
        assert '<form method="post" novalidate' not in page.content.decode()
        assert "You may not enter or change data." in page.content.decode()
        refused = client.post(
            f"/cases/{case.pk}/baseline/", {"present": "hb", "hb": "9", "version": "1", "do": "draft"}
        )
        assert refused.status_code == 403
        assert rows(case, "baseline")[0].hb_entered == "10.4"

    def test_foreign_and_missing_cases_answer_alike(self, client, person) -> None:
        foreign = factories.case(factories.center())
        nowhere = "00000000-0000-4000-8000-000000000000"
        for path in ("", "history/", "baseline/", "prior_line/", "prior_line/new/", "prior_line/1/"):
            answers = [client.get(f"/cases/{each}/{path}") for each in (foreign.pk, nowhere)]
            assert [a.status_code for a in answers] == [404, 404]
            bodies = {_without_nonce(a) for a in answers}
            assert len(bodies) == 1
        for path in ("baseline/", "prior_line/new/", "prior_line/1/"):
            answers = [
                client.post(f"/cases/{each}/{path}", {"do": "draft"}) for each in (foreign.pk, nowhere)
            ]
            assert [a.status_code for a in answers] == [404, 404]

    @pytest.mark.parametrize(
        "path", ["nothing/", "nothing/new/", "nothing/1/", "baseline/new/", "baseline/1/", "prior_line/9/"]
    )
    def test_forms_and_rows_that_do_not_exist(self, client, person, center, path) -> None:
        case = factories.case(center)
        assert client.get(f"/cases/{case.pk}/{path}").status_code == 404
        assert client.post(f"/cases/{case.pk}/{path}", {"version": "1", "do": "draft"}).status_code == 404

    def test_nobody_without_a_login(self, client, center) -> None:
        case = factories.case(center)
        for path in (
            "/cases/",
            "/cases/new/",
            f"/cases/{case.pk}/",
            f"/cases/{case.pk}/baseline/",
            f"/cases/{case.pk}/history/",
        ):
            assert client.get(path).url.startswith("/accounts/login/")

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STATISTICIAN, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_study_wide_roles_see_no_patient(self, client, center, role) -> None:
        case = factories.case(center)
        client.force_login(factories.user(role))
        assert client.get("/cases/").status_code == 403
        assert client.get(f"/cases/{case.pk}/").status_code == 404


def _without_nonce(response) -> str:
    return re.sub(r'nonce="[^"]*"|csrf[^>]*|x-csrftoken[^>]*', "", response.content.decode())
