"""What an edit check says of a row."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """An error blocks "complete"; a warning wants a confirmation; a query never blocks."""

    ERROR = "error"
    WARNING = "warning"
    QUERY = "query"


@dataclass(frozen=True)
class Finding:
    """One thing wrong or doubtful.

    Attributes
    ----------
    check : id of the check: "C11", or "limit", "applies", "required" for what the dictionary itself says.
    variable : the field it stands at; "" for the row as a whole.
    message : for the person, with %(name)s places; translatable.
    form, index : the row it is about, counted from 0 among the form's rows.
    """

    check: str
    severity: Severity
    variable: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    form: str = ""
    index: int = 0
