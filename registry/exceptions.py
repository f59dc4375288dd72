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
    errors : mapping of (form, seq, variable) → messages
        Every error at its field; variable "" means the row as a whole.
    """

    def __init__(self, errors: Mapping[tuple[str, int, str], Sequence[str]]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(message for messages in errors.values() for message in messages))


class StaleVersion(RegistryError):
    """Somebody else changed the row since it was opened; `row` is the one stored now, None when removed."""

    def __init__(self, message: str, row: Any = None) -> None:
        super().__init__(message)
        self.row = row


class ReasonRequired(RegistryError):
    """A row that was once complete changes only with a reason."""


class Incomplete(RegistryError):
    """A row cannot be called complete yet; `findings` say what is missing or wrong."""

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


class TokenReused(RegistryError):
    """One idempotency token came with two different bodies."""


class UnscopedRead(RegistryError):
    """Patient rows were read without saying for whom."""


class UnauditedWrite(RegistryError):
    """An audited row was written outside an action."""
