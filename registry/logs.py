"""Structured logs, one JSON object a line, that cannot carry patient data.

What is left out on purpose: request bodies, query strings, raw paths (a password reset link is a secret in a
path) and the *messages* of exceptions. A database error quotes the offending row (`Key (patient_code)=(…)
already exists`), so an exception is logged as its type and the places it passed through.
"""

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# These put what they were working on into their messages: a path, a host name, a task's exception.
_QUOTES_ITS_INPUT = ("django.request", "django.security", "celery.app.trace", "celery.worker", "kombu")

_QUERY_STRING = re.compile(r"\?[^\s'\">)\]]+")


def _chain(exception: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = exception
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def exception_without_message(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the exception's type, its causes' types and the places passed through."""
    exc_info = event.pop("exc_info", None)
    if isinstance(exc_info, BaseException):
        exception: BaseException | None = exc_info
    elif isinstance(exc_info, tuple):
        exception = exc_info[1]
    elif exc_info:
        exception = sys.exc_info()[1]
    else:
        exception = None
    if exception is not None:
        event["exception"] = " < ".join(
            f"{type(link).__module__}.{type(link).__qualname__}" for link in _chain(exception)
        )
        event["places"] = _places(exception.__traceback__)
    return event


def template_of_quoting_loggers(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep the unformatted message of other people's loggers where the arguments may be somebody's data."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and (record.exc_info or record.name.startswith(_QUOTES_ITS_INPUT)):
        event["event"] = str(record.msg)
        data = getattr(record, "data", None)
        if isinstance(data, dict) and "name" in data:
            event["task"], event["task_id"] = data["name"], data.get("id")
    return event


def without_query_strings(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Cut query strings out of every text of the line."""
    return {
        key: _QUERY_STRING.sub("?…", value) if isinstance(value, str) else value
        for key, value in event.items()
    }


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    exception_without_message,
]


def configuration(level: str = "INFO") -> dict[str, Any]:
    """Build the `LOGGING` setting.

    Parameters
    ----------
    level : str
        Lowest level that is written.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                # Before the shared ones: they would have used up exc_info.
                "foreign_pre_chain": [template_of_quoting_loggers, *_SHARED],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_query_strings,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                # The formatter would otherwise let logging append the whole traceback, messages included.
                "keep_exc_info": False,
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own middleware writes the line for every request, by route instead of by path.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            # Ticks come twice a second.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            # Gunicorn brings its own handler; replace it. Below INFO it writes the path of every request.
            "gunicorn.error": {
                "handlers": ["stderr"],
                "level": "INFO" if level == "DEBUG" else level,
                "propagate": False,
            },
        },
    }


def configure(logging_setting: dict[str, Any]) -> None:
    """Apply the `LOGGING` setting and point structlog at it (Django's `LOGGING_CONFIG`)."""
    logging.config.dictConfig(logging_setting)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
