"""The pages of releases: who may do what, what is logged, what leaves byte for byte."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics.models import Release
from analytics.models.release import ReleaseState
from analytics.releases.build import build_approved
from registry.models import Action, Case, Event, User
from registry.public import today
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
LIST, PROPOSE = reverse("release_list"), reverse("release_propose")
ClientOf = Callable[..., Client]


@pytest.fixture
def statistician(db: None) -> User:
    return factories.user(Role.STATISTICIAN)


@pytest.fixture
def coordinator(db: None) -> User:
    return factories.user(Role.COORDINATOR)


def propose(client: Client, **fields: str) -> Release:
    form = {"reason": "Analysis for the journal", "cutoff": today().isoformat(), "token": "once"} | fields
    answer = client.post(PROPOSE, form)
    assert answer.status_code == 302, answer.content.decode()
    return Release.objects.latest("number")


@pytest.fixture
def locked(case: Case, statistician: User, coordinator: User, client_of: ClientOf) -> Release:
    release = propose(client_of(user=statistician))
    client_of(user=coordinator).post(reverse("release_approve", args=[release.number]))
    build_approved()
    release.refresh_from_db()
    assert release.state == ReleaseState.LOCKED, release.failure
    return release


def url(name: str, release: Release) -> str:
    return reverse(f"release_{name}" if name else "release", args=[release.number])


class TestWhoSeesThem:
    @pytest.mark.parametrize(
        "role", [Role.DATA_MANAGER, Role.INVESTIGATOR, Role.MONITOR, Role.ADMINISTRATOR, Role.AUDITOR]
    )
    def test_not_who_has_no_business_there(
        self, role: Role, locked: Release, case: Case, client_of: ClientOf
    ) -> None:
        client = client_of(role, at=case.center)
        pages = [LIST, url("", locked), url("progress", locked), url("download", locked)]
        assert {client.get(page).status_code for page in pages} == {403}
        acts = [PROPOSE, url("approve", locked), url("reject", locked)]
        assert {client.post(page).status_code for page in acts} == {403}

    def test_nobody_without_a_login(self, locked: Release) -> None:
        for page in (LIST, url("", locked), url("progress", locked), url("download", locked)):
            assert Client().get(page)["Location"].startswith(reverse("account_login"))
        for page in (PROPOSE, url("approve", locked), url("reject", locked)):
            assert Client().post(page)["Location"].startswith(reverse("account_login"))

    def test_one_that_does_not_exist_is_not_found(self, client_of: ClientOf) -> None:
        client = client_of(Role.COORDINATOR, Role.STATISTICIAN)
        for name in ("", "progress", "download"):
            assert client.get(url(name, Release(number=99))).status_code == 404
        for name in ("approve", "reject"):
            assert client.post(url(name, Release(number=99))).status_code == 404


class TestProposing:
    def test_the_list_says_what_to_do_next(self, client_of: ClientOf) -> None:
        assert "Nothing is locked yet" in client_of(Role.STATISTICIAN).get(LIST).content.decode()

    def test_a_proposal_is_listed_with_who_and_why(self, statistician: User, client_of: ClientOf) -> None:
        client = client_of(user=statistician)
        propose(client)
        page = client.get(LIST).content.decode()
        assert statistician.name in page
        assert "Analysis for the journal" in page

    def test_a_second_submit_makes_no_second_release(self, statistician: User, client_of: ClientOf) -> None:
        client = client_of(user=statistician)
        assert propose(client) == propose(client)
        assert Release.objects.count() == 1

    def test_the_future_cannot_be_locked(self, client_of: ClientOf) -> None:
        client = client_of(Role.STATISTICIAN)
        tomorrow = (today() + timedelta(days=1)).isoformat()
        answer = client.post(PROPOSE, {"reason": "x", "cutoff": tomorrow, "token": "once"})
        assert answer.status_code == 422
        assert "cannot be in the future" in answer.content.decode()
        assert Release.objects.count() == 0

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_without_a_reason_what_was_typed_stays(self, reason: str, client_of: ClientOf) -> None:
        answer = client_of(Role.STATISTICIAN).post(
            PROPOSE, {"reason": reason, "cutoff": "2022-01-31", "token": "once"}
        )
        assert answer.status_code == 422
        assert "2022-01-31" in answer.content.decode()


class TestDeciding:
    def test_the_proposer_reads_why_not(self, coordinator: User, client_of: ClientOf) -> None:
        client = client_of(user=coordinator)
        release = propose(client)
        assert "somebody else has to approve it" in client.get(url("", release)).content.decode()
        answer = client.post(url("approve", release))
        assert answer.status_code == 403
        assert "somebody else has to approve it" in answer.content.decode()
        assert Release.objects.get().state == ReleaseState.PROPOSED

    def test_another_approves(self, statistician: User, coordinator: User, client_of: ClientOf) -> None:
        release = propose(client_of(user=statistician))
        client_of(user=coordinator).post(url("approve", release))
        assert Release.objects.get().state == ReleaseState.APPROVED

    def test_who_comes_second_is_told(
        self, statistician: User, coordinator: User, client_of: ClientOf
    ) -> None:
        release = propose(client_of(user=statistician))
        client = client_of(user=coordinator)
        client.post(url("approve", release))
        for name, data in (("approve", {}), ("reject", {"reason": "x"})):
            answer = client.post(url(name, release), data, follow=True)
            assert "is approved already" in answer.content.decode()

    def test_rejecting_needs_a_reason(
        self, statistician: User, coordinator: User, client_of: ClientOf
    ) -> None:
        release = propose(client_of(user=statistician))
        client = client_of(user=coordinator)
        answer = client.post(url("reject", release), {"reason": " "}, follow=True)
        assert "Say why" in answer.content.decode()
        client.post(url("reject", release), {"reason": "Too early"})
        assert "Too early" in client.get(url("", release)).content.decode()

    def test_progress_is_sent_only_when_it_moves(
        self, statistician: User, coordinator: User, client_of: ClientOf
    ) -> None:
        release = propose(client_of(user=statistician))
        client = client_of(user=coordinator)
        client.post(url("approve", release))
        state = client.get(url("", release)).context["progress_state"]
        assert client.get(url("progress", release), {"state": state}).status_code == 204
        Release.objects.update(state=ReleaseState.BUILDING, step=3, steps=10, doing="Codebook")
        moved = client.get(url("progress", release), {"state": state}).content.decode()
        assert 'max="10" value="3"' in moved
        assert "Codebook" in moved

    def test_a_failure_is_told(self, statistician: User, coordinator: User, client_of: ClientOf) -> None:
        release = propose(client_of(user=statistician))
        client = client_of(user=coordinator)
        client.post(url("approve", release))
        Release.objects.update(failure="The disk is full.", retry_at=timezone.now())
        assert "The disk is full." in client.get(url("", release)).content.decode()


class TestDownloading:
    def download(self, client: Client, release: Release) -> bytes:
        answer = client.get(url("download", release))
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    def test_it_is_the_same_every_time_and_logged_every_time(
        self, locked: Release, statistician: User, client_of: ClientOf
    ) -> None:
        client = client_of(user=statistician)
        stored = locked.bundle_path.read_bytes()
        assert self.download(client, locked) == self.download(client, locked) == stored
        events = Event.objects.filter(action=Action.EXPORT)
        assert [(e.actor_name, e.row_id) for e in events] == 2 * [(statistician.name, str(locked.number))]

    def test_its_name_and_tag_say_what_it_is(
        self, locked: Release, statistician: User, client_of: ClientOf
    ) -> None:
        answer = client_of(user=statistician).get(url("download", locked))
        assert locked.bundle_name in answer["Content-Disposition"]
        assert answer["ETag"] == f'"{locked.sha256}"'
        b"".join(answer.streaming_content)

    def test_what_one_has_already_is_neither_sent_nor_logged(
        self, locked: Release, statistician: User, client_of: ClientOf
    ) -> None:
        answer = client_of(user=statistician).get(
            url("download", locked), headers={"If-None-Match": f'"{locked.sha256}"'}
        )
        assert answer.status_code == 304
        assert not Event.objects.filter(action=Action.EXPORT).exists()

    def test_a_coordinator_sees_contents_and_checksums_but_does_not_download(
        self, locked: Release, coordinator: User, client_of: ClientOf
    ) -> None:
        client = client_of(user=coordinator)
        page = client.get(url("", locked)).content.decode()
        assert locked.sha256 in page
        assert all(each["sha256"] in page for each in locked.contents)
        assert client.get(url("download", locked)).status_code == 403

    def test_what_is_not_locked_cannot_be_downloaded(self, statistician: User, client_of: ClientOf) -> None:
        client = client_of(user=statistician)
        assert client.get(url("download", propose(client))).status_code == 404

    def test_a_damaged_bundle_is_not_given_away(
        self, locked: Release, statistician: User, client_of: ClientOf
    ) -> None:
        locked.bundle_path.chmod(0o600)
        with locked.bundle_path.open("r+b") as file:
            file.write(b"XX")
        answer = client_of(user=statistician).get(url("download", locked), follow=True)
        assert "damaged" in answer.content.decode()
        assert not Event.objects.filter(action=Action.EXPORT).exists()
