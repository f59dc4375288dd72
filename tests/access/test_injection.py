"""S2: SQL, wherever something is read, is a word that is not found: no 5xx, no foreign row."""

import json
import random
import re
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.http import HttpResponse

from tests.access import html_forms, matrix, routes
from tests.access.test_foreign import _secrets
from tests.access.world import ANONYMOUS, OWN, PEOPLE, World
from tests.faults.scale import scaled

LINES = matrix.read()
GETS = sorted({route for route, method in LINES if method == "GET"})

INJECTIONS = (
    "' OR '1'='1",
    "1 OR 1=1 --",
    "') OR ('1'='1",
    "'; DROP TABLE registry_case; --",
    "x' UNION SELECT * FROM registry_case --",
    "1; SELECT pg_sleep(9)",
    "(SELECT patient_code FROM registry_case LIMIT 1)",
    "-patient_code, (SELECT 1)",
    "case__center__center_name",
    "?",
    "%",
    "_",
    "%s %(x)s {0}",
    '" OR ""="',
    "`; --",
    "\\' OR 1=1 #",
    "0x27 OR 1",
    "ʼ OR ʼ1ʼ=ʼ1",
    "9" * 400,
    "1e999",
    "-1",
    "[]",
    '{"$ne": null}',
    "null",
    "\ud7ff\U0001f9ec" * 200,
)
# What Django's own queries, its admin and the API's pages would understand, were it passed on.
UNDERSTOOD = (
    "_connector", "_negated", "o", "p", "q", "all", "limit", "cursor", "offset", "fields", "order_by",
    "pk__in", "id__regex", "case__center__exact", "center__isnull", "center__center_name__startswith",
    "patient_code__contains", "values__hb__gt", "center_id",
)  # fmt: skip
_READ = re.compile(r"""(?:GET|POST|given|query_params|post)(?:\.get\(|\.getlist\(|\[)"(\w+)\"""")
# Of the first version, with which a row is found and what is sent for it is read.
_FIRST = {"HTTP_IF_MATCH": '"1"'}
_DECLARED = re.compile(r"^    (\w+) = forms\.\w+Field\(", re.MULTILINE)


def parameters() -> list[str]:
    """Every name that is read from an address, as the code has it, and some that none reads."""
    folders = [Path(settings.BASE_DIR, each) for each in ("registry", "analytics")]
    sources = [path.read_text() for folder in folders for path in folder.rglob("*.py")]
    found = {name for text in sources for pattern in (_READ, _DECLARED) for name in pattern.findall(text)}
    assert {"order", "search", "before", "center", "person"} <= found
    return sorted(found | set(UNDERSTOOD))


NAMES = parameters()


def test_no_parameter_of_an_address(world: World):
    dealt = count()
    for line, route, who in _open(world):
        query = dict.fromkeys(NAMES, _next(dealt))
        _check(world, world.ask(who, "GET", f"{world.path(route, OWN)}?{urlencode(query)}"), line, query)


@pytest.mark.faults
@pytest.mark.parametrize("line", GETS)
def test_no_parameter_by_itself(world: World, line: str):
    """Where the first that is wrong hides what the others would do."""
    pairs = random.Random(line).sample([*product((*NAMES, *INJECTIONS), INJECTIONS)], scaled(60))
    for _line, route, who in _open(world, [line]):
        for pair in pairs:
            _check(world, world.ask(who, "GET", f"{world.path(route, OWN)}?{urlencode([pair])}"), line, pair)


def test_no_part_of_an_address(world: World):
    """Names of forms, cohorts and figures, and the keys of the admin, which are any text."""
    asked, dealt = 0, count()
    for line, route, who in _open(world):
        own = world.values(route, OWN)
        for name in re.findall(r"<(?:str|slug|path):(\w+)>", route):
            for text in (_next(dealt), _next(dealt), _next(dealt)):
                path = routes.address(route, **own | {name: quote(text, safe="")})
                _check(world, world.ask(who, "GET", path), line, text)
                asked += 1
    assert asked > 50


