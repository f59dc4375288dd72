"""The shape of what the registry hands over: one consistent read of all cases and their derived values.

`registry.public.data_cut` returns it; the protocols here name exactly what analytics reads of it, so that a
statistician can feed the pipeline from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

NOT_EVALUABLE = "NE"


class DerivedValue(Protocol):
    """A derived variable: a value with its status ("OK" or "NE") and the reason of that status."""

    @property
    def value(self) -> Any:
        """The derived value; None when not evaluable."""
        ...

    @property
    def status(self) -> str:
        """OK or NE."""
        ...

    @property
    def reason(self) -> str | None:
        """Why the status is NE."""
        ...


class Row(Protocol):
    """One filled row of a form."""

    def known(self, name: str) -> Any:
        """Return the value, or None when blank or missing."""
        ...


class CaseFacts(Protocol):
    """The forms of one case."""

    def one(self, form: str) -> Row:
        """Return the row of a form that does not repeat."""
        ...

    def rows(self, form: str) -> Sequence[Row]:
        """Return the rows of a repeating form."""
        ...


class Case(Protocol):
    """One case of a data cut."""

    @property
    def case_id(self) -> Any:
        """The case's UUID."""
        ...

    @property
    def center_code(self) -> str:
        """The code of its center."""
        ...

    @property
    def facts(self) -> CaseFacts:
        """What its forms say."""
        ...

    @property
    def derived(self) -> Mapping[str, DerivedValue]:
        """Derived variables by name."""
        ...


class DataCut(Protocol):
    """All cases as of one data version."""

    @property
    def data_version(self) -> int:
        """Number of the last change it contains."""
        ...

    @property
    def as_of(self) -> date:
        """The day it was made for."""
        ...

    @property
    def cutoff(self) -> date | None:
        """Events after it are ignored; None for live data."""
        ...

    @property
    def rule_version(self) -> str:
        """Version of the derivation rules."""
        ...

    @property
    def cases(self) -> Sequence[Case]:
        """All cases, in any order."""
        ...


def derived(case: Case, name: str) -> Any:
    """Return the derived value of a case; None when it is not evaluable.

    Raises
    ------
    KeyError
        When the case was derived without that variable: a fault of the cut, not a missing value.
    """
    result = case.derived[name]
    return None if result.status == NOT_EVALUABLE else result.value


def code(case: Case, name: str) -> str:
    """Return the derived code of a case as text; "NE" when it is not evaluable."""
    value = derived(case, name)
    return NOT_EVALUABLE if value is None else str(value)


def day(case: Case, name: str) -> date | None:
    """Return a derived date, which may come as ISO text; None when it is not evaluable."""
    value = derived(case, name)
    return date.fromisoformat(value) if isinstance(value, str) else value


def reason(case: Case, name: str) -> str | None:
    """Why a derived value is not evaluable; None when it is."""
    result = case.derived[name]
    return result.reason if result.status == NOT_EVALUABLE else None
