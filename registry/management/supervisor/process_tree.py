"""Processes that cannot outlive their parent, and how to end them in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
# Loaded here and not in the child: between fork and exec nothing should be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int | None = None) -> None:
    """Ask the kernel to kill this process when its parent dies, however that happens.

    The kernel keeps the wish across `exec` but not across `fork`, so every level of the tree says it for
    itself: gunicorn's workers and Celery's pool processes as well. Linux only; elsewhere a killed supervisor
    leaves its children, as it would any other program.

    Parameters
    ----------
    parent : int, optional
        Process id that is expected as parent. If it is gone already, this process ends at once.
    """
    if _libc is None:
        return
    parent = os.getppid() if parent is None else parent
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _in_child(parent: int) -> Callable[[], None]:
    def prepare() -> None:
        die_with_parent(parent)

    return prepare


def spawn(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    inherit: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child that dies with this process and gets no Ctrl-C from the terminal.

    Parameters
    ----------
    command : sequence of str
        Program and arguments; never a shell line.
    log : Path
        File that its output is appended to.
    environment : mapping, optional
        The child's whole environment; this process's own when left out.
    directory : Path, optional
        Working directory.
    inherit : sequence of int
        File descriptors that stay open in the child.
    """
    with _open_log(log) as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=directory,
            pass_fds=tuple(inherit),
            # A process group of its own: Ctrl-C reaches the supervisor alone, which then stops things in
            # order.
            process_group=0,
            preexec_fn=_in_child(os.getpid()),  # noqa: PLW1509 - one system call; the supervisor has no threads
        )


def _open_log(path: Path, limit: int = 5_000_000) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > limit:
        path.replace(path.with_suffix(".1.log"))
    return path.open("ab")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child with everything in its process group, and collect it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a child's log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""
