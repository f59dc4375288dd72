"""Commands that answer cases from a file line by line, without a database."""

import json
import sys
from abc import abstractmethod
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from registry.dictionary.entry import EntryError
from registry.dictionary.facts import Facts

STDIN = "-"

Answer = Callable[[Facts], Mapping[str, Any]]
Settings = TypeVar("Settings")


class CaseLinesCommand(BaseCommand):
    """Read one case per line, print what is answered of it; line n of the output is line n of the input."""

    requires_system_checks = ()

    @abstractmethod
    def answer(self, options: Mapping[str, Any]) -> Answer:
        """What is said of a case, under these options."""

    @abstractmethod
    def schema(self) -> Mapping[str, object]:
        """JSON schemas of both sides."""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", help="one case per line as JSON; - reads standard input")
        parser.add_argument(
            "--schema", action="store_true", help="print the JSON schemas of input and output instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(self.schema(), indent=2))
            return
        if not options["file"]:
            raise CommandError("Name a file with one case per line, or - for standard input.")
        bad = self._read(options["file"], self.answer(options))
        if bad:
            raise CommandError(f"Lines that could not be read: {bad}.")

    def _read(self, name: str, answer: Answer) -> int:
        """Answer every line; return how many could not be read."""
        if name == STDIN:
            return self._answer_lines(sys.stdin.buffer, answer)
        try:
            with Path(name).open("rb") as lines:
                return self._answer_lines(lines, answer)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}.") from None

    def _answer_lines(self, lines: Iterable[bytes], answer: Answer) -> int:
        bad = 0
        for number, line in enumerate(lines, start=1):
            try:
                answered = answer(read_case(line))
            except BadLineError as error:
                bad += 1
                answered = {"error": {"field": error.field, "message": error.message}}
                place = f"line {number}: {error.field}" if error.field else f"line {number}"
                self.stderr.write(f"{place}: {error.message}")
            self.stdout.write(json.dumps(answered))
        return bad


class BadLineError(ValueError):
    """A line that is no case: the field, "" when it is the line itself, and what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def read_case(line: bytes) -> Facts:
    """Facts of a case from one line.

    Raises
    ------
    BadLineError
        When it is no JSON object, names something the dictionary does not, or holds what cannot be read.
    """
    try:
        case = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLineError("", "This line is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadLineError("", "This line is not JSON.") from None
    if not isinstance(case, Mapping):
        raise BadLineError("", "A case is a JSON object.")
    try:
        return Facts.from_json(case)
    except EntryError as error:
        raise BadLineError(error.place, str(error)) from None
    except KeyError as error:
        raise BadLineError(str(error.args[0]), "The dictionary has no such form or variable.") from None


def day_argument(text: str) -> date:
    """A day given to an option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date; write it as 2024-06-30") from None


def settings_of(
    name: str | None, read: Callable[[Mapping[str, object]], Settings], default: Settings, kind: str
) -> Settings:
    """Settings from a file with a JSON object, `kind` being what it holds; the default without a file.

    Raises
    ------
    CommandError
        When there is no such file, or `read` refuses what it holds.
    """
    if name is None:
        return default
    try:
        settings = json.loads(Path(name).read_text(encoding="utf-8"))
        if not isinstance(settings, dict):
            raise ValueError(f"{kind} are a JSON object")
        return read(settings)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{name}: {error}.") from None
