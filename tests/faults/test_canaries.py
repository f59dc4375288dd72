"""S14: what is entered, and with what one logs in, shows in no log, URL, error page, broker or session."""

import base64
import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps, loads

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from analytics.models import Release
from analytics.models.release import ReleaseState
from registry.models import CASE_ROWS, Case, Event, User
from registry.terminology.roles import Role
from registry.today import today
from tests import factories
from tests.faults.canaries import Canaries
from tests.faults.entries import as_posted
from tests.faults.scale import say, scaled
from tests.faults.stack import Stack, is_current, person, wait_until_current
from tests.faults.visitor import Answer, Visitor
from tests.registry.supervisor.processes import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])]

# Every attribute of a page that a browser may turn into a request.
_ADDRESS = re.compile(r"""\b(?:href|src|action|formaction|hx-[a-z-]+|data-[a-z-]+)=["']([^"']*)["']""")
_HEADERS = (
    "Location",
    "Content-Location",
    "Link",
    "Refresh",
    "HX-Replace-Url",
    "HX-Push-Url",
    "HX-Redirect",
)
PAGES_PER_ROUTE = scaled(20)


class Watched(Visitor):
    """A visitor who keeps every address the server hands out and every page that says what went wrong."""

    def __init__(self, port: int, addresses: list[str], errors: list[str]) -> None:
        super().__init__(port)
        self.addresses, self.errors = addresses, errors

    def ask(self, *args, **options) -> Answer:
        answer = super().ask(*args, **options)
        self.addresses += [answer.headers[name] for name in _HEADERS if name in answer.headers]
        if "html" in answer.headers.get("Content-Type", ""):
            # What a page keeps for its own script and posts back is no address.
            self.addresses += [
                each for each in _ADDRESS.findall(answer.text) if each.startswith(("/", "?", "http"))
            ]
        if answer.status in (400, 403, 404, 405, 500):
            self.errors.append(f"{answer.status} {answer.headers} {answer.text}")
        return answer

    def crawl(self, *starts: str) -> int:
        """Follow every link from these pages, some of each kind; return how many pages were opened."""
        waiting, seen, kinds = list(starts), set(), Counter()
        while waiting:
            path = waiting.pop(0).split("#")[0]
            kind = re.sub(r"[0-9a-f-]{36}|\d+|=[^&]*", "…", path)
            if path in seen or not path.startswith("/") or path.startswith(("/static/", "//")):
                continue
            seen.add(path)
            if kinds[kind] == PAGES_PER_ROUTE:
                continue
            kinds[kind] += 1
            answer = self.get(path)
            assert answer.status < 500, path
            if "html" in answer.headers.get("Content-Type", ""):
                links = re.findall(r"""href=["']([^"']*)["']""", answer.text)
                waiting += [_absolute(link.replace("&amp;", "&"), path) for link in links]
        return kinds.total()


def _absolute(link: str, page: str) -> str:
    return page.split("?")[0] + link if link.startswith("?") else link


@contextmanager
def failing_database(table: str, secret: str, when: str = "UPDATE") -> Iterator[None]:
    """Let writes to a table fail, with a message that quotes a patient's data as databases do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            fail = f"SELECT RAISE(ABORT, 'Key ({secret})')"
            cursor.execute(f"CREATE TRIGGER proof_fails BEFORE {when} ON {table} BEGIN {fail}; END")
            undo = ["DROP TRIGGER proof_fails"]
        else:
            cursor.execute(
                "CREATE FUNCTION proof_fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION 'Key ({secret})' USING ERRCODE = 'unique_violation'; END $$"
            )
            each = "FOR EACH ROW EXECUTE FUNCTION proof_fails()"
            cursor.execute(f"CREATE TRIGGER proof_fails BEFORE {when} ON {table} {each}")
            undo = [f"DROP TRIGGER proof_fails ON {table}", "DROP FUNCTION proof_fails"]
        yield
        for statement in undo:
            cursor.execute(statement)


def everything_in_broker(stack: Stack) -> str:
    """Every key of every database of the broker with its value."""
    with stack.broker.client() as client:
        read = {
            b"string": client.get,
            b"list": lambda key: client.lrange(key, 0, -1),
            b"hash": client.hgetall,
            b"set": client.smembers,
            b"zset": lambda key: client.zrange(key, 0, -1),
        }
        found = [(key, read[client.type(key)](key)) for key in client.scan_iter()]
    assert found, "nothing is in the broker: this would prove nothing"
    # A message's body is base64 in JSON.
    text = repr(found)
    return text + "".join(_decoded(each) for each in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text))


def _decoded(text: str) -> str:
    return base64.b64decode(text + "=" * (-len(text) % 4)).decode("latin-1")


def sessions_and_cache() -> str:
    """What is kept between requests: sessions decoded, rate limits, Django's own admin log."""
    sessions = [SessionStore().decode(each.session_data) for each in Session.objects.all()]
    assert sessions
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM registry_cache")
        cached = "".join(f"{key} {_decoded(value)}" for key, value in cursor.fetchall())
    return dumps(sessions, default=str) + cached + repr(list(LogEntry.objects.values_list()))


