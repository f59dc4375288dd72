"""What the two modes promise, read from a fresh process for each environment."""

import datetime
import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections, transaction
from django.utils import formats, translation
from django.utils.timezone import now

from registry.celery import app
from registry.environment import REQUIRED_IN_PRODUCTION, kept_secret

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "DATABASE_URL": "postgres://app:word@db.example.org/registry",
    "REDIS_URL": "redis://redis.example.org/0",
    "SECRET_KEY": "a production secret that is long enough to count as one, 1234567890",
    "ALLOWED_HOSTS": "registry.example.org,localhost",
    "EMAIL_URL": "smtp+tls://user:word@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "registry@example.org",
}

REPORT = """
import json
from django.conf import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name, None) for name in names}}, default=str))
"""


def start(environment: dict[str, str], data: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code under the registry's settings with exactly this environment."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "registry.settings",
            "DATA_DIR": str(data),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def read(environment: dict[str, str], data: Path, *names: str) -> dict[str, object]:
    result = start(environment, data, REPORT.format(names=names))
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", REQUIRED_IN_PRODUCTION)
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_production_does_not_start_without(name: str, how: str, tmp_path: Path) -> None:
    environment = {**PRODUCTION, name: ""}
    if how == "absent":
        del environment[name]
    result = start(environment, tmp_path, "import django; django.setup()")
    assert result.returncode != 0
    message = result.stderr.splitlines()[-1]
    assert "ImproperlyConfigured" in message
    assert name in message
    others = set(REQUIRED_IN_PRODUCTION) - {name}
    assert not any(other in message for other in others), "only what is missing is named"


def test_every_missing_variable_is_named_at_once(tmp_path: Path) -> None:
    result = start({"DATABASE_URL": PRODUCTION["DATABASE_URL"]}, tmp_path, "import django; django.setup()")
    assert all(name in result.stderr for name in REQUIRED_IN_PRODUCTION)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"DEBUG": "on"}, "DEBUG"),
        ({"DATABASE_URL": "sqlite:////tmp/registry.sqlite3"}, "PostgreSQL"),
        ({"DATABASE_OWNER_URL": "mysql://owner@host/registry"}, "PostgreSQL"),
    ],
)
def test_production_refuses(change: dict[str, str], complaint: str, tmp_path: Path) -> None:
    result = start({**PRODUCTION, **change}, tmp_path, "import django; django.setup()")
    assert result.returncode != 0
    assert complaint in result.stderr.splitlines()[-1]


