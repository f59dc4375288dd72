"""What is doubtful is confirmed where it stands, with a reason that is kept and shown."""

import re

import pytest

from registry.models import DataQuery, QueryState
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


@pytest.fixture
def url(person, center):
    return f"/cases/{factories.case(center).pk}/baseline/"


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def save(client, url, **typed):
    return client.post(url, posted_by(client.get(url), reason="second reading", do="complete", **typed))


def test_without_a_reason_the_page_asks_for_it_at_the_field(client, url) -> None:
    response = save(client, url, hb="5.5")
    assert response.status_code == 422
    assert "Please confirm what is unusual, and say why it is correct." in text(response)
    assert 'href="#confirm-limit-hb"' in response.content.decode()
    assert posted_by(response)["hb"] == ["5.5"]


def test_one_submit_with_the_reason_is_enough_and_who_and_why_are_shown(client, url, person) -> None:
    posted = posted_by(client.get(url), hb="5.5", reason="second reading", do="complete")
    response = client.post(url, posted | {"confirm.limit.hb": "Checked against the source"}, follow=True)
    assert response.status_code == 200
    assert DataQuery.objects.filter(variable="hb").scoped().get().state == QueryState.CONFIRMED
    page = client.get(url)
    assert f"Confirmed by {person.name}" in text(page)
    assert "Checked against the source" in text(page)
    assert "confirm.limit.hb" not in posted_by(page)


def test_some_reasons_are_not_all_of_them(client, url) -> None:
    posted = posted_by(client.get(url), hb="5.5", platelets="900", reason="second reading", do="complete")
    response = client.post(url, posted | {"confirm.limit.hb": "Checked against the source"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'href="#confirm-limit-platelets"' in page
    assert 'href="#confirm-limit-hb"' not in page
    assert posted_by(response)["confirm.limit.hb"] == ["Checked against the source"]


def test_an_error_cannot_be_called_correct(client, url) -> None:
    posted = posted_by(
        client.get(url), baseline_lab_date="01/01/2010", reason="second reading", do="complete"
    )
    response = client.post(url, posted | {"confirm.limit.baseline_lab_date": "it is"})
    assert response.status_code == 422
    assert "confirm.limit.baseline_lab_date" not in posted_by(response)


def test_another_answer_is_another_doubt(client, url) -> None:
    posted = posted_by(client.get(url), hb="5.5", reason="second reading", do="complete")
    client.post(url, posted | {"confirm.limit.hb": "Checked against the source"})
    assert save(client, url, hb="5.4").status_code == 422


def test_a_reason_as_long_as_the_trail_keeps(client, url) -> None:
    posted = posted_by(client.get(url), hb="5.5", reason="second reading", do="complete")
    assert client.post(url, posted | {"confirm.limit.hb": "a\x00" * 600}).status_code == 302
    assert DataQuery.objects.filter(variable="hb").scoped().get().reason == "a" * 500


def test_a_reason_survives_a_conflict(client, url) -> None:
    posted = posted_by(client.get(url), hb="5.5", reason="second reading", do="complete")
    save(client, url, ecog="2")
    response = client.post(url, posted | {"confirm.limit.hb": "Checked against the source"})
    assert response.status_code == 409
    assert 'name="confirm.limit.hb" value="Checked against the source"' in response.content.decode()