def enter(visitor: Visitor, canaries: Canaries, case: Case) -> None:
    """Type a canary into every question of every form: first wrongly, then rightly."""
    refused = 0
    for form, model in CASE_ROWS.items():
        answers = as_posted(canaries.answers(model.variables))
        numbers = [each.name for each in model.variables if each.kind in ("decimal", "date", "integer")]
        page = reverse("form_row_new" if model.form.repeating else "form", args=[case.pk, form])
        # A wrong answer to a question that does not apply is set aside.
        for typed in (answers | {name: canaries.text() for name in numbers}, answers):
            row = None if model.form.repeating else model.objects.filter(case=case).scoped().first()
            bookkeeping = {
                "present": list(answers),
                "reason": canaries.text(),
                "do": "draft",
                "version": str(row.version) if row else "",
                "token": uuid.uuid4().hex,
            }
            saved = visitor.post(page, {**typed, **bookkeeping})
            refused += saved.status == 422
        assert saved.status == 302, (form, re.findall(r"error.{0,200}", saved.text)[:9])
    assert refused > len(CASE_ROWS) / 2


def use_api(visitor: Visitor, canaries: Canaries, user: User, password: str, case: Case) -> None:
    """Log in, read, and make mistakes."""
    json = {"Content-Type": "application/json"}
    login = {"email": user.email, "password": password}
    for body in (
        dumps({**login, "password": canaries.text()}),
        dumps(login)[:-3],
        dumps({"email": canaries.text()}),
    ):
        assert visitor.ask("POST", "/api/v1/auth/login/", body, json).status in (400, 401, 403)
    answer = visitor.ask("POST", "/api/v1/auth/login/", dumps(login), json)
    assert answer.status == 200, answer.text
    token = {"Authorization": f"Token {loads(answer.text)['token']}"}
    content = visitor.get(f"/api/v1/cases/{case.pk}/", **token).text
    assert canaries.numbers & canaries.found_in(content), (
        "the API shows none of them: this would prove nothing"
    )
    visitor.get("/api/v1/cases/", **token)
    visitor.get("/api/v1/reports/all_isapd/", **token)
    visitor.get(f"/api/v1/cases/{uuid.uuid4()}/", **token)
    visitor.get("/api/v1/cases/", Authorization=f"Token {canaries.text()}")


def make_mistakes(visitor: Visitor, canaries: Canaries, case: Case) -> None:
    """404, 403 and a form without its token; the address and the body hold what must not be repeated."""
    address = reverse("form", args=[case.pk, "baseline"])
    assert visitor.get(f"/cases/{uuid.uuid4()}/").status == 404
    assert visitor.get(f"/cases/{canaries.text()}/").status == 404
    assert visitor.get(f"/cases/?search={canaries.text()}").headers["Location"] == "/cases/"
    assert visitor.get("/people/").status == 403
    assert visitor.post("/cases/", {"search": case.patient_code}).status == 200
    fields = {"hb": canaries.text(), "ldh": canaries.text(), "csrfmiddlewaretoken": canaries.text()}
    assert visitor.post(address, fields).status == 403


