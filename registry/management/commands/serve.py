"""`manage.py serve`: the whole registry on one machine, from an empty folder to a page in the browser."""

import functools
import http.client
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.management.supervisor.broker import Broker, BrokerFailed
from registry.management.supervisor.data_folder import DataFolder, FolderInUse
from registry.management.supervisor.ports import PortTaken, listen
from registry.management.supervisor.services import embedded_broker, python_services
from registry.management.supervisor.setup import Setup
from registry.management.supervisor.watch import ServiceFailed, Watch


class Command(BaseCommand):
    """Set up, start broker, worker, beat and web server, and look after them until Ctrl-C."""

    help = "Run the whole registry: broker, worker with beat, and web server."
    # Checks need tables and triggers that the setup is about to create.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", default="8000", help="port to listen on (default: 8000)")
        parser.add_argument("--worker-processes", type=int, default=2, help="tasks that may run at once")
        parser.add_argument("--no-demo", action="store_true", help="no demo users and no synthetic cohort")

    def handle(
        self, *args: Any, host: str, port: str, worker_processes: int, no_demo: bool, **options: Any
    ) -> None:
        """Run until asked to stop."""
        watch, folder, number = Watch(self._say), DataFolder(settings.DATA_DIR), _port_number(port)
        try:
            listener = listen(host, number)
            folder.claim()
        except (PortTaken, FolderInUse) as refusal:
            raise CommandError(str(refusal)) from None
        watch.listen_to_signals()
        try:
            logins = Setup(folder, self._say, sys.stdout).run(demo=not (no_demo or settings.PRODUCTION))
            self._start(watch, folder, listener.fileno(), worker_processes)
            watch.until_asked(
                ready=functools.partial(_answers, host, number),
                announce=functools.partial(self._announce, host, number, logins),
            )
        except KeyboardInterrupt:
            # Asked to stop while still setting up: no more than that.
            pass
        except (BrokerFailed, ServiceFailed) as failure:
            raise CommandError(str(failure)) from None
        finally:
            self._say("\nStopping …")
            watch.stop()
            self._say("Stopped.")

    def _start(self, watch: Watch, folder: DataFolder, listener: int, worker_processes: int) -> None:
        redis_url = settings.REDIS_URL
        if not settings.REDIS_URL_GIVEN:
            self._say("Starting the embedded broker …")
            broker = Broker(folder.broker, folder.log("broker"))
            watch.start(embedded_broker(broker))
            redis_url = broker.url
        self._say("Starting worker and web server …")
        for service in python_services(folder, settings.BASE_DIR, redis_url, listener, worker_processes):
            watch.start(service)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _announce(self, host: str, port: int, logins: str) -> None:
        place = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
        self._say(f"\nThe registry is ready: {self.style.SUCCESS(f'http://{place}:{port}/')}\n")
        if logins:
            self._say(f"{logins}\n")
        self._say(f"Everything is stored in {settings.DATA_DIR}. Ctrl-C stops it.")


def _port_number(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        # Any answer will do: a production that does not list this host refuses it, and runs.
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()
