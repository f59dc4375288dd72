"""Accounts, roles, centers and the audit trail in the admin."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import NoReverseMatch, reverse

from registry.admin.urls import site
from registry.models import Center, CenterLabref, Event, Membership, User
from registry.terminology.roles import Role
from tests import factories
from tests.registry.admin.test_captured import posted, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(Role.ADMINISTRATOR)


@pytest.fixture
def client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def last_event() -> tuple[str, str, str]:
    event = Event.objects.latest("number")
    return event.action, event.table, event.source


def test_an_administrator_invites_a_person_who_sets_the_password_alone(client):
    page = client.get(url(User, "add"))
    response = client.post(url(User, "add"), posted(page, email="New@Example.test", name="New Person"))
    assert response.status_code == 302
    made = User.objects.get(email="new@example.test")
    assert not made.has_usable_password()
    assert last_event() == ("CREATE", "registry_user", "ADMIN")
    assert LogEntry.objects.count() == 0


def test_an_address_is_taken_once(client):
    taken = factories.user(Role.AUDITOR)
    response = client.post(url(User, "add"), {"email": taken.email, "name": "Twin"})
    assert "already" in str(response.context["adminform"].form.errors["email"])


def test_an_account_is_renamed_and_switched_off_not_removed(client):
    person = factories.user(Role.AUDITOR)
    page = client.get(url(User, "change", person.pk))
    data = posted(page, name="Renamed", reason="married")
    data.pop("is_active")
    assert client.post(url(User, "change", person.pk), data).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.is_active) == ("Renamed", False)
    assert Event.objects.latest("number").reason == "married"
    assert client.post(url(User, "delete", person.pk), {"post": "yes"}).status_code == 403


def test_nobody_changes_their_own_account_or_roles(client, administrator):
    page = client.get(url(User, "change", administrator.pk))
    response = client.post(url(User, "change", administrator.pk), posted(page, name="Boss"))
    assert "your own account" in str(response.context["adminform"].form.non_field_errors())
    response = client.post(url(Membership, "add"), {"user": administrator.pk, "role": "AUDITOR"})
    assert "your own account" in str(response.context["adminform"].form.non_field_errors())
    own = administrator.memberships.get()
    response = client.post(url(Membership, "delete", own.pk), {"post": "yes"})
    assert "your own account" in response.content.decode()
    own.refresh_from_db()
    assert own.ended_at is None


@pytest.mark.parametrize("field", ["password", "is_staff", "is_superuser", "last_login", "email", "id"])
def test_columns_that_are_no_field_of_the_page_are_ignored(client, field):
    person = factories.user(Role.AUDITOR)
    before = User.objects.filter(pk=person.pk).values().get()
    page = client.get(url(User, "change", person.pk))
    client.post(url(User, "change", person.pk), posted(page, **{field: "1"}))
    assert User.objects.filter(pk=person.pk).values().get() == before


def test_roles_are_given_where_they_are_held_and_ended_not_erased(client):
    person, center = factories.user(), factories.center()
    refused = client.post(url(Membership, "add"), {"user": person.pk, "role": "MONITOR"})
    assert refused.context["adminform"].form.errors["center"] == ["This role is held at a center."]
    given = {"user": person.pk, "role": "MONITOR", "center": center.pk, "reason": "starts"}
    assert client.post(url(Membership, "add"), given).status_code == 302
    membership = person.memberships.get()
    assert last_event() == ("ROLE", "registry_membership", "ADMIN")
    assert client.get(url(Membership, "change", membership.pk)).status_code == 200
    client.post(url(Membership, "delete", membership.pk), {"post": "yes", "reason": "left"})
    membership.refresh_from_db()
    assert membership.ended_at is not None
    assert Event.objects.latest("number").reason == "left"


def test_centers_are_added_corrected_and_removed_only_while_nothing_hangs_on_them(client):
    page = client.get(url(Center, "add"))
    entries = factories.CenterEntries(center_code="IT997")
    assert client.post(url(Center, "add"), posted(page, **entries)).status_code == 302
    center = Center.objects.get(center_code="IT997")
    page = client.get(url(Center, "change", center.pk))
    assert (
        client.post(url(Center, "change", center.pk), posted(page, center_name="Renamed")).status_code == 302
    )
    stale = client.post(url(Center, "change", center.pk), posted(page, center_name="Older"))
    assert stale.context["adminform"].form.errors["center_name"] == ["Stored now: Renamed"]
    code = client.post(
        url(Center, "change", center.pk),
        posted(client.get(url(Center, "change", center.pk)), center_code="IT998"),
    )
    assert "never changes" in str(code.context["adminform"].form.errors["center_code"])
    used = factories.center()
    kept = client.post(url(Center, "delete", used.pk), {"post": "yes", "version": used.version})
    assert "is not removed" in kept.content.decode()
    assert client.post(url(Center, "delete", center.pk), {"post": "yes", "version": "2"}).status_code == 302
    assert not Center.objects.filter(pk=center.pk).exists()
    assert last_event() == ("DELETE", "registry_center", "ADMIN")


def test_an_administrator_sees_no_patient(client):
    factories.empty_case(factories.center())
    for name in ("case", "enrolment", "centerlabref", "event"):
        assert client.get(reverse(f"admin:registry_{name}_changelist")).status_code == 403
    assert "Enrolment" not in client.get(reverse("admin:index")).content.decode()


def test_a_data_manager_keeps_the_reference_ranges_of_the_own_laboratory():
    center, other = factories.center(), factories.center()
    case = factories.case(center)
    client = Client()
    client.force_login(factories.user(Role.DATA_MANAGER, at=center))
    page = client.get(url(CenterLabref, "add"))
    entries = factories.LabrefEntries(labref_valid_from="2022-01-01", ldh_uln="300")
    foreign = client.post(url(CenterLabref, "add"), posted(page, center=other.pk, **entries))
    assert "center" in foreign.context["adminform"].form.errors
    assert client.post(url(CenterLabref, "add"), posted(page, center=center.pk, **entries)).status_code == 302
    case.refresh_from_db()
    labref = center.labrefs.get(seq=2)
    page = client.get(url(CenterLabref, "change", labref.pk))
    refused = client.post(url(CenterLabref, "change", labref.pk), posted(page, ldh_uln="9000"))
    assert "ldh_uln" in refused.context["adminform"].form.errors
    assert client.post(url(CenterLabref, "change", labref.pk), posted(page, ldh_uln="310")).status_code == 302
    address = url(CenterLabref, "delete", labref.pk)
    assert client.post(address, {"post": "yes", "version": "2"}).status_code == 302
    assert center.labrefs.count() == 1
    assert last_event() == ("DELETE", "registry_centerlabref", "ADMIN")


def test_the_auditor_reads_events_and_changes_none():
    factories.empty_case(factories.center())
    client = Client()
    client.force_login(factories.user(Role.AUDITOR))
    event = Event.objects.earliest("number")
    assert "ADMINISTRATOR" not in client.get(reverse("admin:index")).content.decode()
    assert client.get(url(Event, "changelist"), {"source__exact": "COMMAND"}).context["cl"].result_count > 0
    assert client.get(url(Event, "change", event.number)).status_code == 200
    assert client.post(url(Event, "change", event.number), {"reason": "x"}).status_code == 403
    assert client.post(url(Event, "delete", event.number), {"post": "yes"}).status_code == 403
    assert client.get(url(Event, "add")).status_code == 403


def test_only_what_we_registered_is_served():
    for name in ("account_emailaddress", "mfa_authenticator", "knox_authtoken", "auth_group"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")
    assert not site.is_registered(EmailAddress)


def test_the_stock_login_form_is_never_shown():
    person, client = factories.user(Role.AUDITOR), Client()
    answer = client.get(reverse("admin:login"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    client.force_login(person)
    other = factories.user(Role.ADMINISTRATOR)
    answer = client.post(reverse("admin:login"), {"username": other.email, "password": factories.PASSWORD})
    assert answer.status_code == 405
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")


def test_a_person_without_a_role_has_no_admin():
    client = Client()
    client.force_login(factories.user())
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:login")).status_code == 403
