"""What is wrong with one cell, row or sheet of a file, for the person who has the file open beside it."""

from dataclasses import dataclass, field

SHORT = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in the file.

    Attributes
    ----------
    form : name of the form whose sheet it is on; "" when that is not known.
    line : row number as the spreadsheet shows it; 0 for the sheet or the file as a whole.
    column : the header as it stands in the file; "" for the row as a whole.
    value : what the cell shows, shortened. Patient data: for the person's own page, never for a log.
    message : a sentence in the person's language.
    """

    form: str
    line: int
    column: str
    value: str = field(repr=False)
    message: str = field(repr=False)


def short(text: str) -> str:
    """Enough of a cell to find it again."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
