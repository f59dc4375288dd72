"""How the web server runs, in `make run` and in production alike."""

import os
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from registry.management.supervisor.process_tree import die_with_parent

bind = os.environ.get("GUNICORN_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60
graceful_timeout = 30
keepalive = 5
# Fresh processes now and then, not all at once: a slow leak never becomes an outage.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file must not lie on a disk that can stall.
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"
# No access log: a path or query string could name what must not be logged. The application logs each request
# by route.
accesslog = None
errorlog = "-"
# A second way to control the server that nobody uses is a second way in.
control_socket_disable = True


def post_fork(server: Arbiter, worker: Worker) -> None:
    """Let a worker end with the server it belongs to, also when that one is killed outright."""
    die_with_parent(worker.ppid)
