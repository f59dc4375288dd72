"""Start children, notice when one ends, end them in order."""

import signal
import subprocess
import time
from collections.abc import Callable
from types import FrameType

from registry.management.supervisor.process_tree import kill_group, tail
from registry.management.supervisor.services import Service

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServiceFailed(Exception):
    """A child keeps ending; the message holds the end of its log."""


class Watch:
    """Look after a list of services until someone asks to stop.

    Parameters
    ----------
    say : callable
        Prints one line for the person at the terminal.
    restarts, window : int, float
        A child that ends by itself is started again, but no more than this often in this many seconds: what
        fails at once each time will not be mended by starting it a fourth time.
    """

    def __init__(self, say: Callable[[str], None], restarts: int = 3, window: float = 60.0) -> None:
        self._say = say
        self._restarts = restarts
        self._window = window
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []
        self._ended: dict[str, list[float]] = {}
        self._asked = 0
        self._may_interrupt = True

    def listen_to_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and SIGHUP ask for an orderly stop; a second one for a quick one."""
        for number in _STOP_SIGNALS:
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1
        if self._may_interrupt:
            # Setting up: whatever runs is in a transaction and can be left where it stands.
            self._may_interrupt = False
            raise KeyboardInterrupt

    def start(self, service: Service) -> None:
        """Start one service; it will be stopped before those that were started earlier."""
        self._running.append((service, service.start()))

    def until_asked(
        self, ready: Callable[[], bool] | None = None, announce: Callable[[], None] | None = None
    ) -> None:
        """Watch until a signal asks to stop.

        Parameters
        ----------
        ready, announce : callable, optional
            `announce` is called once, as soon as `ready` says so.

        Raises
        ------
        ServiceFailed
            If a child keeps ending.
        """
        self._may_interrupt = False
        while not self._asked:
            for index, (service, process) in enumerate(self._running):
                if process.poll() is not None:
                    self._running[index] = (service, self._start_again(service, process))
            if ready and announce and ready():
                announce()
                ready = None
            time.sleep(0.2)

    def _start_again(self, service: Service, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        # What the dead one may have left in its process group goes first.
        kill_group(process)
        now = time.monotonic()
        ended = [moment for moment in self._ended.get(service.name, []) if now - moment < self._window]
        self._ended[service.name] = [*ended, now]
        how = f"signal {-process.returncode}" if process.returncode < 0 else f"exit code {process.returncode}"
        if len(ended) >= self._restarts:
            raise ServiceFailed(
                f"The {service.name} ended {len(ended) + 1} times in {self._window:.0f} seconds ({how}). "
                f"Stopping everything. The end of {service.log}:\n{tail(service.log)}"
            )
        self._say(f"The {service.name} ended unexpectedly ({how}); starting it again. Its log: {service.log}")
        return service.start()

    def stop(self) -> None:
        """Ask every child to end, the one started last first, and wait for each; kill what does not."""
        self._may_interrupt = False
        already_asked = self._asked
        while self._running:
            service, process = self._running.pop()
            if process.poll() is None:
                self._stop_one(service, process, already_asked)
            kill_group(process)

    def _stop_one(self, service: Service, process: subprocess.Popen[bytes], already_asked: int) -> None:
        process.send_signal(service.stop_signal)
        started, told = time.monotonic(), False
        while process.poll() is None:
            waited = time.monotonic() - started
            if waited > service.patience or self._asked > already_asked:
                self._say(f"Ending the {service.name} at once.")
                return
            if waited > 5 and not told:
                told = True
                self._say(
                    f"Waiting for the {service.name} to finish what it is doing "
                    "(Ctrl-C again ends it at once) …"
                )
            time.sleep(0.05)
