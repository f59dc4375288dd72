"""What is done before anything is started: database, static files, demo data."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DEFAULT_DB_ALIAS, connections

from registry.management.supervisor.data_folder import DataFolder


@dataclass(frozen=True)
class Setup:
    """The steps, each announced before it begins.

    Attributes
    ----------
    folder : where the embedded mode stores everything.
    say : prints one line.
    stdout : where the steps that report progress of their own write it.
    """

    folder: DataFolder
    say: Callable[[str], None]
    stdout: TextIO

    def run(self, demo: bool) -> str:
        """Do everything; returns the text that says how to log in (empty without demo users)."""
        alias = "owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS
        with self._step("Preparing the database"):
            call_command("migrate", database=alias, interactive=False, verbosity=0)
            call_command("createcachetable", database=alias, verbosity=0)
            if alias == "owner":
                call_command("grant_application_role", stdout=StringIO())
        with self._step("Collecting style sheets and scripts"):
            call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
        logins = self._demo() if demo else ""
        # The children open their own; an idle connection here would only keep SQLite's log from being tidied.
        connections.close_all()
        return logins

    def _demo(self) -> str:
        database = Path(settings.DATABASES[DEFAULT_DB_ALIAS]["NAME"])
        available = get_commands()
        logins = StringIO()
        if "create_demo_users" in available:
            with self._step("Creating demo users"):
                call_command("create_demo_users", stdout=logins)
        if "load_study_cohort" in available and not self.folder.demo_is_loaded(database):
            with self._step("Entering the synthetic study cohort (once)"):
                call_command("load_study_cohort", stdout=self.stdout)
            self.folder.remember_demo(database)
        return logins.getvalue().strip()

    @contextmanager
    def _step(self, title: str) -> Iterator[None]:
        started = time.monotonic()
        self.say(f"{title} …")
        yield
        self.say(f"  done in {time.monotonic() - started:.1f} s")
