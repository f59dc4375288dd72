"""What an edit check says of a row."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from registry.terminology.text import gettext_noop as _


class Severity(StrEnum):
    """An error blocks "complete"; a warning wants a confirmation with a reason; a query never blocks."""

    ERROR = "error"
    WARNING = "warning"
    QUERY = "query"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Severity.ERROR: _("Error"), Severity.WARNING: _("Warning"), Severity.QUERY: _("Query")}


@dataclass(frozen=True)
class Finding:
    """One thing wrong or doubtful.

    Attributes
    ----------
    check : id of the check: "C11", or "limit", "applies", "required" for what the dictionary itself says.
    variable : the field it stands at; "" for the row as a whole.
    message : for the person, with %(name)s places; translatable.
    params : what fills the places: "field" is the name of a variable, "form" of a form; "date", names ending
        in "_date" and the "limit" of a date are ISO dates, "drug" is a code, "derived" a
        derived variable; whoever shows the message puts them into words.
    form, index : the row it is about, counted from 0 among the form's rows.
    entered : the answer it stands at, as text. A confirmation holds for this answer and no other.
    """

    check: str
    severity: Severity
    variable: str
    message: str
    params: dict[str, str | int] = field(default_factory=dict)
    form: str = ""
    index: int = 0
    entered: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What the finding is called within its row: "C27.dex_start_dose"."""
        return f"{self.check}.{self.variable}"

    @property
    def fingerprint(self) -> str:
        """Equal for the same finding about the same answer, so that what is settled stays settled."""
        content = json.dumps(
            [self.check, self.severity, self.variable, self.message, self.params, self.entered],
            sort_keys=True,
        )
        return sha256(content.encode()).hexdigest()[:32]
