"""Look at processes through /proc, where a parent's death shows."""

import time
from collections.abc import Callable
from pathlib import Path


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in parentheses may hold spaces; fields count from after it: state, ppid, …
    return text.rpartition(")")[2].split()


def descendants(pid: int) -> dict[int, str]:
    """Every living process below this one: process id → start time, which tells a reused id."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))) and fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: dict[int, str] = {}
    waiting = list(children.get(pid, []))
    while waiting:
        child = waiting.pop()
        if fields := _stat(child):
            found[child] = fields[19]
        waiting += children.get(child, [])
    return found


def alive(processes: dict[int, str]) -> set[int]:
    """Those that still run; one that is dead and merely not collected yet does not."""
    return {
        pid
        for pid, started in processes.items()
        if (fields := _stat(pid)) and fields[0] not in "ZX" and fields[19] == started
    }


def command_line(pid: int) -> str:
    """The command line, for telling a worker from a web server."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except FileNotFoundError:
        return ""


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait for a condition; whether it came true before the time was up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())
