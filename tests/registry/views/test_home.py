"""The start page and the frame of every page: where a role is led, and what its navigation offers."""

import pytest
from django.test import Client

from registry.actions import center as center_actions
from registry.models import User
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.DATA_MANAGER, "/my-work/"),
        (Role.INVESTIGATOR, "/cases/"),
        (Role.MONITOR, "/cases/"),
        (Role.COORDINATOR, "/reports/"),
        (Role.STATISTICIAN, "/releases/"),
        (Role.ADMINISTRATOR, "/people/"),
        (Role.AUDITOR, "/audit/"),
    ],
)
def test_one_role_is_led_to_its_work(role: Role, path: str) -> None:
    user = factories.user(role, at=factories.center())
    assert client_of(user).get("/")["Location"] == path


def test_two_roles_of_one_workplace_need_no_choice() -> None:
    user = factories.user(Role.INVESTIGATOR, Role.MONITOR, at=factories.center())
    assert client_of(user).get("/")["Location"] == "/cases/"


def test_several_workplaces_are_a_choice() -> None:
    page = client_of(factories.user(Role.ADMINISTRATOR, Role.AUDITOR)).get("/").content.decode()
    main = page.split("<main")[1]
    assert 'href="/people/"' in main
    assert 'href="/audit/"' in main
    assert 'href="/cases/"' not in main


def test_without_a_role_says_whom_to_ask() -> None:
    page = client_of(factories.user()).get("/").content.decode()
    assert "You have no role yet" in page
    assert "An administrator" in page


def test_home_needs_a_login(client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.DATA_MANAGER, ["/my-work/", "/cases/", "/my-data/", "/imports/", "/codebook/"]),
        (Role.INVESTIGATOR, ["/my-work/", "/cases/", "/my-data/", "/imports/", "/reports/", "/codebook/"]),
        (Role.MONITOR, ["/cases/", "/codebook/"]),
        (Role.COORDINATOR, ["/reports/", "/releases/", "/rules/", "/audit/", "/codebook/"]),
        (Role.STATISTICIAN, ["/reports/", "/releases/", "/codebook/"]),
        (Role.ADMINISTRATOR, ["/people/", "/codebook/"]),
        (Role.AUDITOR, ["/audit/", "/codebook/"]),
    ],
)
def test_navigation_offers_what_the_role_may_open(role: Role, offered: list[str]) -> None:
    client = client_of(factories.user(role, at=factories.center()))
    page = client.get("/codebook/")
    places = page.content.decode().split('<ul class="site-nav">')[1].split("</ul>")[0]
    assert [part.split('"')[0] for part in places.split('href="')[1:]] == offered
    assert places.count('aria-current="page"') == 1
    for path in offered:
        assert client.get(path).status_code == 200, path


class TestSyntheticNotice:
    NOTICE = "Synthetic demonstration data"

    def page(self, user: User) -> str:
        return client_of(user).get("/codebook/").content.decode()

    def test_is_shown_to_those_who_see_a_synthetic_center(self) -> None:
        real = factories.center()
        synthetic = center_actions.create(factories.SYSTEM, factories.CenterEntries(), synthetic=True)
        assert self.NOTICE in self.page(factories.user(Role.DATA_MANAGER, at=synthetic))
        assert self.NOTICE not in self.page(factories.user(Role.DATA_MANAGER, at=real))
        # Pooled results hold the synthetic center, too.
        assert self.NOTICE in self.page(factories.user(Role.STATISTICIAN))

    def test_is_not_shown_where_all_data_are_real(self) -> None:
        center = factories.center()
        assert self.NOTICE not in self.page(factories.user(Role.STATISTICIAN))
        assert self.NOTICE not in self.page(factories.user(Role.DATA_MANAGER, at=center))
        assert self.NOTICE not in Client().get("/accounts/login/").content.decode()


def test_pages_are_free_of_inline_styles_and_handlers() -> None:
    """The content security policy allows neither; a browser would drop them silently."""
    client = client_of(factories.user(Role.ADMINISTRATOR, Role.AUDITOR))
    for path in ("/", "/people/", "/people/invite/", "/audit/", "/codebook/", "/accounts/two-factor/"):
        answer = client.get(path)
        text = answer.content.decode()
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert "unsafe-eval" not in answer["Content-Security-Policy"]


def test_a_page_is_in_one_language(client: Client) -> None:
    """Texts of the registry, of Django and of its forms alike."""
    user = factories.user(Role.AUDITOR)
    client.force_login(user)
    answer = client.get("/audit/?since=ieri", headers={"Accept-Language": "it"})
    text = answer.content.decode()
    assert '<html lang="it">' in text
    assert "Inserisci una data valida." in text
    assert "Enter a valid date." not in text
