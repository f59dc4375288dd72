"""The people pages: what an administrator can do, what is refused, and what the audit trail tells of it."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from registry.actions import people
from registry.exceptions import InvalidEntries
from registry.models import Action, Center, Event, Membership, User
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def center(db: None) -> Center:
    return factories.center(center_code="IT042", center_name="Ospedale Civile")


@pytest.fixture
def administrator(db: None) -> User:
    return factories.user(Role.ADMINISTRATOR, name="Ada Admin")


@pytest.fixture
def client(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def page_of(client: Client, user: User) -> str:
    return client.get(f"/people/{user.pk}/").content.decode()


class TestList:
    def test_shows_everybody_with_roles_and_account(self, client: Client, center: Center) -> None:
        manager = factories.user(Role.DATA_MANAGER, at=center, name="Marco Rossi")
        people.invite(factories.SYSTEM, "new@example.test", "Nora Nuova")
        people.update(factories.SYSTEM, factories.user(Role.AUDITOR, name="Olaf Old"), is_active=False)
        rows = {
            re.search(r">([^<]+)</a>", row)[1]: row
            for row in client.get("/people/").content.decode().split("<tbody>")[1].split("<tr>")[1:]
        }
        assert list(rows) == ["Ada Admin", "Marco Rossi", "Nora Nuova", "Olaf Old"]
        assert f'href="/people/{manager.pk}/"' in rows["Marco Rossi"]
        assert "Data manager, IT042" in rows["Marco Rossi"]
        assert "Active" in rows["Marco Rossi"]
        assert "Invited" in rows["Nora Nuova"]
        assert "Switched off" in rows["Olaf Old"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=rossi", ["Marco Rossi"]),
            ("q=MARCO.R", ["Marco Rossi"]),
            ("role=DATA_MANAGER", ["Marco Rossi"]),
            ("status=off", ["Olaf Old"]),
            ("status=active", ["Ada Admin", "Marco Rossi"]),
            ("status=invited", []),
            ("q=nobody", []),
            ("role=nonsense&status=nonsense", ["Ada Admin", "Marco Rossi", "Olaf Old"]),
        ],
    )
    def test_filters(self, client: Client, center: Center, query: str, expected: list[str]) -> None:
        factories.user(Role.DATA_MANAGER, at=center, name="Marco Rossi", email="marco.r@example.test")
        ended = factories.user(Role.DATA_MANAGER, at=center, name="Olaf Old")
        people.revoke(factories.SYSTEM, ended.memberships.get())
        people.update(factories.SYSTEM, ended, is_active=False)
        answer = client.get(f"/people/?{query}")
        assert [user.name for user, _ in answer.context["rows"]] == expected
        assert ("Nobody fits this search" in answer.content.decode()) == (not expected)

    def test_number_of_queries_does_not_grow_with_people(
        self, client: Client, center: Center, django_assert_max_num_queries
    ) -> None:
        for _ in range(20):
            factories.user(Role.DATA_MANAGER, Role.INVESTIGATOR, at=center)
        with django_assert_max_num_queries(10):
            client.get("/people/")


class TestInvite:
    fields = {"email": "nora@example.test", "name": "Nora Nuova", "role": ["AUDITOR"], "reason": ""}

    def test_opens_the_account_with_its_roles_and_mails_the_link(
        self, client: Client, center: Center, django_capture_on_commit_callbacks
    ) -> None:
        fields = self.fields | {"role": ["DATA_MANAGER", "AUDITOR"], "center": str(center.pk)}
        answer = client.post("/people/invite/", fields)
        user = User.objects.get(email="nora@example.test")
        assert answer["Location"] == f"/people/{user.pk}/"
        held = {(m.role, m.center) for m in user.memberships.all()}
        assert held == {("DATA_MANAGER", center), ("AUDITOR", None)}
        assert not user.has_usable_password()
        (message,) = mail.outbox
        assert message.to == ["nora@example.test"]
        assert "Ada Admin has opened an account" in message.body

        link = re.search(r"http://testserver(\S+)", message.body)[1]
        other = Client()
        form = other.get(link, follow=True)
        fields = {"password1": "a staple of horses", "password2": "a staple of horses"}
        other.post(form.redirect_chain[-1][0], fields)
        login = {"login": "nora@example.test", "password": "a staple of horses"}
        assert other.post("/accounts/login/", login)["Location"] == "/"

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"email": "no address"}, "Enter a valid email address."),
            ({"name": "  "}, "This field is required."),
            ({"role": []}, "Choose at least one role."),
            ({"role": ["KING"]}, "KING is not one of the available choices"),
            ({"role": ["MONITOR"]}, "Choose the center: this role is held at one."),
            ({"role": ["MONITOR"], "center": str(uuid4())}, "not one of the available choices"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, client: Client, change: dict, error: str
    ) -> None:
        answer = client.post("/people/invite/", self.fields | change)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert error in text
        assert f'value="{(self.fields | change)["email"]}"' in text
        assert not User.objects.filter(name="Nora Nuova").exists()
        assert mail.outbox == []

    def test_one_account_per_address(self, client: Client, administrator: User) -> None:
        answer = client.post("/people/invite/", self.fields | {"email": administrator.email.upper()})
        assert "There is an account with this address already." in answer.content.decode()
        assert answer.status_code == 422

    def test_account_and_roles_come_together_or_not_at_all(self, client: Client, monkeypatch) -> None:
        def refuse(*args: object, **kwargs: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("registry.views.people.actions.grant", refuse)
        client.raise_request_exception = False
        before = Event.objects.count()
        assert client.post("/people/invite/", self.fields).status_code == 500
        assert not User.objects.filter(email="nora@example.test").exists()
        assert Event.objects.count() == before

    def test_a_mail_that_cannot_be_sent_loses_nothing(self, client: Client, monkeypatch) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr("registry.actions.invitation.send_mail", fail)
        page = client.post("/people/invite/", self.fields, follow=True).content.decode()
        assert "The mail could not be sent" in page
        assert User.objects.filter(email="nora@example.test").exists()


class TestPerson:
    def test_role_is_given_and_ended_with_a_reason(self, client: Client, center: Center) -> None:
        user = factories.user(Role.AUDITOR)
        fields = {"role": "DATA_MANAGER", "center": str(center.pk), "reason": "replaces Dr. Verdi"}
        assert client.post(f"/people/{user.pk}/roles/", fields)["Location"] == f"/people/{user.pk}/"
        membership = Membership.objects.get(user=user, role="DATA_MANAGER", center=center, ended_at=None)
        event = Event.objects.latest("number")
        assert (event.action, event.reason, event.actor_name) == (
            Action.ROLE,
            "replaces Dr. Verdi",
            "Ada Admin",
        )
        client.post(f"/people/{user.pk}/roles/{membership.pk}/end/", {"reason": "left"})
        membership.refresh_from_db()
        assert membership.ended_at is not None

        page = page_of(client, user)
        assert "Role given: Data manager, IT042" in page
        assert "Role ended: Data manager, IT042" in page
        assert "replaces Dr. Verdi" in page
        held = page.split('id="roles"')[1].split("</section>")[0]
        assert f'data-opens="{membership.pk}"' not in held

    def test_role_without_center_or_reason_is_sent_back(self, client: Client) -> None:
        user = factories.user(Role.AUDITOR)
        answer = client.post(f"/people/{user.pk}/roles/", {"role": "MONITOR", "reason": ""})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Choose the center: this role is held at one." in text
        assert "This field is required." in text
        assert user.memberships.count() == 1

    def test_ending_a_role_needs_a_reason(self, client: Client) -> None:
        user = factories.user(Role.AUDITOR)
        membership = user.memberships.get()
        page = client.post(f"/people/{user.pk}/roles/{membership.pk}/end/", follow=True).content.decode()
        assert "Nothing was changed: give a reason." in page
        membership.refresh_from_db()
        assert membership.ended_at is None

    def test_a_role_of_somebody_else_is_not_found_here(self, client: Client) -> None:
        one, other = factories.user(Role.AUDITOR), factories.user(Role.STATISTICIAN)
        address = f"/people/{one.pk}/roles/{other.memberships.get().pk}/end/"
        assert client.post(address, {"reason": "x"}).status_code == 404
        assert other.memberships.get().ended_at is None

    def test_renamed(self, client: Client) -> None:
        user = factories.user(Role.AUDITOR, name="Before")
        client.post(f"/people/{user.pk}/name/", {"name": "After"})
        assert "Before → After" in page_of(client, user)
        refused = client.post(f"/people/{user.pk}/name/", {"name": " "})
        assert refused.status_code == 422
        assert User.objects.get(pk=user.pk).name == "After"

    def test_switched_off_and_on_with_a_reason(self, client: Client) -> None:
        user = factories.user(Role.AUDITOR)
        client.post(f"/people/{user.pk}/active/", {"active": "no", "reason": "on leave"})
        assert not User.objects.get(pk=user.pk).is_active
        page = page_of(client, user)
        assert "Account switched off" in page
        assert "on leave" in page
        assert "Send a link" not in page
        client.post(f"/people/{user.pk}/active/", {"active": "yes", "reason": "is back"})
        assert User.objects.get(pk=user.pk).is_active
        assert "Account switched on" in page_of(client, user)
        kept = client.post(f"/people/{user.pk}/active/", {"active": "no"}, follow=True)
        assert "Nothing was changed: give a reason." in kept.content.decode()
        assert User.objects.get(pk=user.pk).is_active

    def test_link_is_sent_again(self, client: Client) -> None:
        user = people.invite(factories.SYSTEM, "nora@example.test", "Nora Nuova")
        assert "Send the invitation again" in page_of(client, user)
        page = client.post(f"/people/{user.pk}/link/", follow=True).content.decode()
        assert "was sent to nora@example.test" in page
        assert "/accounts/password/reset/key/" in mail.outbox[0].body

    def test_nobody_changes_their_own_account(self, client: Client, administrator: User) -> None:
        page = page_of(client, administrator)
        assert 'aria-disabled="true"' in page
        assert "You may not change your own account or roles." in page
        assert "data-opens" not in page.split("<main")[1]
        own = f"/people/{administrator.pk}"
        posts = {
            f"{own}/roles/": {"role": "AUDITOR", "reason": "x"},
            f"{own}/name/": {"name": "Queen Ada"},
            f"{own}/active/": {"active": "no", "reason": "x"},
            f"{own}/roles/{administrator.memberships.get().pk}/end/": {"reason": "x"},
        }
        before = Event.objects.count()
        for address, fields in posts.items():
            assert client.post(address, fields).status_code == 403, address
        assert Event.objects.count() == before

    def test_what_the_action_refuses_is_shown_at_the_form(self, client: Client, monkeypatch) -> None:
        """The rules are the actions'; the forms only foresee them."""
        user = factories.user(Role.AUDITOR)

        def refuse(*args: object, **kwargs: object) -> None:
            raise InvalidEntries(
                {("user", 1, "name"): ["Too odd a name."], ("m", 1, "x"): ["No such role now."]}
            )

        monkeypatch.setattr("registry.views.people.actions.update", refuse)
        renamed = client.post(f"/people/{user.pk}/name/", {"name": "Odd"})
        assert (renamed.status_code, "Too odd a name." in renamed.content.decode()) == (422, True)
        monkeypatch.setattr("registry.views.people.actions.grant", refuse)
        given = client.post(f"/people/{user.pk}/roles/", {"role": "STATISTICIAN", "reason": "x"})
        assert (given.status_code, "No such role now." in given.content.decode()) == (422, True)

    def test_nobody_of_that_id(self, client: Client) -> None:
        assert client.get(f"/people/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_reach_nothing_here(center: Center, role: Role) -> None:
    user = factories.user(role, at=center)
    other = factories.user(Role.AUDITOR)
    client = Client()
    client.force_login(user)
    for address in ("/people/", "/people/invite/", f"/people/{other.pk}/"):
        assert client.get(address).status_code == 403, address
    before = Event.objects.count()
    for tail in ("name/", "active/", "link/", "roles/", f"roles/{other.memberships.get().pk}/end/"):
        assert client.post(f"/people/{other.pk}/{tail}", {"reason": "x"}).status_code == 403, tail
    assert Event.objects.count() == before
    assert mail.outbox == []
