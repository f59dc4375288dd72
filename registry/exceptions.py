"""What can go wrong with a command, in words for the person who gave it."""

from collections.abc import Mapping, Sequence
from typing import Any


class RegistryError(Exception):
    """Base of everything an action refuses with; `str()` is a sentence for the person."""


class NotPermitted(RegistryError):
    """The person may not do this; the text says why."""


class NotFound(RegistryError):
    """There is no such thing, or it is another center's: the answer is the same."""


class InvalidEntries(RegistryError):
    """Entries that cannot be stored.

    Attributes
    ----------
    errors : mapping of (form, number, variable) → messages
        Every error at its field; variable "" means the row as a whole. The number is the row's position, from
        1, among the rows of its form that were sent; of a center's rows their seq.
    """

    def __init__(self, errors: Mapping[tuple[str, int, str], Sequence[str]]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(message for messages in errors.values() for message in messages))


class StaleVersion(RegistryError):
    """Somebody else changed the row since it was opened.

    Attributes
    ----------
    row : the one stored now; None when it was removed.
    place : (form, seq) of the row; None where there is no such thing.
    """

    def __init__(self, message: str, row: Any = None, place: tuple[str, int] | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.place = place


class ReasonRequired(RegistryError):
    """A row that was once complete changes only with a reason."""


class Incomplete(RegistryError):
    """A row cannot be called complete yet.

    Attributes
    ----------
    findings : what is missing or wrong.
    positions : of each finding's row among the rows of its form that were sent, from 1; empty where they
        are not counted.
    """

    def __init__(self, message: str, findings: Sequence[Any] = (), positions: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)
        self.positions = list(positions)


class Unconfirmed(RegistryError):
    """A row can be called complete once its warnings are confirmed with a reason.

    Attributes
    ----------
    findings : the warnings.
    positions : as of `Incomplete`.
    """

    def __init__(self, message: str, findings: Sequence[Any] = (), positions: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)
        self.positions = list(positions)


class TokenReused(RegistryError):
    """One idempotency token came with two different bodies."""


class ImportRefused(RegistryError):
    """A file that cannot be imported at all; the text says what to do."""


class UnscopedRead(RegistryError):
    """Patient rows were read without saying for whom."""


class UnauditedWrite(RegistryError):
    """An audited row was written outside an action."""
