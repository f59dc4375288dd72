"""Settings of the test runs: the registry's own, with what a test run must have different.

By default SQLite, in a file of a temporary folder. With `DATABASE_URL` (and `REDIS_URL`) in the environment
the same suite runs on that PostgreSQL and Redis: the databases of the run are created and dropped, the one
named stays untouched.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import environ

# The settings below are those of the embedded mode; the production mode is tested in processes of its own.
# The address moves to another variable, because the parallel workers of the run inherit what is left here.
_database_url = os.environ.pop("DATABASE_URL", "") or os.environ.get("TEST_DATABASE_URL", "")
if _database_url:
    os.environ["TEST_DATABASE_URL"] = _database_url
_scratch = Path(tempfile.mkdtemp(prefix="registry tests "))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["DATA_DIR"] = str(_scratch)
# What a developer has exported for a server must not change what the tests see.
for _name in (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "TIME_ZONE",
    "DEBUG",
    "LOG_LEVEL",
):
    os.environ.pop(_name, None)

from registry.settings import *  # noqa: E402, F403
from registry.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, STORAGES  # noqa: E402

if _database_url:
    from psycopg import IsolationLevel

    _postgresql = environ.Env.db_url_config(_database_url)
    _read_only = {
        "isolation_level": IsolationLevel.REPEATABLE_READ,
        "options": "-c default_transaction_read_only=on",
    }
    DATABASES = {
        # The process id keeps two runs on one server apart.
        "default": {**_postgresql, "TEST": {"NAME": f"test_registry_{os.getpid()}"}},
        "snapshot": {**_postgresql, "OPTIONS": _read_only, "TEST": {"MIRROR": "default"}},
    }
else:
    for _alias in DATABASES.values():
        _alias["CONN_MAX_AGE"] = 0
        # A test database need not survive a power cut.
        _alias["OPTIONS"]["init_command"] = _alias["OPTIONS"]["init_command"].replace(
            "synchronous=FULL", "synchronous=OFF"
        )
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}

# A manifest exists only after collectstatic; that one is tested by itself.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Nothing listens there unless a test asks for the `redis_url` fixture: a request that calls the broker fails
# loudly.
CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] = CELERY_BROKER_TRANSPORT_OPTIONS[
    "socket_connect_timeout"
] = 1

STATIC_ROOT = _scratch / "static"
STATIC_ROOT.mkdir()
