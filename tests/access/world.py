"""Two centers, one person per role, and one object of every kind a route can name."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from analytics.extraction.cohorts import COHORTS
from analytics.models import Release
from analytics.models.release import ReleaseState
from analytics.releases import workflow
from registry.actions import import_batch
from registry.audit.actor import Actor
from registry.imports.work import work_on_imports
from registry.models import CASE_ROWS, Case, Center, CheckRules, DataQuery, Event, ImportBatch, User
from registry.terminology.roles import Role
from tests import factories
from tests.access import routes
from tests.registry.imports.workbooks import sheets_to_bytes

ANONYMOUS = "anonymous"
PEOPLE = (ANONYMOUS, *(role.value.lower() for role in Role))
OWN, FOREIGN, MISSING = "own", "foreign", "missing"

# Patient values that stand nowhere but in the foreign case.
CANARIES = {
    "prior_line_drug": {"drug": "OTHER", "drug_other_text": "canary-drug"},
    "adverse_event": {"ae_term": "OTHER", "ae_other_text": "canary-event", "ae_grade": "3"},
}
CANARY_NUMBER = "13.579"
NOWHERE = uuid.UUID(int=1)


@dataclass
class World:
    """What the requests of the access tests are about; `users` and `clients` by name in `PEOPLE`."""

    center: Center
    other: Center
    cases: dict[str, Case]
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    person: User | None = None
    questions: dict[str, DataQuery] = field(default_factory=dict)
    imports: dict[str, ImportBatch] = field(default_factory=dict)
    rules: CheckRules | None = None
    proposal: Release | None = None
    locked: Release | None = None

    def ask(self, who: str, method: str, path: str, **options: Any) -> HttpResponse:
        """Send a request and undo whatever it did."""
        client = self.clients[who]
        session = client.cookies.copy()
        with transaction.atomic():
            response = client.generic(method, path, **options)
            response.text_content = _text(response)
            transaction.set_rollback(True)
        client.cookies = session
        return response

    def path(self, route: str, whose: str) -> str:
        """An address of `route` that names one's own object, somebody else's, or one that is not there."""
        return routes.address(route, **self.values(route, whose))

    def values(self, route: str, whose: str) -> dict[str, object]:
        """What fills the parameters of `route`."""
        return {name: self._value(route, name, whose) for name in routes.places(route)}

    def has_foreign(self, route: str) -> bool:
        """Whether an address of `route` can name somebody else's patient or center."""
        own, foreign = (self.values(route, whose) for whose in (OWN, FOREIGN))
        return own != foreign

    def _value(self, route: str, name: str, whose: str) -> object:
        if name == "object_id":
            return self._object(route.split("/")[2], whose)
        if name == "case_id":
            return NOWHERE if whose == MISSING else self.cases[whose].pk
        known: dict[str, Callable[[], object]] = {
            "form": lambda: (
                "response" if any(part in route for part in ("<int:seq>", "/new/", "/grid/")) else "baseline"
            ),
            "seq": lambda: 1,
            "rules_id": lambda: self.rules.pk,
            "batch_id": lambda: NOWHERE if whose == MISSING else self.imports[whose].pk,
            "query_id": lambda: NOWHERE if whose == MISSING else self.questions[whose].pk,
            "user_id": lambda: self.person.pk,
            "membership_id": lambda: self.person.memberships.get().pk,
            "cohort": lambda: next(iter(COHORTS)),
            "key": lambda: "os",
            "snapshot_id": lambda: 1,
            "number": lambda: self._number(route),
        }
        assert name in known, f"tests/access/world.py has no value for <{name}> of {route}"
        return known[name]()

    def _number(self, route: str) -> int:
        if route.startswith("audit/"):
            return Event.objects.earliest("number").number
        return self.locked.pk if route.endswith("/download/") else self.proposal.pk

    def _object(self, model: str, whose: str) -> object:
        if whose == MISSING and model in _OF_A_CENTER:
            return NOWHERE
        center = self.other if whose == FOREIGN else self.center
        case = self.cases[OWN if whose == MISSING else whose]
        match model:
            case "case":
                return case.pk
            case "center":
                return center.pk
            case "centerlabref":
                return center.labrefs.get().pk
            case "user":
                return self.person.pk
            case "membership":
                return self.person.memberships.get().pk
            case "event":
                return Event.objects.earliest("number").number
        row = CASE_ROWS[routes.ROWS[model]]
        return row.objects.filter(case=case).scoped().first().pk


def _text(response: HttpResponse) -> str:
    """The body of any response, read to its end so that no file stays open."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace")


_OF_A_CENTER = {"case", "center", "centerlabref", *routes.ROWS}


def build() -> World:
    """Make the world; call it inside a transaction that is rolled back."""
    center, other = factories.center(), factories.center()
    cases = {OWN: factories.case(center), FOREIGN: factories.case(other)}
    factories.row(cases[OWN], "adverse_event", {"ae_term": "NEUT", "ae_grade": "3"})
    for form, entries in CANARIES.items():
        factories.row(cases[FOREIGN], form, entries)
    factories.row(
        cases[FOREIGN], "baseline", {"hb": CANARY_NUMBER}, seq=1, version=1, complete=True, reason="canary"
    )
    world = World(center, other, cases, clients={ANONYMOUS: Client(raise_request_exception=False)})
    for role in Role:
        user = factories.user(role, at=center)
        client = Client(raise_request_exception=False)
        client.force_login(user)
        _just_gave_the_password(client, user)
        world.users[role.value.lower()], world.clients[role.value.lower()] = user, client
    world.rules = factories.counted_rules(isa_mgkg_max=10, isa_mgkg_min=10)
    world.questions = {
        whose: factories.question(case, "baseline", "hb", by=Actor.person(world.users["monitor"]))
        if whose == OWN
        else factories.question(case, "baseline", "hb")
        for whose, case in cases.items()
    }
    for whose, case in cases.items():
        hemoglobin = CANARY_NUMBER if whose == FOREIGN else "9.9"
        sheet = {"baseline": [{"patient_code": case.patient_code, "hb": hemoglobin, "weight_kg": "70"}]}
        world.imports[whose] = import_batch.upload(
            factories.SYSTEM, case.center, f"{whose}.xlsx", sheets_to_bytes(sheet)
        )
    work_on_imports()
    world.person = factories.user(Role.MONITOR, at=center)
    world.proposal = workflow.propose(
        Actor.person(world.users["statistician"]), reason="a proposal", cutoff=date(2025, 1, 1), token="token"
    )
    world.locked = _locked()
    return world


def _just_gave_the_password(client: Client, user: User) -> None:
    """So that pages which ask for it again show themselves."""
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    record_authentication(request, user, "password", reauthenticated=True)
    # Good for five minutes; the tests may take longer.
    request.session["account_authentication_methods"][-1]["at"] += 24 * 60 * 60
    request.session.save()


def _locked() -> Release:
    bundle = b"a bundle"
    now = timezone.now()
    release = Release(
        state=ReleaseState.LOCKED,
        reason="locked",
        cutoff=date(2025, 1, 1),
        token="another token",
        proposed_at=now,
        proposed_by_id="1",
        proposed_by="one person",
        decided_at=now,
        decided_by_id="2",
        decided_by="another",
        secret="secret",
        data_version=1,
        locked_at=now,
        sha256=hashlib.sha256(bundle).hexdigest(),
        size=len(bundle),
    )
    release.save(force_insert=True)
    release.bundle_path.parent.mkdir(parents=True, exist_ok=True)
    release.bundle_path.write_bytes(bundle)
    return release
