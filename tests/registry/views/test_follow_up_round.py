"""The follow-up round: one grid of all patients, each saved by itself with an answer of its own."""

from datetime import date

import pytest

from registry.actions import own_reference, record
from registry.edit_checks.finding import Finding, Severity
from registry.exceptions import Unconfirmed
from registry.models import CASE_ROWS, State
from registry.terminology.roles import Role
from registry.today import today
from tests import factories
from tests.registry.views.pages import FormFields

pytestmark = pytest.mark.django_db

URL = "/follow-up-round/"
ALIVE = [{"contact_date": "2023-04-01", "vital_status": "ALIVE"}]


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


@pytest.fixture
def alive(center):
    return factories.case(center, follow_up=ALIVE)


def contacts(case):
    return list(CASE_ROWS["follow_up"].objects.filter(case=case).scoped().order_by("seq"))


def text(response) -> str:
    return " ".join(response.content.decode().split())


def posted_by(response, **changed):
    page = FormFields()
    page.feed(response.content.decode().replace("data-round", "data-capture"))
    return dict(page.fields) | changed


def patients(response) -> list[str]:
    return [call.patient.case.patient_code for call in response.context["calls"]]


def test_the_living_are_asked_for_and_the_stale_come_first(client, person, center, alive) -> None:
    dead = factories.case(center)
    fresh = factories.case(center, follow_up=[{"contact_date": today().isoformat(), "vital_status": "ALIVE"}])
    own_reference.assign(factories.SYSTEM, alive, "K-17")
    page = client.get(URL)
    assert patients(page) == [alive.patient_code, fresh.patient_code]
    assert dead.patient_code not in text(page)
    assert "K-17" in text(page)
    assert [call.patient.is_stale for call in page.context["calls"]] == [True, False]
    assert page.context["calls"][0].patient.last_alive == date(2023, 4, 1)


def test_another_centers_patients_are_not_there(client, person, alive) -> None:
    other = factories.case(factories.center(), follow_up=ALIVE)
    page = client.get(URL)
    assert other.patient_code not in text(page)
    # Nor can somebody save for them.
    client.post(URL, posted_by(page, shared="01/06/2024", **{f"{other.pk.hex}.tick": "yes"}))
    assert len(contacts(other)) == 1


def test_one_date_is_for_all_who_are_ticked(client, person, center, alive) -> None:
    second = factories.case(center, follow_up=ALIVE)
    third = factories.case(center, follow_up=ALIVE)
    ticks = {f"{case.pk.hex}.tick": "yes" for case in (alive, second)}
    response = client.post(URL, posted_by(client.get(URL), shared="01/06/2024", **ticks))
    assert response.status_code == 302
    for case in (alive, second):
        row = contacts(case)[1]
        assert (row.contact_date, row.vital_status, row.state) == (date(2024, 6, 1), "ALIVE", State.COMPLETE)
    assert len(contacts(third)) == 1


def test_a_death_with_its_date_and_cause(client, person, alive) -> None:
    key = alive.pk.hex
    fields = {f"{key}.status": "DEAD", f"{key}.on": "03/05/2024", f"{key}.cause": "MM"}
    client.post(URL, posted_by(client.get(URL), **fields))
    row = contacts(alive)[1].record()
    assert (row["contact_date"], str(row["death_date"]), row["death_cause"]) == (
        date(2024, 5, 3),
        "2024-05-03",
        "MM",
    )
    assert patients(client.get(URL)) == []


def test_a_death_known_by_its_month_was_heard_of_today(client, person, alive) -> None:
    key = alive.pk.hex
    fields = {f"{key}.status": "DEAD", f"{key}.on": "05/2024", f"{key}.cause": "?NK"}
    client.post(URL, posted_by(client.get(URL), **fields))
    row = contacts(alive)[1].record()
    assert (row["contact_date"], str(row["death_date"]), row["death_cause"]) == (
        today(),
        "2024-05",
        "NK",
    )


def test_lost_is_counted_from_the_last_date_known_alive(client, person, alive) -> None:
    client.post(URL, posted_by(client.get(URL), **{f"{alive.pk.hex}.status": "LTFU"}))
    row = contacts(alive)[1]
    assert (row.contact_date, row.vital_status) == (date(2023, 4, 1), "LTFU")
    # They are asked for still, but no longer stale.
    assert [call.patient.is_stale for call in client.get(URL).context["calls"]] == [False]


def test_a_refused_line_says_why_and_keeps_what_was_typed(client, person, center, alive) -> None:
    second = factories.case(center, follow_up=ALIVE)
    fields = {f"{alive.pk.hex}.on": "soon", f"{second.pk.hex}.tick": "yes"}
    response = client.post(URL, posted_by(client.get(URL), shared="01/06/2024", **fields))
    assert response.status_code == 422
    assert len(contacts(second)) == 2
    assert len(contacts(alive)) == 1
    assert "Enter a date as dd/mm/yyyy." in text(response)
    again = posted_by(response)
    assert again[f"{alive.pk.hex}.on"] == ["soon"]
    # What was saved is not sent again.
    assert f"{second.pk.hex}.tick" not in again
    assert patients(response)[0] == alive.patient_code


def test_without_a_date_nothing_is_guessed(client, person, alive) -> None:
    response = client.post(URL, posted_by(client.get(URL), **{f"{alive.pk.hex}.tick": "yes"}))
    assert response.status_code == 422
    assert "Which day?" in text(response)


def test_an_unusual_contact_is_confirmed_in_its_line(client, person, alive, monkeypatch) -> None:
    finding = Finding("C99", Severity.WARNING, "contact_date", "Unusual day.", form="follow_up", index=1)
    save = record.save

    def doubtful(*args, confirmations, **kwargs):
        if not confirmations.get("C99.contact_date"):
            raise Unconfirmed("please confirm", [finding])
        return save(*args, confirmations=confirmations, **kwargs)

    monkeypatch.setattr(record, "save", doubtful)
    asked = client.post(
        URL, posted_by(client.get(URL), shared="01/06/2024", **{f"{alive.pk.hex}.tick": "yes"})
    )
    assert asked.status_code == 422
    assert "Unusual day." in text(asked)
    name = f"{alive.pk.hex}.confirm.C99.contact_date"
    assert client.post(URL, posted_by(asked, **{name: "letter of the family doctor"})).status_code == 302
    assert len(contacts(alive)) == 2


def test_a_second_click_saves_once(client, person, alive) -> None:
    fields = posted_by(client.get(URL), shared="01/06/2024", **{f"{alive.pk.hex}.tick": "yes"})
    client.post(URL, fields)
    client.post(URL, fields)
    assert len(contacts(alive)) == 2


def test_who_withdrew_consent_is_not_asked_for(client, person, center, alive) -> None:
    withdrawn = {"consent_status": "WITHDRAWN", "consent_withdrawal_date": "2023-01-01"}
    record.save(factories.SYSTEM, alive, "enrolment", withdrawn, seq=1, version=1, reason="letter")
    assert patients(client.get(URL)) == []


def test_the_round_of_an_empty_center_says_so(client, person) -> None:
    assert "Nobody to follow" in text(client.get(URL))
