"""A person at a web server, without a browser: cookies are kept, forms carry their CSRF token."""

import http.client
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from registry.models import User
from tests import factories

Fields = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """What the server sent."""

    status: int
    headers: Mapping[str, str]
    text: str


class Unanswered(Exception):
    """The connection ended before an answer came: nobody knows what was stored."""


class Visitor:
    """One client of the server at `port`; a connection per request, so that none outlives its worker."""

    # Longer than any request may take, so that one that hangs fails the test instead of waiting with it.
    PATIENCE = 30

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Fields, **headers: str) -> Answer:
        """Post a form, with the CSRF token of the cookie."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        body = urlencode({**token, **fields}, doseq=True)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, {**form, **headers})

    def ask(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] = {}) -> Answer:
        """One request.

        Raises
        ------
        Unanswered
            When the server died over it.
        """
        sent = dict(headers)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.PATIENCE)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(repr(error)) from error
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, dict(response.headers.items()), text)

    def log_in(self, user: User, password: str = factories.PASSWORD) -> "Visitor":
        """Log in on the page, as a person does."""
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": user.email, "password": password})
        assert answer.status == 302, (answer.status, re.findall(r"<title>(.*?)</title>", answer.text))
        return self
