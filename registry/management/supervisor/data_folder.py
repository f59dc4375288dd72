"""The folder that holds everything the embedded mode stores, used by one server at a time."""

import fcntl
import os
from pathlib import Path
from typing import IO


class FolderInUse(Exception):
    """Another server runs on the same folder; the message names it."""


class DataFolder:
    """Layout of `DATA_DIR`.

    Parameters
    ----------
    root : Path
        Created, readable by its owner alone, when the server claims it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.broker = root / "valkey"
        self._demo_marker = root / "demo_loaded"
        self._lock: IO[str] | None = None

    def log(self, name: str) -> Path:
        """File that a child's output goes to."""
        return self.root / "logs" / f"{name}.log"

    def claim(self) -> None:
        """Keep the folder to this process until it ends, however it ends.

        Raises
        ------
        FolderInUse
            If a server already runs on it. Two supervisors would start two brokers on one append-only file.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.root / "serve.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise FolderInUse(
                f"A server (process {holder}) already uses {self.root}. "
                "Nothing was started. Stop it, or choose another folder: make run DATA_DIR=…"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def demo_is_loaded(self, database: Path) -> bool:
        """Whether the demo data were entered into this very file, even if someone removed them since."""
        if not (self._demo_marker.exists() and database.exists()):
            return False
        return self._demo_marker.read_text() == _identity(database)

    def remember_demo(self, database: Path) -> None:
        """Note that the demo data are in this database file."""
        self._demo_marker.write_text(_identity(database))


def _identity(database: Path) -> str:
    return str(database.stat().st_ino)
