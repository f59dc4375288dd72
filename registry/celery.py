"""The Celery application: `celery -A registry.celery worker` and `… beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, setup_logging, worker_process_init
from kombu.transport import redis, virtual

from registry.management.supervisor.process_tree import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")


class ForgivingQoS(redis.QoS):
    """Counts a message as done also when the broker is gone by then.

    As Kombu has it, a worker whose broker goes away while all its tasks run believes ever after that they
    still do: it waits for room instead of listening, never notices the lost connection, takes no task again.
    The message itself may be delivered a second time, which a tick survives.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge to the broker, and in any case to ourselves."""
        try:
            super().ack(delivery_tag)
        except redis.Transport.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise


redis.Channel.QoS = ForgivingQoS

app = Celery("registry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Leave logging as Django configured it: Celery's own format prints the messages of exceptions."""


@worker_process_init.connect
@beat_embedded_init.connect
def leave_no_orphans(**_: Any) -> None:
    """Let a pool process end with the worker it belongs to, also when that one is killed outright."""
    die_with_parent()
