"""The case page and the history."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions import record
from registry.audit.actor import Actor
from registry.dictionary.catalog import CASE_FORMS
from registry.models import CASE_ROWS
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center, name="Marco Rossi")
    client.force_login(user)
    return user


def text(response) -> str:
    return " ".join(response.content.decode().split())


class TestCase:
    def test_all_forms_are_there_with_their_state(self, client, person, center) -> None:
        case = factories.case(center)
        page = client.get(f"/cases/{case.pk}/")
        assert [state.name for state, _table in page.context["forms"]] == list(CASE_FORMS)
        for name in CASE_FORMS:
            assert f'href="/cases/{case.pk}/{name}/"' in page.content.decode()
        assert "13 of 14 forms complete" in text(page)

    def test_what_is_missing_and_what_comes_next(self, client, person, center) -> None:
        case = factories.empty_case(center)
        page = text(client.get(f"/cases/{case.pk}/"))
        assert "ready to be marked complete" in page
        assert "2 core answers missing" in page
        assert f'id="next-form" href="/cases/{case.pk}/enrolment/"' in page
        row = CASE_ROWS["enrolment"].objects.filter(case=case).scoped().get()
        record.save(factories.SYSTEM, case, "enrolment", {}, seq=1, version=row.version, complete=True)
        assert f'id="next-form" href="/cases/{case.pk}/demographics/"' in text(
            client.get(f"/cases/{case.pk}/")
        )

    def test_nothing_happened_is_not_something_to_do(self, client, person, center) -> None:
        case = factories.case(center)
        assert 'id="next-form"' not in text(client.get(f"/cases/{case.pk}/"))

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("os_months", "12.7 months"),
            ("pfs_months", "5.7 months"),
            ("dara_isapd_interval_months", "8.3 months"),
            ("tcr", "Yes"),
            ("penta_refractory", "No"),
            ("age_at_start", "67"),
            ("crcl_cg", "50 mL/min"),
            ("bor", "PR · Partial response"),
            ("disease_status", "Refractory to last treatment"),
            ("pd_date_analysis", "01/09/2022"),
        ],
    )
    def test_derived_values_are_shown_in_words(self, client, person, center, name, shown) -> None:
        case = factories.case(center)
        page = text(client.get(f"/cases/{case.pk}/"))
        start = page.index(f'data-derived="{name}"')
        assert shown in page[start : page.index("</dd>", start)]

    def test_what_is_not_evaluable_says_why(self, client, person, center) -> None:
        case = factories.empty_case(center)
        page = text(client.get(f"/cases/{case.pk}/"))
        start = page.index('data-derived="os_months"')
        assert "Not evaluable" in page[start : start + 300]
        assert "The first dose of IsaPd is missing" in page[start : start + 300]

    def test_a_monitor_finds_the_buttons_refused_with_the_reason(self, client, center) -> None:
        case = factories.empty_case(center)
        client.force_login(factories.user(Role.MONITOR, at=center))
        page = text(client.get(f"/cases/{case.pk}/"))
        assert "You may not enter or change data." in page
        assert 'id="next-form"' not in page
        assert "form-add" not in page

    def test_more_rows_cost_no_more_queries(self, client, person, center) -> None:
        case = factories.case(center)
        client.get(f"/cases/{case.pk}/")
        with CaptureQueriesContext(connection) as few:
            client.get(f"/cases/{case.pk}/")
        for number in range(2, 12):
            factories.row(case, "isapd_cycle", {"cycle_no": number})
        with CaptureQueriesContext(connection) as many:
            client.get(f"/cases/{case.pk}/")
        assert len(few) == len(many)

    def test_a_lost_role_closes_the_case_at_the_next_request(self, client, person, center) -> None:
        case = factories.case(center)
        assert client.get(f"/cases/{case.pk}/").status_code == 200
        factories.people.revoke(factories.SYSTEM, person.memberships.get())
        assert client.get(f"/cases/{case.pk}/").status_code == 404


class TestHistory:
    def test_a_change_is_told_with_who_when_where_and_why(self, client, person, center) -> None:
        case = factories.case(center)
        entries = {
            "hb": {"value": "99", "unit": "g/L"},
            "ecog": {"missing": "NK"},
            "comorbidities": ["DM", "MI"],
        }
        record.save(
            Actor.person(person),
            case,
            "baseline",
            entries,
            seq=1,
            version=1,
            complete=True,
            reason="second reading",
        )
        page = text(client.get(f"/cases/{case.pk}/history/"))
        for told in (
            "by Marco Rossi",
            "Data manager",
            ", page",
            "Reason: second reading",
            "10.4 g/dL</span>",
            "99 g/L</span>",
            "Not known</span>",
            "Myocardial infarction, Diabetes uncomplicated",
        ):
            assert told in page

    def test_filtered_by_form(self, client, person, center) -> None:
        case = factories.case(center)
        entries = client.get(f"/cases/{case.pk}/history/?form=response").context["entries"]
        assert [entry.form for entry in entries] == ["Response assessments"] * 5
        assert entries[0].row == "Date 15/09/2022"
        assert client.get(f"/cases/{case.pk}/history/?form=nothing").status_code == 404

    def test_the_history_of_one_field(self, client, person, center) -> None:
        case = factories.case(center)
        record.save(
            factories.SYSTEM, case, "baseline", {"hb": "9.9"}, seq=1, version=1, complete=True, reason="again"
        )
        url = f"/cases/{case.pk}/history/?form=baseline&seq=1&field=hb"
        told = client.get(url).context["entries"]
        assert [(c.before, c.after) for entry in told for c in entry.changes] == [
            ("10.4 g/dL", "9.9 g/dL"),
            ("", "10.4 g/dL"),
        ]
        part = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert "9.9 g/dL" in part

    @pytest.mark.parametrize(
        "query",
        ["form=baseline&seq=2&field=hb", "form=baseline&seq=1&field=nothing", "form=baseline&seq=1&field=id"],
    )
    def test_there_is_no_other_field(self, client, person, center, query) -> None:
        case = factories.case(center)
        assert client.get(f"/cases/{case.pk}/history/?{query}").status_code == 404

    def test_a_removed_row_stays_in_the_history(self, client, person, center) -> None:
        case = factories.case(center)
        record.remove(factories.SYSTEM, case, "response", 5, version=1, reason="wrong patient")
        first = client.get(f"/cases/{case.pk}/history/").context["entries"][0]
        assert (first.form, first.row) == ("Response assessments", "Date 15/09/2022")
        assert ("Serum M-protein", "1.9 g/dL", "") in [(c.label, c.before, c.after) for c in first.changes]

    def test_older_changes_are_a_page_away(self, client, person, center) -> None:
        case = factories.case(center)
        for number in range(60):
            factories.row(case, "follow_up", {"spm_occurred": "YN"[number % 2]})
        first = client.get(f"/cases/{case.pk}/history/")
        assert len(first.context["entries"]) == 50
        older = client.get(f"/cases/{case.pk}/history/?before={first.context['older']}").context["entries"]
        numbers = [entry.event.number for entry in (*first.context["entries"], *older)]
        assert numbers == sorted(numbers, reverse=True)
        assert len(set(numbers)) == len(numbers)

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 18, "9" * 5000, "٣"])
    def test_any_place_to_begin_is_answered(self, client, person, center, before) -> None:
        case = factories.case(center)
        assert len(client.get(f"/cases/{case.pk}/history/", {"before": before}).context["entries"]) > 20

    def test_a_monitor_reads_it_too(self, client, center) -> None:
        case = factories.case(center)
        client.force_login(factories.user(Role.MONITOR, at=center))
        assert client.get(f"/cases/{case.pk}/history/").status_code == 200
