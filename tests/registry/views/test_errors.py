"""What is answered when something is refused, missing or broken, to pages and to htmx."""

from uuid import uuid4

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import include, path

from registry.exceptions import NotFound, NotPermitted
from registry.terminology.roles import Role
from registry.views import errors
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def refuse(request):
    raise NotPermitted("You may not approve your own proposal.")


def miss(request):
    raise NotFound("There is no such case.")


def distrust(request):
    raise SuspiciousOperation("a cookie that was altered: IT001-0001")


def break_down(request):
    raise RuntimeError("IT001-0001 was here")


urlpatterns = [
    path("refuse/", refuse),
    path("miss/", miss),
    path("distrust/", distrust),
    path("break/", break_down),
    path("", include("registry.urls")),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error


@pytest.fixture
def someone() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(factories.user(Role.AUDITOR))
    return client


@pytest.mark.urls(__name__)
class TestPages:
    def test_a_refusal_says_why(self, someone: Client) -> None:
        answer = someone.get("/refuse/")
        assert answer.status_code == 403
        assert "You may not approve your own proposal." in answer.content.decode()

    def test_foreign_and_missing_answer_alike(self, someone: Client) -> None:
        raised, unknown = someone.get("/miss/"), someone.get("/nowhere/")
        assert (raised.status_code, unknown.status_code) == (404, 404)
        assert "There is nothing here for you" in raised.content.decode()
        neutral = [
            answer.content.decode().split("<main")[1].split("</main>")[0] for answer in (raised, unknown)
        ]
        assert neutral[0] == neutral[1]

    def test_the_address_is_not_repeated(self, someone: Client) -> None:
        assert "IT001-0001" not in someone.get("/IT001-0001/").content.decode()

    def test_a_breakdown_shows_no_trace(self, someone: Client) -> None:
        answer = someone.get("/break/")
        text = answer.content.decode()
        assert answer.status_code == 500
        assert "Something went wrong on our side" in text
        assert "IT001-0001" not in text
        assert "RuntimeError" not in text

    def test_a_damaged_request_is_told_so_and_repeats_nothing(self, someone: Client) -> None:
        answer = someone.get("/distrust/")
        assert answer.status_code == 400
        assert "This could not be read" in answer.content.decode()
        assert "IT001-0001" not in answer.content.decode()
        partial = someone.get("/distrust/", headers=HTMX)
        assert (partial.status_code, partial["HX-Retarget"]) == (400, "#messages")

    def test_htmx_gets_the_sentence_alone(self, someone: Client) -> None:
        answer = someone.get("/refuse/", headers=HTMX)
        assert answer.status_code == 403
        assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#messages", "innerHTML")
        assert "You may not approve your own proposal." in answer.content.decode()
        assert "<html" not in answer.content.decode()

        missing = someone.get("/miss/", headers=HTMX)
        assert (missing.status_code, missing["HX-Retarget"]) == (404, "#messages")
        assert "<html" not in missing.content.decode()

        broken = someone.get("/break/", headers=HTMX)
        assert (broken.status_code, broken.content) == (500, b"")

    def test_boosted_navigation_is_a_page(self, someone: Client) -> None:
        answer = someone.get("/refuse/", headers=HTMX | {"HX-Boosted": "true"})
        assert "<html" in answer.content.decode()


def test_an_ended_session_does_not_swap_the_login_page_in(client: Client) -> None:
    answer = client.get("/audit/", headers=HTMX)
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#messages"
    assert "Your session has ended" in answer.content.decode()


def test_a_form_of_an_ended_session_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user(Role.AUDITOR))
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 403
    assert "nothing was saved" in answer.content.decode()
    assert "Back button" in answer.content.decode()
    partial = client.post("/accounts/logout/", headers=HTMX)
    assert (partial.status_code, partial["HX-Retarget"]) == (403, "#messages")


def test_error_pages_need_no_middleware_to_have_run() -> None:
    """A request can fail before it has a session or a user."""
    request = RequestFactory().get("/x/")
    assert errors.server_error(request).status_code == 500
    assert "There is nothing here" in errors.not_found(request).content.decode()


def test_a_person_without_the_role_reads_why_not() -> None:
    client = Client()
    client.force_login(factories.user(Role.DATA_MANAGER, at=factories.center()))
    answer = client.get("/audit/")
    assert answer.status_code == 403
    assert "You may not see the audit trail." in answer.content.decode()
    assert client.get(f"/people/{uuid4()}/").status_code == 403
