"""The children that `manage.py serve` looks after, and how each is started and ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.management.supervisor.broker import Broker
from registry.management.supervisor.data_folder import DataFolder
from registry.management.supervisor.process_tree import spawn


@dataclass(frozen=True)
class Service:
    """One child.

    Attributes
    ----------
    name : what people read in messages.
    log : file with its output.
    start : starts it and returns its process.
    patience : seconds it may take to end after being asked to; then it is killed.
    """

    name: str
    log: Path
    start: Callable[[], subprocess.Popen[bytes]]
    patience: float
    stop_signal: signal.Signals = signal.SIGTERM


def embedded_broker(broker: Broker) -> Service:
    """The Valkey server."""
    return Service("broker", broker.log, broker.start, patience=10)


def python_services(
    folder: DataFolder, project: Path, redis_url: str, listener: int, worker_processes: int
) -> list[Service]:
    """Worker, beat and web server, in the order in which they start.

    Parameters
    ----------
    folder : DataFolder
    project : Path
        Where `manage.py` is.
    redis_url : str
        Broker that worker and beat talk to.
    listener : int
        File descriptor of the listening socket, for the web server.
    worker_processes : int
        Tasks that may run at once.
    """
    environment = {
        **os.environ,
        "DATA_DIR": str(folder.root),
        "REDIS_URL": redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    celery = ["-m", "celery", "--app", "registry.celery"]
    gunicorn = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]

    def service(name: str, arguments: list[str], patience: float, inherit: tuple[int, ...] = ()) -> Service:
        log = folder.log(name)
        return Service(name, log, _starter(arguments, log, environment, project, inherit), patience)

    return [
        # Ten minutes, because a stop lets the running task finish.
        service("worker", [*celery, "worker", "--concurrency", str(worker_processes), *quiet], patience=600),
        # Beat is a child of its own and not part of the worker: nobody misses an embedded one that dies.
        service("beat", [*celery, "beat", "--pidfile", ""], patience=10),
        service(
            "web",
            [*gunicorn, "--bind", f"fd://{listener}", "registry.wsgi:application"],
            patience=35,
            inherit=(listener,),
        ),
    ]


def _starter(
    arguments: list[str], log: Path, environment: Mapping[str, str], project: Path, inherit: tuple[int, ...]
) -> Callable[[], subprocess.Popen[bytes]]:
    def start() -> subprocess.Popen[bytes]:
        return spawn([sys.executable, *arguments], log, environment, project, inherit)

    return start