def test_s14_patients_data_show_nowhere_they_do_not_belong(stack: Stack, capsys) -> None:
    """S14: 0 hits."""
    canaries, secret = Canaries(random.Random(14)), Canaries(random.Random(15))
    password = secret.text()
    at = factories.center()
    manager = person(
        Role.DATA_MANAGER, Role.INVESTIGATOR, at=at, password=password, email=f"{secret.text()}@example.test"
    )
    statistician, coordinator = person(Role.STATISTICIAN), person(Role.COORDINATOR)
    factories.case(at)
    stack.start("worker", "beat", "web")
    addresses: list[str] = []
    errors: list[str] = []

    def visit(user: User, with_password: str = factories.PASSWORD) -> Watched:
        return Watched(stack.port, addresses, errors).log_in(user, with_password)

    stranger = Watched(stack.port, addresses, errors)
    stranger.get("/accounts/login/")
    stranger.post("/accounts/login/", {"login": manager.email, "password": secret.text()})
    visitor = visit(manager, password)

    case = factories.empty_case(at)
    canaries.texts |= {case.patient_code}
    enter(visitor, canaries, case)
    pages = visitor.crawl("/", reverse("case", args=[case.pk]), "/admin/")
    use_api(stranger, canaries, manager, password, case)
    make_mistakes(visitor, canaries, case)
    page = reverse("form", args=[case.pk, "baseline"])
    version = CASE_ROWS["baseline"].objects.filter(case=case).scoped().get().version
    change = {
        "present": "hb",
        "hb": "11.1",
        "version": str(version),
        "do": "draft",
        "token": uuid.uuid4().hex,
    }
    with failing_database("registry_baseline", canaries.text()):
        assert visitor.post(page, change).status == 500

    # A worker that fails over a patient's data says no more than a page does.
    wait_until_current(stack)
    with failing_database("analytics_reportsnapshot", canaries.text(), when="INSERT"):
        assert visitor.post(page, change).status == 302
        assert wait_until(lambda: "analytics.tasks.recompute_if_behind" in failures(stack), 60)
    wait_until_current(stack)

    asking, deciding = visit(statistician), visit(coordinator)
    asking.get("/releases/")
    fields = {"reason": "proof", "cutoff": today().isoformat(), "token": uuid.uuid4().hex}
    assert asking.post(reverse("release_propose"), fields).status == 302
    number = Release.objects.get().number
    assert deciding.post(reverse("release_approve", args=[number]), {}).status == 302
    assert wait_until(lambda: Release.objects.get().state == ReleaseState.LOCKED, 120)
    pages += asking.crawl("/", reverse("release", args=[number])) + deciding.crawl("/", "/audit/")

    # Ticks pile up when nobody takes them: something is in the broker.
    with stack.suspended("worker"):
        time.sleep(2)
        broker = everything_in_broker(stack)

    assert Event.objects.filter(case_id=str(case.pk)).count() > len(CASE_ROWS)
    assert is_current()
    assert len(errors) >= 6
    everything = {
        "logs": stack.logs,
        "addresses": "\n".join(addresses),
        "error pages": "\n".join(errors),
        "broker": broker,
        "sessions": sessions_and_cache(),
    }
    hits = [
        where(each, place, text) for place, text in everything.items() for each in canaries.found_in(text)
    ]
    leaks = [
        where(each, place, text)
        for place, text in everything.items()
        for each in secret.found_in(text)
        # allauth keeps in the session by which address one logged in.
        if (place, each) != ("sessions", manager.email.split("@")[0])
    ]
    sizes = ", ".join(f"{place} {len(text) // 1000} kB" for place, text in everything.items())
    say(capsys, f"{len(canaries.all)} canaries on {pages} pages; searched {sizes}")
    assert not hits + leaks, "\n".join(hits + leaks)


def where(value: str, place: str, text: str) -> str:
    """A value with what stands around it."""
    start = text.index(value)
    return f"{place}: …{text[max(0, start - 200) : start + 100]}…"


def failures(stack: Stack) -> str:
    """Lines of the worker's log that say a task failed."""
    lines = stack.log("worker").read_text().splitlines()
    return "\n".join(line for line in lines if '"error"' in line or '"critical"' in line)
