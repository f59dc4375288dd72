"""`manage.py serve` on the database of a test: what people work with, and the people who do."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import islice
from pathlib import Path
from urllib.error import URLError

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from registry.actions import case as case_actions
from registry.audit.actor import Actor
from registry.management.commands.create_demo_users import PASSWORD
from registry.management.study_cohort.cohort import synthetic_cases
from registry.management.supervisor.process_tree import tail
from registry.management.synthetic_centers import synthetic_centers
from tests.browser.conftest import DESKTOP, PHONE
from tests.faults.stack import PROJECT, server_environment
from tests.registry.supervisor.processes import alive, descendants, wait_until

# The machine may be doing something else as well.
PATIENCE = 120_000


class Person:
    """Somebody at their own browser, to whom nothing goes wrong unseen."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.complaints: list[str] = []
        self._context = browser.new_context(
            viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="en-GB", accept_downloads=True
        )
        self._context.set_default_timeout(PATIENCE)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        # Violations of the content security policy are among the errors.
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def log_in(self, name: str) -> Page:
        """Log the demo person of this name in; return the page they land on."""
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.get_by_label("Email").fill(f"{name}@demo.test")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.locator(".user-toggle")).to_be_visible(timeout=PATIENCE)
        return self.page

    def leave(self) -> None:
        self._context.close()


class Served:
    """The registry as `manage.py serve` runs it, on the rows that the test commits."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.folder, self._browser = folder, browser
        self._people: list[Person] = []
        folder.mkdir()
        if connection.vendor == "sqlite":
            # The server finds the file of the test under the name that its settings give it.
            (folder / "registry.sqlite3").symlink_to(connection.settings_dict["NAME"])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "serve.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--no-demo", "--port", str(port)],
                cwd=PROJECT,
                env={**os.environ, **server_environment(folder), "DATA_DIR": str(folder), "LOG_LEVEL": "INFO"}
                | {"DJANGO_SETTINGS_MODULE": "registry.settings"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Wait until it answers."""

        def answers() -> bool:
            assert self._process.poll() is None, tail(self._log, 40)
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    return bool(answer.status == 200)
            except (URLError, TimeoutError, ConnectionError):
                return False

        assert wait_until(answers, PATIENCE / 1000), tail(self._log, 40)

    def person(self, name: str) -> Page:
        """A demo person, logged in, in a browser context of their own."""
        person = Person(self._browser, self.url)
        self._people.append(person)
        return person.log_in(name)

    @property
    def complaints(self) -> list[str]:
        """What any of their browsers complained about."""
        return [line for person in self._people for line in person.complaints]

    def end(self) -> None:
        """Stop it as Ctrl-C does; nothing may stay behind."""
        for person in self._people:
            person.leave()
        children = descendants(self._process.pid)
        self._process.terminate()
        try:
            self._process.wait(60)
        finally:
            self._process.kill()
        assert wait_until(lambda: not alive(children), 10), tail(self._log, 40)


@pytest.fixture
def served(
    transactional_db: None, tmp_path: Path, browser: Browser, enter_patients: Callable[[], None]
) -> Iterator[Served]:
    """The registry on `enter_patients`, with a demo login per role."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        call_command("create_demo_users", stdout=StringIO())
    enter_patients()
    made = Served(tmp_path / "data", browser)
    try:
        made.wait()
        yield made
    finally:
        made.end()
    assert made.complaints == []


def enter_synthetic(count: int) -> None:
    """Enter the first patients of the synthetic cohort, all of them daratumumab-refractory up to the 51st."""
    actor = Actor.system("tests")
    centers = synthetic_centers(actor)
    for case in islice(synthetic_cases(), count):
        case_actions.enter(
            actor,
            centers[case.center_code],
            case.forms,
            complete=case.complete,
            confirm="As generated.",
            synthetic=True,
        )


def look(page: Page, *, phone: bool = True) -> None:
    """Assert, wide and on a phone, that axe finds nothing, and that nothing hangs over the right edge."""
    for size in (DESKTOP, PHONE) if phone else (DESKTOP,):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url} at {size}\n{results.generate_report()}"
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), f"{page.url} scrolls sideways at {size}"
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
