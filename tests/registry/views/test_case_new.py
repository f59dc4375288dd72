"""Enrolling a patient through the page."""

import pytest

from registry.models import Case, Enrolment, State
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import controls_of, posted_by

pytestmark = pytest.mark.django_db

ELIGIBLE = {
    "elig_mm_confirmed": "Y",
    "elig_rrmm": "Y",
    "in_interventional_trial": "N",
    "consent_status": "SIGNED",
    "consent_date": "01/03/2022",
    "enrolment_date": "01/03/2022",
    "enrolment_mode": "RETRO",
    "index_regimen": "ISAPD",
}


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


def cases():
    return list(Case.objects.all().scoped())


def test_eligibility_and_consent_come_first(client, person) -> None:
    page = client.get("/cases/new/").content.decode()
    places = [
        page.index(f'data-field="{name}"')
        for name in ("elig_mm_confirmed", "consent_status", "enrolment_date")
    ]
    assert places == sorted(places)


def test_an_eligible_patient_is_enrolled(client, person, center) -> None:
    response = client.post("/cases/new/", posted_by(client.get("/cases/new/"), **ELIGIBLE, do="complete"))
    (case,) = cases()
    assert response.url == f"/cases/{case.pk}/"
    assert case.center == center
    row = Enrolment.objects.filter(case=case).scoped().get()
    assert (row.state, row.consent_date.isoformat()) == (State.COMPLETE, "2022-03-01")
    page = client.get(response.url).content.decode()
    assert "not eligible" not in page


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"elig_mm_confirmed": "N"}, "multiple myeloma is not confirmed"),
        ({"elig_rrmm": "N"}, "neither relapsed nor refractory"),
        ({"consent_status": "REFUSED", "consent_date": ""}, "consent was refused"),
        ({"in_interventional_trial": "Y"}, "inside an interventional trial"),
        ({"index_regimen": "ELOPD"}, "the index regimen is not IsaPd"),
    ],
)
def test_who_is_not_eligible_is_kept_as_screened_with_the_reason(client, person, answer, reason) -> None:
    posted = posted_by(client.get("/cases/new/"), **(ELIGIBLE | answer), do="complete")
    response = client.post("/cases/new/", posted, follow=True)
    assert len(cases()) == 1
    page = response.content.decode()
    assert "Screening record: not eligible" in page
    assert reason in page


def test_a_double_submit_makes_one_case(client, person) -> None:
    posted = posted_by(client.get("/cases/new/"), **ELIGIBLE, do="complete")
    first, second = client.post("/cases/new/", posted), client.post("/cases/new/", posted)
    assert first.url == second.url
    assert len(cases()) == 1


def test_the_same_token_with_other_answers_is_asked_again(client, person) -> None:
    posted = posted_by(client.get("/cases/new/"), **ELIGIBLE, do="complete")
    client.post("/cases/new/", posted)
    response = client.post("/cases/new/", posted | {"enrolment_mode": "PROSP"})
    assert response.status_code == 422
    assert posted_by(response)["token"] != posted["token"]
    assert len(cases()) == 1


def test_what_is_missing_is_said_and_what_was_typed_kept(client, person) -> None:
    answers = ELIGIBLE | {"consent_date": "1/13/2022", "elig_rrmm": ""}
    response = client.post("/cases/new/", posted_by(client.get("/cases/new/"), **answers, do="complete"))
    assert response.status_code == 422
    assert posted_by(response)["consent_date"] == ["1/13/2022"]
    assert cases() == []


def test_a_draft_needs_nothing(client, person) -> None:
    client.post("/cases/new/", posted_by(client.get("/cases/new/"), do="draft"))
    assert len(cases()) == 1


def test_with_several_centers_one_is_chosen(client, person, center) -> None:
    second, foreign, watched = factories.center(), factories.center(), factories.center()
    factories.people.grant(factories.SYSTEM, person, Role.INVESTIGATOR, second)
    factories.people.grant(factories.SYSTEM, person, Role.MONITOR, watched)
    page = client.get("/cases/new/")
    assert "center" in controls_of(page)
    for other in (foreign, watched):
        assert str(other.pk) not in page.content.decode()
    for chosen in ("", str(foreign.pk), str(watched.pk), "x"):
        response = client.post("/cases/new/", posted_by(page, **ELIGIBLE, center=chosen, do="complete"))
        assert response.status_code == 422
        assert posted_by(response)["enrolment_date"] == ["01/03/2022"]
    assert cases() == []
    client.post("/cases/new/", posted_by(page, **ELIGIBLE, center=str(second.pk), do="complete"))
    assert cases()[0].center == second
