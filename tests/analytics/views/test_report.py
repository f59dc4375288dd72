"""The report's pages show what is stored, say how current it is, and to whom they are open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analytics.models import ReportSnapshot
from analytics.reports.recompute import recompute
from analytics.reports.snapshot import newest
from registry.actions import record as record_actions
from registry.middleware import SessionLimitsMiddleware
from registry.models import Case
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
DARA = "dara_refractory"
PAGE = reverse("report", args=[DARA])
FRESHNESS = reverse("report_freshness", args=[DARA])
FIGURE = reverse("report_figure", args=[DARA, "pfs-km_pfs"])
ClientOf = Callable[..., Client]


@pytest.fixture
def client(client_of: ClientOf) -> Client:
    return client_of(Role.COORDINATOR)


def edit(case: Case) -> None:
    row = case.baseline_rows.get()
    record_actions.save(
        factories.SYSTEM,
        case,
        "baseline",
        {"weight_kg": "61"},
        seq=1,
        version=row.version,
        reason="Typing error",
    )


@pytest.mark.parametrize("page", [reverse("report_list"), PAGE, FRESHNESS, FIGURE])
class TestWhoSeesIt:
    @pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.MONITOR, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_not_who_has_no_business_there(
        self, page: str, role: Role, case: Case, client_of: ClientOf
    ) -> None:
        recompute()
        assert client_of(role, at=case.center).get(page).status_code == 403

    @pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.COORDINATOR, Role.STATISTICIAN])
    def test_who_reads_results(self, page: str, role: Role, case: Case, client_of: ClientOf) -> None:
        recompute()
        assert client_of(role, at=case.center).get(page).status_code == 200

    def test_nobody_without_a_login(self, page: str, case: Case) -> None:
        assert Client().get(page)["Location"].startswith(reverse("account_login"))

    def test_nothing_is_changed_there(self, page: str, client: Client, case: Case) -> None:
        assert client.post(page).status_code == 405


class TestReport:
    def test_it_names_patients_events_method_and_data_version(self, case: Case, client: Client) -> None:
        recompute()
        page = client.get(PAGE).content.decode()
        version = newest(DARA).data_version
        assert "Progression-free survival" in page
        assert "N = 1, 1 event." in page
        assert "Kaplan–Meier, Greenwood variance" in page
        assert page.count(f"Data version {version}.") > 10
        assert "Exploratory" in page

    def test_before_the_first_snapshot_it_says_what_is_being_done(self, case: Case, client: Client) -> None:
        page = client.get(PAGE).content.decode()
        assert "The first computation is under way" in page
        assert "<progress" in page

    def test_no_patient_is_in_it(self, case: Case, client: Client) -> None:
        recompute()
        page = client.get(PAGE).content.decode()
        assert case.patient_code not in page
        assert str(case.pk) not in page

    def test_what_is_stored_is_shown_not_what_would_be_computed_now(self, case: Case, client: Client) -> None:
        recompute()
        before = client.get(PAGE + "?part=body").content
        edit(case)
        assert client.get(PAGE + "?part=body").content == before

    def test_after_a_newer_snapshot_the_body_is_the_new_one(self, case: Case, client: Client) -> None:
        recompute()
        before = client.get(PAGE + "?part=body").content
        edit(case)
        recompute()
        assert client.get(PAGE + "?part=body").content != before

    def test_its_frame_is_in_the_persons_language_its_results_in_that_of_publication(
        self, case: Case, client: Client
    ) -> None:
        recompute()
        english = client.get(PAGE, {"part": "body"}).content.decode()
        client.post(reverse("set_language"), {"language": "it"})
        assert client.get(PAGE, {"part": "body"}).content.decode() == english
        assert 'lang="en"' in english
        page = client.get(PAGE).content.decode()
        assert '<html lang="it">' in page
        assert "Refrattario a daratumumab" in page
        assert "Overall survival" in page
        assert "Sopravvivenza globale" not in page

    def test_an_unknown_cohort_is_not_found(self, case: Case, client: Client) -> None:
        assert client.get(reverse("report", args=["nobody"])).status_code == 404
        assert client.get(reverse("report_freshness", args=["nobody"])).status_code == 404

    def test_an_empty_registry_has_a_page(self, db: None, snapshot_sees_test: None, client: Client) -> None:
        recompute()
        assert client.get(PAGE).status_code == 200
        assert client.get(reverse("report_list")).status_code == 200

    def test_showing_it_again_asks_no_more_however_long_it_is(
        self, case: Case, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        recompute()
        client.get(PAGE)
        with django_assert_max_num_queries(8):
            client.get(PAGE)


class TestFreshness:
    def test_current_as_of_a_change(self, case: Case, client: Client) -> None:
        recompute()
        assert f"as of change {newest(DARA).data_version}" in client.get(FRESHNESS).content.decode()

    def test_recomputing_counts_what_waits(self, case: Case, client: Client) -> None:
        recompute()
        edit(case)
        answer = client.get(FRESHNESS).content.decode()
        assert "Recomputing" in answer
        assert "(1 change waiting)" in answer

    def test_while_nothing_differs_nothing_is_sent(self, case: Case, client: Client) -> None:
        recompute()
        state = client.get(PAGE).context["fresh"].state
        answer = client.get(FRESHNESS, {"state": state})
        assert (answer.status_code, answer.content) == (204, b"")

    def test_a_newer_snapshot_is_announced_to_the_page(self, case: Case, client: Client) -> None:
        recompute()
        page = client.get(PAGE)
        known = {"state": page.context["fresh"].state, "shown": page.context["shown"]}
        edit(case)
        waiting = client.get(FRESHNESS, known)
        assert waiting.status_code == 200
        assert not waiting.has_header("HX-Trigger-After-Swap")
        recompute()
        assert client.get(FRESHNESS, known)["HX-Trigger-After-Swap"] == "report-newer"

    @pytest.mark.parametrize(("headers", "counts"), [({"X-Background": "1"}, False), ({}, True)])
    def test_asking_by_itself_keeps_no_abandoned_session_alive(
        self, headers: dict[str, str], counts: bool, case: Case, client: Client
    ) -> None:
        recompute()
        page = client.get(PAGE).content.decode()
        assert """hx-headers='{"X-Background": "1"}'""" in page
        session = client.session
        last = session[SessionLimitsMiddleware.SEEN] = session[SessionLimitsMiddleware.SEEN] - 60
        session.save()
        client.get(FRESHNESS, headers=headers)
        assert (client.session[SessionLimitsMiddleware.SEEN] > last) is counts

    def test_it_costs_few_queries(
        self, case: Case, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        recompute()
        client.get(FRESHNESS)
        with django_assert_max_num_queries(5):
            client.get(FRESHNESS)


class TestFigure:
    def test_the_page_shows_it_with_its_text_and_size(self, case: Case, client: Client) -> None:
        recompute()
        page = client.get(PAGE).content.decode()
        assert f'src="{FIGURE}?d={"d" * 64}" width="714" height="450" alt="Kaplan–Meier curve of PFS' in page

    def test_by_its_digest_it_may_be_kept_for_ever(self, case: Case, client: Client) -> None:
        recompute()
        answer = client.get(FIGURE, {"d": "d" * 64})
        assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert {"immutable", "private"} <= set(answer["Cache-Control"].split(", "))
        again = client.get(FIGURE, {"d": "d" * 64}, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304

    def test_the_newest_is_asked_for_again_each_time(self, case: Case, client: Client) -> None:
        recompute()
        answer = client.get(FIGURE)
        assert "no-cache" in answer["Cache-Control"]
        assert "immutable" not in answer["Cache-Control"]

    def test_dark_has_other_ink_and_another_tag(self, case: Case, client: Client) -> None:
        recompute()
        light, dark = (client.get(FIGURE, {"d": "d" * 64, "theme": theme}) for theme in ("light", "dark"))
        assert light.content != dark.content
        assert light["ETag"] != dark["ETag"]

    @pytest.mark.parametrize("query", [{"d": "e" * 64}, {"d": "../../etc/passwd"}])
    def test_what_is_not_there_is_not_found(self, query: dict[str, str], case: Case, client: Client) -> None:
        recompute()
        assert client.get(FIGURE, query).status_code == 404

    def test_neither_is_an_unknown_figure(self, case: Case, client: Client) -> None:
        other = reverse("report_figure", args=[DARA, "other"])
        assert client.get(other).status_code == 404
        recompute()
        assert client.get(other).status_code == 404


class TestList:
    def test_every_cohort_has_its_headline_numbers(self, case: Case, client: Client) -> None:
        recompute()
        page = client.get(reverse("report_list")).content.decode()
        for name in ("Daratumumab-refractory", "All IsaPd", "Median PFS", "Overall response rate"):
            assert name in page
        assert ReportSnapshot.objects.count() == 2

    def test_before_the_first_snapshot_it_says_so(self, case: Case, client: Client) -> None:
        assert "first computation" in client.get(reverse("report_list")).content.decode()
