"""Two people change one row: the second is shown both versions and loses nothing."""

import pytest

from registry.actions import record
from registry.audit.actor import Actor
from registry.models import CASE_ROWS
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import posted_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center, name="Second Person")
    client.force_login(user)
    return user


@pytest.fixture
def other(center):
    return Actor.person(factories.user(Role.DATA_MANAGER, at=center, name="First Person"))


def stored(case, form="baseline", seq=1):
    return CASE_ROWS[form].objects.filter(case=case, seq=seq).scoped().first()


def collide(client, case, other, **mine):
    """Open, let the other one save, then post."""
    url = f"/cases/{case.pk}/baseline/"
    posted = posted_by(client.get(url), **mine)
    changed = {"hb": {"value": "9.9", "unit": "g/dL"}, "ecog": "2"}
    record.save(other, case, "baseline", changed, seq=1, version=stored(case).version)
    return url, client.post(url, posted)


@pytest.fixture
def case(center):
    case = factories.empty_case(center)
    factories.row(case, "baseline", {"hb": "10.4", "ecog": "1", "weight_kg": "64"})
    return case


def test_both_versions_are_shown_with_who_and_when(client, person, other, case) -> None:
    _url, response = collide(client, case, other, hb="11,1", weight_kg="65", do="draft")
    assert response.status_code == 409
    page = response.content.decode()
    for text in ("First Person", "11.1 g/dL", "9.9 g/dL", "10.4 g/dL", "65 kg", "64 kg"):
        assert text in page
    differences = {d.variable.name: d.keep for d in response.context["conflict"].differences}
    # Both changed hb; only I changed the weight, only the other one the ECOG.
    assert differences == {"hb": "", "weight_kg": "mine", "ecog": "theirs"}
    assert stored(case).hb_entered == "9.9"


def test_the_choice_is_saved_on_the_new_version(client, person, other, case) -> None:
    url, response = collide(client, case, other, hb="11,1", weight_kg="65", do="draft")
    again = _choices(response, hb="mine", weight_kg="mine", ecog="theirs")
    assert client.post(url, again).status_code == 302
    row = stored(case)
    assert (row.hb_entered, row.weight_kg_entered, row.ecog, row.version) == ("11.1", "65", "2", 3)


def test_theirs_stays_where_it_is_chosen(client, person, other, case) -> None:
    url, response = collide(client, case, other, hb="11,1", do="draft")
    client.post(url, _choices(response, hb="theirs", ecog="theirs"))
    assert (stored(case).hb_entered, stored(case).ecog) == ("9.9", "2")


def test_a_third_change_meets_the_next_conflict(client, person, other, case) -> None:
    url, response = collide(client, case, other, hb="11,1", do="draft")
    record.save(other, case, "baseline", {"hb": "8.8"}, seq=1, version=2)
    second = client.post(url, _choices(response, hb="mine", ecog="theirs"))
    assert second.status_code == 409
    assert "8.8 g/dL" in second.content.decode()


def test_text_that_cannot_be_read_is_still_shown(client, person, other, case) -> None:
    url, response = collide(client, case, other, hb="eleven", do="draft")
    assert response.status_code in (409, 422)
    assert "eleven" in response.content.decode()
    if response.status_code == 422:
        # The entries are read first; corrected, they meet the conflict.
        again = posted_by(response, hb="11", do="draft")
        assert client.post(url, again).status_code == 409


def test_two_people_begin_the_same_form(client, person, other, center) -> None:
    case = factories.empty_case(center)
    url = f"/cases/{case.pk}/demographics/"
    posted = posted_by(client.get(url), sex="F", birth_date="1954", do="draft")
    record.save(other, case, "demographics", {"sex": "M"})
    response = client.post(url, posted)
    assert response.status_code == 409
    client.post(url, _choices(response, sex="mine", birth_date="mine"))
    row = stored(case, "demographics")
    assert (row.sex, row.birth_date, row.version) == ("F", "1954", 2)


def test_a_removed_row_can_be_saved_anew(client, person, other, center) -> None:
    case = factories.empty_case(center)
    factories.row(case, "prior_line", {"line_no": "1"})
    url = f"/cases/{case.pk}/prior_line/1/"
    posted = posted_by(client.get(url), line_no="2", do="draft")
    record.remove(other, case, "prior_line", 1, version=1)
    response = client.post(url, posted)
    assert response.status_code == 409
    page = response.content.decode()
    assert "First Person removed this row" in page
    assert f'action="/cases/{case.pk}/prior_line/new/"' in page
    client.post(f"/cases/{case.pk}/prior_line/new/", _choices(response))
    assert stored(case, "prior_line", seq=2).line_no == 2


def test_a_row_once_complete_keeps_its_reason(client, person, other, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/demographics/"
    posted = posted_by(client.get(url), sex="M", reason="wrong chart", do="complete")
    record.save(
        other,
        case,
        "demographics",
        {"birth_date": "1955-06"},
        seq=1,
        version=1,
        complete=True,
        reason="source",
    )
    response = client.post(url, posted)
    assert 'value="wrong chart"' in response.content.decode()
    again = _choices(response, sex="mine", birth_date="theirs") | {"reason": "wrong chart"}
    assert client.post(url, again).status_code == 302
    assert (stored(case, "demographics").sex, stored(case, "demographics").birth_date) == ("M", "1955-06")


def _choices(response, **keep):
    """What the conflict page posts."""
    context = response.context
    fields = {
        "version": [str(context["row"].version)] if context["row"] else [""],
        "token": [context["token"]],
    }
    for name, value in context["pairs"]:
        fields.setdefault(name, []).append(value)
    return fields | {f"{name}.keep": choice for name, choice in keep.items()} | {"do": context["posted"].do}
