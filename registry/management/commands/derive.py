"""`manage.py derive FILE.jsonl`: the derived values of cases from a file, without a database."""

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.derivations.case import derive
from registry.derivations.parameters import DEFAULT, ParameterError, Parameters
from registry.derivations.schema import schemas
from registry.dictionary.entry import EntryError
from registry.dictionary.facts import Facts

STDIN = "-"


class Command(BaseCommand):
    """Read one case per line, print its derived values; line n of the output is line n of the input."""

    help = "Derive cases from a file with one JSON object per line; uses no database."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", help="one case per line as JSON; - reads standard input")
        parser.add_argument(
            "--cutoff", type=_day, metavar="DATE", help="ignore events after this day; nothing is by default"
        )
        parser.add_argument("--parameters", metavar="FILE", help="JSON object of parameters and their values")
        parser.add_argument(
            "--schema", action="store_true", help="print the JSON schemas of input and output instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(schemas(), indent=2))
            return
        if not options["file"]:
            raise CommandError("Name a file with one case per line, or - for standard input.")
        bad = self._derive(options["file"], _parameters(options["parameters"]), options["cutoff"])
        if bad:
            raise CommandError(f"Lines that could not be read: {bad}.")

    def _derive(self, name: str, parameters: Parameters, cutoff: date | None) -> int:
        """Answer every line; return how many could not be read."""
        if name == STDIN:
            return self._answer(sys.stdin.buffer, parameters, cutoff)
        try:
            with Path(name).open("rb") as lines:
                return self._answer(lines, parameters, cutoff)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}.") from None

    def _answer(self, lines: Iterable[bytes], parameters: Parameters, cutoff: date | None) -> int:
        bad = 0
        for number, line in enumerate(lines, start=1):
            try:
                found = derive(read_case(line), parameters, cutoff)
                answer: dict[str, Any] = {each: value.to_json() for each, value in found.items()}
            except BadLineError as error:
                bad += 1
                answer = {"error": {"field": error.field, "message": error.message}}
                place = f"line {number}: {error.field}" if error.field else f"line {number}"
                self.stderr.write(f"{place}: {error.message}")
            self.stdout.write(json.dumps(answer))
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date; write it as 2024-06-30") from None


def _parameters(name: str | None) -> Parameters:
    if name is None:
        return DEFAULT
    try:
        settings = json.loads(Path(name).read_text(encoding="utf-8"))
        if not isinstance(settings, dict):
            raise ParameterError("parameters are a JSON object")
        return Parameters.from_json(settings)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{name}: {error}.") from None
