"""`manage.py serve` as a person meets it: started, stopped, killed, started twice."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.registry.supervisor.processes import alive, command_line, descendants, wait_until

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One `manage.py serve` without demo data."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.output = folder.parent / f"output of {port}.txt"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("REDIS_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--no-demo", "--port", str(port)],
                cwd=ROOT,
                env={**environment, "DATA_DIR": str(folder)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self, text: str) -> bool:
        return text in self.output.read_text()

    def wait_until_ready(self) -> None:
        came_up = wait_until(lambda: self.said("is ready") or self.process.poll() is not None, 120)
        assert came_up, self.output.read_text()
        assert self.said("is ready"), self.output.read_text()
        # Also the pool of the worker, whose processes are what a kill could leave behind.
        assert wait_until(lambda: self.children_named("celery") >= 4, 60), self.output.read_text()

    def children_named(self, name: str) -> int:
        return sum(name in command_line(pid) for pid in descendants(self.process.pid))

    def get(self, path: str) -> tuple[int, dict[str, str]]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            return response.status, json.load(response)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def servers() -> Iterator[Callable[[Path], Server]]:
    """Start servers; whatever a failing test leaves running is ended."""
    started: list[Server] = []

    def start(folder: Path) -> Server:
        started.append(Server(folder, free_port()))
        return started[-1]

    yield start
    for server in started:
        server.end()


# A start takes seconds, so each of the two tests follows one server through its whole life.


def test_it_serves_mends_itself_and_stops_in_order(servers: Callable[[Path], Server], tmp_path: Path) -> None:
    server = servers(tmp_path / "a folder with spaces")
    server.wait_until_ready()
    assert server.said(f"http://localhost:{server.port}/")
    assert server.get("/healthz") == (200, {"status": "alive"})
    status, state = server.get("/readyz")
    assert status == 200
    assert state["broker"] == "ok"

    # A second server on the same folder is refused and disturbs nothing.
    second = servers(server.folder)
    assert second.process.wait(60) == 1
    assert second.said(f"A server (process {server.process.pid}) already uses")
    assert second.said("DATA_DIR=")
    assert server.get("/healthz")[0] == 200

    # A child that dies is noticed, reported and started again.
    [beat] = [pid for pid in descendants(server.process.pid) if "registry.celery beat" in command_line(pid)]
    os.kill(beat, signal.SIGKILL)
    assert wait_until(lambda: server.said("The beat ended unexpectedly (signal 9)"), 30)
    assert wait_until(lambda: server.children_named("registry.celery beat") == 1, 30)
    assert beat not in descendants(server.process.pid)

    children = descendants(server.process.pid)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(60) == 0
    assert server.said("Stopped.")
    assert not alive(children)
    broker_log = (server.folder / "logs" / "broker.log").read_text()
    assert "ready to exit" in broker_log, "the broker was killed instead of stopped"


def test_nothing_outlives_a_killed_supervisor(servers: Callable[[Path], Server], tmp_path: Path) -> None:
    server = servers(tmp_path / "data")
    server.wait_until_ready()
    children = descendants(server.process.pid)
    names = " ".join(command_line(pid) for pid in children)
    # Broker; worker and its two pool processes; beat; gunicorn and its two workers.
    assert len(children) >= 8, names
    for program in ("valkey-server", "registry.celery worker", "registry.celery beat", "gunicorn"):
        assert program in names

    server.process.kill()
    server.process.wait()
    assert wait_until(lambda: not alive(children), 10), [command_line(pid) for pid in alive(children)]

    # The folder is free again, and what was set up is found again.
    again = servers(server.folder)
    again.wait_until_ready()
    assert again.get("/readyz")[0] == 200
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(60) == 0


def test_a_taken_port_is_named_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = Server(tmp_path / "data", port)
        assert server.process.wait(60) == 1
    said = server.output.read_text()
    assert f"Port {port} is already taken" in said
    suggestion = re.search(r"make run PORT=(\d+)", said)
    assert suggestion
    assert int(suggestion[1]) != port
    assert not (tmp_path / "data" / "registry.sqlite3").exists()
    assert "Preparing" not in said


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_port_that_is_none_is_refused_by_name(port: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "serve", f"--port={port}"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "registry.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    assert "PORT must be a number from 1 to 65535" in result.stderr
