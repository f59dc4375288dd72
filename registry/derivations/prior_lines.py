"""Number of prior lines and transplant (D12; line rule of Rajkumar 2015)."""

from datetime import date

from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.history import History
from registry.derivations.logic import any_of
from registry.derivations.reasons import missing
from registry.terminology.text import gettext_noop as _

INPUTS = ("line_no", "line_start", "isapd_start_date")
ASCT_INPUTS = ("line_transplant", "line_start", "isapd_start_date")
AUTOLOGOUS = frozenset({"AUTO1", "AUTO2", "AUTO_ALLO"})
NO_LINE = _("No prior line is recorded")
TRANSPLANT_UNKNOWN = _("It is not known whether a line had a transplant")


def n_prior_lines(history: History, start: date | None) -> Answer:
    """`n_prior_lines`: prior-line rows that began before IsaPd."""
    if start is None:
        return ne(missing("isapd_start_date"), INPUTS)
    return ok(len(history.lines), INPUTS)


def prior_lines_group(count: Answer) -> Answer:
    """`prior_lines_group`: 1, 2, 3, ≥4."""
    if not isinstance(count.value, int):
        return ne(count.reason, INPUTS)
    if count.value == 0:
        return ne(NO_LINE, INPUTS)
    return ok(str(count.value) if count.value < 4 else "≥4", INPUTS)


def prior_asct(history: History, start: date | None) -> Answer:
    """`prior_asct`: whether any prior line had an autologous transplant."""
    if start is None:
        return ne(missing("isapd_start_date"), ASCT_INPUTS)
    transplanted = any_of(
        None if line.transplant is None else line.transplant in AUTOLOGOUS for line in history.lines
    )
    return yes_no(transplanted, ASCT_INPUTS, TRANSPLANT_UNKNOWN)
