"""Log lines carry no patient data, whoever writes them."""

import json
import logging
import sys
from collections.abc import Callable

import pytest
import structlog

from registry.logs import configuration

CANARY = "PZ-CANARY-0417"


@pytest.fixture
def formatted() -> Callable[[logging.LogRecord], dict]:
    spec = dict(configuration()["formatters"]["json"])
    formatter = spec.pop("()")(**spec)
    return lambda record: json.loads(formatter.format(record))


def record(name: str, level: int, message: str, *args: object, exc_info: bool = False) -> logging.LogRecord:
    return logging.LogRecord(name, level, __file__, 1, message, args, sys.exc_info() if exc_info else None)


def test_an_exception_is_its_type_and_its_causes(formatted) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(CANARY) from error
    except ValueError:
        line = formatted(record("anything", logging.ERROR, "went wrong", exc_info=True))
    assert line["exception"] == "builtins.ValueError < builtins.KeyError"
    assert line["event"] == "went wrong"
    assert CANARY not in json.dumps(line)


def test_a_failed_task_is_named_without_what_it_said(formatted) -> None:
    message = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    data = {
        "name": "analytics.tasks.recompute",
        "id": "4711",
        "description": "raised",
        "exc": f"KeyError({CANARY})",
    }
    failed = record("celery.app.trace", logging.ERROR, message, data)
    failed.data = data
    line = formatted(failed)
    assert (line["task"], line["task_id"]) == ("analytics.tasks.recompute", "4711")
    assert CANARY not in json.dumps(line)


@pytest.mark.parametrize("name", ["django.request", "django.security.csrf", "celery.worker.consumer"])
def test_libraries_that_quote_their_input_are_not_quoted(name: str, formatted) -> None:
    assert (
        formatted(record(name, logging.WARNING, "Forbidden: %s", f"/x/{CANARY}/"))["event"] == "Forbidden: %s"
    )


def test_other_messages_are_formatted_and_lose_their_query_strings(formatted) -> None:
    line = formatted(
        record("gunicorn.error", logging.INFO, "Invalid request %s", f"GET /cases/?q={CANARY} HTTP/1.1")
    )
    assert line["event"] == "Invalid request GET /cases/?… HTTP/1.1"


def test_a_percent_sign_in_a_message_is_no_format(formatted) -> None:
    assert formatted(record("anything", logging.INFO, "100% done"))["event"] == "100% done"


def test_our_own_lines_carry_what_is_bound(capfd: pytest.CaptureFixture[str]) -> None:
    structlog.contextvars.clear_contextvars()
    handler = logging.getLogger().handlers[0]
    before = handler.setStream(sys.stderr)
    try:
        with structlog.contextvars.bound_contextvars(batch="b1"):
            try:
                raise RuntimeError(CANARY)
            except RuntimeError as error:
                structlog.get_logger("ours").error("import_failed", rows=3, exc_info=error)
    finally:
        handler.setStream(before)
    line = json.loads(capfd.readouterr().err)
    assert (line["event"], line["rows"], line["batch"], line["level"]) == ("import_failed", 3, "b1", "error")
    assert line["exception"] == "builtins.RuntimeError"
    assert CANARY not in json.dumps(line)
