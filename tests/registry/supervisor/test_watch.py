"""The order in which children end, and what happens when one keeps failing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import Celery

from registry.environment import celery_broker_url
from registry.management.supervisor.broker import Broker
from registry.management.supervisor.process_tree import spawn
from registry.management.supervisor.services import Service, embedded_broker
from registry.management.supervisor.watch import ServiceFailed, Watch
from tests.registry.supervisor.processes import wait_until


def python_service(name: str, code: str, log: Path, patience: float = 30) -> Service:
    return Service(name, log, lambda: spawn([sys.executable, "-c", code], log), patience)


def test_a_child_that_keeps_ending_stops_everything_and_says_why(tmp_path: Path) -> None:
    said: list[str] = []
    watch = Watch(said.append, restarts=2)
    watch.start(python_service("worker", "raise SystemExit('no such module')", tmp_path / "worker.log"))

    with pytest.raises(ServiceFailed, match="ended 3 times") as failure:
        watch.until_asked()

    assert "no such module" in str(failure.value)
    assert len(said) == 2
    watch.stop()


def test_children_end_in_reverse_order_and_each_is_waited_for(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep({delay})\n"
        f"    open({str(journal)!r}, 'a').write('{{name}} ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "while True: time.sleep(0.05)\n"
    )
    watch = Watch(lambda line: None)
    # The ones to end first are the slow ones: without waiting the order would be the other way around.
    for name, delay in (("broker", 0), ("worker", 0.3), ("web", 0.6)):
        log = tmp_path / f"{name}.log"
        watch.start(python_service(name, code.format(name=name, delay=delay), log))
        assert wait_until(lambda log=log: "up" in log.read_text(), 20)

    watch.stop()

    assert journal.read_text().split() == ["web", "worker", "broker"]


def test_a_child_that_ignores_the_request_is_killed_after_its_time(tmp_path: Path) -> None:
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        processes.append(spawn([sys.executable, "-c", code], tmp_path / "deaf.log"))
        return processes[-1]

    said: list[str] = []
    watch = Watch(said.append)
    watch.start(Service("deaf", tmp_path / "deaf.log", start, patience=0.5))
    assert wait_until(lambda: "up" in (tmp_path / "deaf.log").read_text(), 20)
    watch.stop()
    assert processes[0].returncode == -9
    assert said == ["Ending the deaf at once."]


SLOW_TASK = """
import pathlib, time
from celery import Celery
app = Celery("slow", broker={broker!r})
app.conf.task_ignore_result = True

@app.task(name="slow")
def slow(folder):
    pathlib.Path(folder, "started").touch()
    time.sleep(2)
    pathlib.Path(folder, "finished").touch()
"""


def test_a_running_task_finishes_before_the_broker_goes(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "valkey", tmp_path / "broker.log")
    (tmp_path / "slow_app.py").write_text(SLOW_TASK.format(broker=celery_broker_url(broker.url)))
    command = [sys.executable, "-m", "celery", "--app", "slow_app", "worker", "--concurrency", "1"]
    log = tmp_path / "worker.log"
    watch = Watch(lambda line: None)
    watch.start(embedded_broker(broker))
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    watch.start(Service("worker", log, lambda: spawn(command, log, environment, tmp_path), patience=60))
    try:
        with Celery(broker=celery_broker_url(broker.url)) as sender:
            sender.send_task("slow", [str(tmp_path)], ignore_result=True)
        assert wait_until((tmp_path / "started").exists, 60), log.read_text()
        assert not (tmp_path / "finished").exists()
    finally:
        watch.stop()
    assert (tmp_path / "finished").exists(), log.read_text()
    assert not broker.answers()


def test_the_log_of_a_child_does_not_grow_without_end(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * 6_000_000)
    spawn([sys.executable, "-c", "print('new')"], log).wait()
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.1.log").stat().st_size == 6_000_000