def test_production_speaks_https_only(tmp_path: Path) -> None:
    values = read(
        PRODUCTION,
        tmp_path,
        *("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"),
        *("LANGUAGE_COOKIE_SECURE", "LANGUAGE_COOKIE_NAME"),
        *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEBUG", "ALLOWED_HOSTS", "EMAIL_HOST", "EMAIL_USE_TLS"),
    )
    assert (
        values["SECURE_SSL_REDIRECT"]
        is values["SESSION_COOKIE_SECURE"]
        is values["CSRF_COOKIE_SECURE"]
        is values["LANGUAGE_COOKIE_SECURE"]
        is True
    )
    assert values["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert str(values["SESSION_COOKIE_NAME"]).startswith("__Host-")
    assert str(values["CSRF_COOKIE_NAME"]).startswith("__Host-")
    assert str(values["LANGUAGE_COOKIE_NAME"]).startswith("__Host-")
    assert values["DEBUG"] is False
    assert values["ALLOWED_HOSTS"] == ["registry.example.org", "localhost"]
    assert values["EMAIL_HOST"] == "mail.example.org"
    assert values["EMAIL_USE_TLS"] is True


def test_production_reads_reports_from_one_state_and_writes_nothing_there(tmp_path: Path) -> None:
    databases = read(
        {**PRODUCTION, "DATABASE_OWNER_URL": "postgres://owner@h/registry"}, tmp_path, "DATABASES"
    )
    databases = databases["DATABASES"]
    assert set(databases) == {"default", "snapshot", "owner"}
    snapshot = databases["snapshot"]
    assert snapshot["OPTIONS"]["isolation_level"] == 3, "psycopg's number of REPEATABLE READ"
    assert "default_transaction_read_only=on" in snapshot["OPTIONS"]["options"]
    assert "read_only" not in databases["default"]["OPTIONS"]["options"]
    assert {snapshot[key] == databases["default"][key] for key in ("NAME", "HOST", "USER")} == {True}
    assert databases["owner"]["USER"] == "owner"


def test_the_embedded_mode_needs_nothing_and_keeps_everything_in_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my data"
    first = read(
        {}, folder, "SECRET_KEY", "DATABASES", "REDIS_URL", "STATIC_ROOT", "EMAIL_FILE_PATH", "MEDIA_ROOT"
    )
    second = read({}, folder, "SECRET_KEY")
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(str(first["SECRET_KEY"])) >= 50
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in (first["DATABASES"]["default"]["NAME"], first["DATABASES"]["snapshot"]["NAME"]):
        assert path == str(folder / "registry.sqlite3")
    for name in ("STATIC_ROOT", "EMAIL_FILE_PATH", "MEDIA_ROOT"):
        assert Path(str(first[name])).is_relative_to(folder)
    assert "my%20data" in str(first["REDIS_URL"])


def test_two_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text("the one who came first")
    assert kept_secret(path) == "the one who came first"
    assert kept_secret(tmp_path / "other") == kept_secret(tmp_path / "other") != kept_secret(path)
    assert {entry.name for entry in tmp_path.iterdir()} == {"secret_key", "other"}


def test_importing_the_settings_opens_no_connection(tmp_path: Path) -> None:
    # The hosts do not exist: a start that waits for Redis or the database would hang or fail here.
    result = start(
        {**PRODUCTION, "STATIC_ROOT": str(tmp_path)},
        tmp_path,
        "import django; django.setup(); import registry.wsgi",
    )
    assert result.returncode == 0, result.stderr


def test_content_security_policy_has_no_way_around_the_nonce() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    flat = {str(source) for sources in directives.values() for source in sources}
    assert not {source for source in flat if "unsafe" in source or "*" in source or "http" in source}
    assert directives["object-src"] == directives["base-uri"] == ["'none'"]


def test_celery_understands_json_only_and_keeps_no_results() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result is True
    assert app.conf.task_acks_late is True
    assert app.conf.result_backend is None
    assert app.conf.broker_transport_options["socket_timeout"] > 0


def test_ticks_that_nobody_takes_are_dropped() -> None:
    ticks = app.conf.beat_schedule.values()
    assert {tick["task"] for tick in ticks} == {
        "analytics.tasks.recompute_if_behind",
        "analytics.tasks.build_releases",
        "registry.tasks.rederive_outdated",
        "registry.tasks.preview_rules",
        "registry.tasks.do_imports",
        "registry.tasks.forget_imports",
    }
    for tick in ticks:
        assert tick["schedule"] <= 5
        assert tick["options"]["expires"] / tick["schedule"] <= 10, (
            "more than ten would wait for a busy worker"
        )


def test_nothing_a_request_uses_is_kept_in_redis() -> None:
    used = json.dumps([settings.CACHES, settings.SESSION_ENGINE], default=str).lower()
    assert "redis" not in used
    assert "locmem" not in used, "each web process would count logins by itself"


@pytest.mark.parametrize(("language", "decimal"), [("en", "1.5"), ("it", "1,5")])
def test_dates_are_day_first_in_both_languages(language: str, decimal: str) -> None:
    with translation.override(language):
        assert formats.date_format(datetime.date(2024, 3, 9)) == "09/03/2024"
        assert formats.date_format(datetime.date(2024, 3, 9), "SHORT_DATE_FORMAT") == "09/03/2024"
        assert formats.number_format("1.5") == decimal
        assert formats.get_format("DATE_INPUT_FORMATS")[:2] == ["%d/%m/%Y", "%Y-%m-%d"]


def test_the_version_is_stated_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == settings.REGISTRY_VERSION


@pytest.mark.django_db
@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="about SQLite's settings")
def test_sqlite_is_set_up_for_many_writers() -> None:
    with connections["default"].cursor() as cursor:
        values = {}
        for pragma in ("journal_mode", "foreign_keys", "recursive_triggers", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            values[pragma] = cursor.fetchone()[0]
    assert values == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 20_000,
    }
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert settings.DATABASES["snapshot"]["OPTIONS"]["transaction_mode"] == "DEFERRED"


@pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
def test_the_snapshot_sees_one_state_and_can_change_nothing() -> None:
    with transaction.atomic(using="snapshot"):
        assert Session.objects.using("snapshot").count() == 0
        Session.objects.create(session_key="later", session_data="", expire_date=now())
        assert Session.objects.using("snapshot").count() == 0, "the state moved under the reader"
    assert Session.objects.using("snapshot").count() == 1
    with pytest.raises(DatabaseError):
        Session.objects.using("snapshot").all().delete()
    assert Session.objects.count() == 1