@pytest.mark.faults
def test_no_field_of_a_form(world: World):
    """Every form of every page, searches that are posted among them, with SQL in each field and name."""
    dealt, sent = count(), 0
    for line, route, who in _open(world):
        page = world.path(route, OWN)
        for form in html_forms.posting(world.ask(who, "GET", page).text_content):
            if "logout" in form.action:
                continue
            filled = {name: _next(dealt) for name in form.fields if name != "csrfmiddlewaretoken"}
            body = urlencode(filled | {_next(dealt): _next(dealt), "_connector": "OR"})
            options = {"data": body, "content_type": "application/x-www-form-urlencoded"}
            _check(world, world.ask(who, "POST", form.action or page, **options), line, filled)
            sent += 1
    assert sent > 50


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "cases/", {"center": "{}", "forms": {"enrolment": {"enrolment_mode": "{}"}}}),
        ("POST", "cases/", {"center": "OWN", "forms": {"{}": {"{}": "{}"}}, "confirm": "{}"}),
        ("POST", "cases/", {"center": "OWN", "forms": {"enrolment": {"{}": {"value": "{}", "{}": "{}"}}}}),
        ("POST", "cases/bulk/", {"cases": [{"center": "{}", "forms": {"{}": ["{}"]}, "{}": "{}"}]}),
        ("POST", "CASE/forms/adverse_event/", {"entries": {"ae_term": "{}"}, "reason": "{}"}),
        ("POST", "CASE/forms/adverse_event/", {"entries": {"ae_onset": {"missing": "{}", "unit": "{}"}}}),
        ("POST", "CASE/forms/adverse_event/", {"entries": {"_connector": "OR", "pk__in": ["{}"]}}),
        ("POST", "CASE/forms/adverse_event/", {"entries": {}, "confirmations": {"{}": "{}"}}),
        ("POST", "CASE/forms/adverse_event/", {"entries": {"{}": "{}"}, "_connector": "OR"}),
        ("PATCH", "CASE/forms/baseline/1/", {"entries": {"hb": "{}", "case__center": "{}"}, "reason": "{}"}),
        ("PATCH", "CASE/forms/baseline/1/", {"entries": {"hb": {"value": "{}", "unit": "{}"}}}),
        ("POST", "CASE/forms/baseline/1/removal/", {"reason": "{}"}),
        ("PUT", "CASE/own-reference/", {"text": "{}"}),
        ("POST", "CASE/queries/", {"form": "{}", "seq": "{}", "variable": "{}", "question": "{}"}),
        ("POST", "CASE/queries/", {"form": "baseline", "seq": 1, "variable": "{}", "question": "{}"}),
        ("POST", "CASE/queries/QUERY/", {"step": "{}", "text": "{}", "_connector": "OR"}),
    ],
)  # fmt: skip
def test_no_key_or_value_of_a_body(world: World, method: str, address: str, body: dict[str, Any]):
    """What the API reads, keys, values and headers."""
    path = "/api/v1/" + address.replace("CASE", f"cases/{world.cases[OWN].pk}").replace(
        "QUERY", str(world.questions[OWN].pk)
    )
    for number, text in enumerate(INJECTIONS):
        filled = json.dumps(_filled(body, text)).replace('"OWN"', f'"{world.center}"')
        header = quote(text)[:200]
        headers = {"HTTP_IF_MATCH": header, "HTTP_IDEMPOTENCY_KEY": header} if number % 3 else _FIRST
        answer = world.ask(
            "data_manager", method, path, data=filled, content_type="application/json", **headers
        )
        _check(world, answer, path, filled)


def _open(world: World, lines: list[str] = GETS) -> Iterator[tuple[str, str, str]]:
    """Every page with somebody it is open to, those who see patients first."""
    for line in lines:
        who = next(
            (each for each in PEOPLE if each != ANONYMOUS and LINES[line, "GET"].lets_in(each)), ANONYMOUS
        )
        yield line, routes.unfolded(line)[0], who


def _next(dealt: "count[int]") -> str:
    return INJECTIONS[next(dealt) % len(INJECTIONS)]


def _filled(body: Any, text: str) -> Any:
    if isinstance(body, dict):
        return {_filled(key, text): _filled(value, text) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(each, text) for each in body]
    return text if body == "{}" else body


def _check(world: World, response: HttpResponse, where: str, sent: object) -> None:
    assert response.status_code < 500, (where, sent)
    # Those who read events read which case they are about, by an id that says nothing.
    secrets = [each for each in _secrets(world) if "audit" not in where and "event" not in where]
    assert not [each for each in secrets if each in response.text_content], (where, sent)
