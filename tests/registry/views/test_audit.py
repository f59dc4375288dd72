"""The audit pages: headers for auditors and coordinators, filtered and paged; nothing of a record."""

import datetime

import pytest
from django.test import Client

from registry.actions import people
from registry.audit.log import data_version
from registry.models import Action, Center, Event, User
from registry.selectors import audit as selectors
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def center(db: None) -> Center:
    return factories.center(center_code="IT042")


@pytest.fixture
def auditor(db: None) -> User:
    return factories.user(Role.AUDITOR, name="Aldo Auditor")


@pytest.fixture
def client(auditor: User) -> Client:
    client = Client()
    client.force_login(auditor)
    return client


def numbers(client: Client, query: str = "") -> list[int]:
    return [event.number for event, _ in client.get(f"/audit/?{query}").context["rows"]]


def test_lists_the_newest_first_with_the_data_version(client: Client, center: Center) -> None:
    newest = data_version()
    answer = client.get("/audit/")
    assert [event.number for event, _ in answer.context["rows"]] == list(range(newest, 0, -1))
    assert f"Data version <strong>{newest}</strong>" in answer.content.decode()
    assert "Aldo Auditor" in answer.content.decode()


def test_filters(client: Client, auditor: User, center: Center) -> None:
    people.update(factories.SYSTEM, auditor, name="Aldo A. Auditor", reason="asked for it")
    newest = data_version()
    login = Event.objects.get(action=Action.LOGIN).number
    assert numbers(client, "action=LOGIN") == [login]
    assert numbers(client, "person=aldo") == [login]
    assert numbers(client, "source=PAGE") == [login]
    at_center = list(
        Event.objects.filter(center_code="IT042").order_by("-number").values_list("number", flat=True)
    )
    assert numbers(client, "center=IT042") == at_center
    assert len(at_center) == 2
    assert numbers(client, f"number={newest}") == [newest]
    today = datetime.datetime.now(datetime.UTC).astimezone().date()
    assert numbers(client, f"since={today + datetime.timedelta(days=2):%d/%m/%Y}") == []
    assert len(numbers(client, f"since={today - datetime.timedelta(days=2):%d/%m/%Y}")) == newest
    assert len(numbers(client, f"until={today + datetime.timedelta(days=2):%Y-%m-%d}")) == newest
    assert numbers(client, f"until={today - datetime.timedelta(days=2):%Y-%m-%d}") == []
    nothing = client.get("/audit/?person=nobody").content.decode()
    assert "No event fits these filters" in nothing


def test_a_filter_that_cannot_be_read_says_so_and_hides_nothing(client: Client) -> None:
    answer = client.get("/audit/?since=yesterday&number=first&before=x&after=-1")
    assert "Enter a valid date." in answer.content.decode()
    assert len(answer.context["rows"]) == data_version()


def test_a_day_is_the_study_s_day(settings, center: Center) -> None:
    """An event at 23:30 UTC is, in Rome, of the next day."""
    late = datetime.datetime(2026, 3, 10, 23, 30, tzinfo=datetime.UTC)
    people.note(factories.SYSTEM, Action.EXPORT, at=late)
    wanted = selectors.Wanted(action="EXPORT", since=datetime.date(2026, 3, 11))
    assert len(selectors.events(wanted).events) == 1
    wanted = selectors.Wanted(action="EXPORT", until=datetime.date(2026, 3, 10))
    assert selectors.events(wanted).events == []


def test_pages_go_on_from_a_number_in_both_directions(center: Center) -> None:
    for _ in range(7):
        people.note(factories.SYSTEM, Action.EXPORT)
    wanted = selectors.Wanted(action="EXPORT")
    last = data_version()

    def page(**place: int) -> tuple[list[int], int | None, int | None]:
        found = selectors.events(wanted, size=3, **place)
        return [event.number - last for event in found.events], found.older, found.newer

    assert page() == ([0, -1, -2], last - 2, None)
    assert page(before=last - 2) == ([-3, -4, -5], last - 5, last - 3)
    assert page(before=last - 5) == ([-6], None, last - 6)
    assert page(after=last - 3) == ([0, -1, -2], last - 2, None)
    assert page(after=last - 6) == ([-3, -4, -5], last - 5, last - 3)
    # Events that come in between move no page.
    people.note(factories.SYSTEM, Action.EXPORT)
    assert page(before=last - 2) == ([-3, -4, -5], last - 5, last - 3)


def test_links_keep_the_filters(client: Client) -> None:
    for _ in range(60):
        people.note(factories.SYSTEM, Action.EXPORT)
    first = client.get("/audit/?action=EXPORT")
    older = first.context["page"].older
    assert f'href="?action=EXPORT&amp;before={older}"' in first.content.decode()
    second = client.get(f"/audit/?action=EXPORT&before={older}")
    assert len(second.context["rows"]) == 10
    newer = second.context["page"].newer
    assert f'href="?action=EXPORT&amp;after={newer}"' in second.content.decode()


def test_one_event_with_all_of_its_header(client: Client, center: Center) -> None:
    case = factories.case(center)
    event = Event.objects.filter(table="registry_baseline").latest("number")
    answer = client.get(f"/audit/{event.number}/")
    text = answer.content.decode()
    for shown in ("IT042", "baseline", str(case.pk), event.payload_hash, "tests"):
        assert shown in text
    assert f"/audit/{event.number - 1}/" in text
    assert f"/audit/{event.number + 1}/" in text
    assert client.get("/audit/999999/").status_code == 404
    first = client.get("/audit/1/").content.decode()
    assert 'rel="prev"' not in first


def test_nothing_of_the_record_and_no_patient_code_is_shown(client: Client, center: Center) -> None:
    case = factories.case(center)
    reason = f"mistyped for {case.patient_code.lower()}, see chart"
    people.update(factories.SYSTEM, factories.user(), is_active=False, reason=reason)
    pages = [client.get("/audit/").content.decode()]
    pages += [client.get(f"/audit/{number}/").content.decode() for number in range(1, data_version() + 1)]
    for page in pages:
        assert case.patient_code not in page
        assert case.patient_code.lower() not in page
    assert any("mistyped for [patient code], see chart" in page for page in pages)


@pytest.mark.parametrize("role", list(Role))
def test_only_auditors_and_coordinators_get_in(center: Center, role: Role) -> None:
    client = Client()
    client.force_login(factories.user(role, at=center))
    expected = 200 if role in (Role.AUDITOR, Role.COORDINATOR) else 403
    assert client.get("/audit/").status_code == expected
    assert client.get("/audit/1/").status_code == expected


def test_reading_leaves_no_trace_and_writing_is_no_option(client: Client) -> None:
    before = data_version()
    client.get("/audit/")
    assert client.post("/audit/").status_code == 405
    assert data_version() == before
