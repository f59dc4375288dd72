"""The edit checks as a reader of the codebook sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.check import Check
from registry.edit_checks.finding import Severity
from registry.forms.codebook import fits

_EVERY = tuple(CASE_FORMS)

# Where a finding of each check can stand.
FORMS_OF: dict[str, tuple[str, ...]] = {
    "C01": _EVERY,
    "C02": ("follow_up",),
    "C03": (
        "response",
        "isapd_cycle",
        "isapd_treatment",
        "progression",
        "subsequent_therapy",
        "adverse_event",
    ),
    "C04": ("progression",),
    "C05": ("demographics",),
    "C06": ("diagnosis",),
    "C07": ("prior_line",),
    "C08": ("prior_line",),
    "C09": ("prior_line",),
    "C10": ("prior_line",),
    "C11": ("baseline",),
    "C12": ("diagnosis", "baseline", "response"),
    "C13": ("diagnosis",),
    "C14": ("baseline",),
    "C15": ("baseline",),
    "C16": ("prior_line_drug",),
    "C17": ("prior_line", "prior_line_drug"),
    "C18": ("prior_line_drug",),
    "C19": ("prior_line_drug",),
    "C20": ("prior_line_drug",),
    "C21": ("isapd_treatment",),
    "C22": ("prior_line",),
    "C23": ("isapd_treatment",),
    "C24": ("isapd_cycle",),
    "C25": ("isapd_cycle",),
    "C26": ("isapd_cycle",),
    "C27": ("isapd_treatment",),
    "C28": ("isapd_cycle",),
    "C29": ("isapd_cycle",),
    "C30": ("response",),
    "C31": ("isapd_treatment", "subsequent_therapy"),
    "C32": ("progression",),
    "C33": ("response",),
    "C34": ("response",),
    "C35": ("progression",),
    "C36": ("response",),
    "C37": ("follow_up", "isapd_treatment"),
    "C38": ("adverse_event",),
    "C39": ("adverse_event",),
    "C40": ("subsequent_therapy",),
    "C41": ("enrolment",),
    "C42": _EVERY,
    "C43": ("isapd_treatment",),
    "C44": ("follow_up", "isapd_treatment"),
    "C45": ("fish",),
    "C46": ("diagnosis",),
    "C47": ("diagnosis", "baseline", "isapd_treatment", "isapd_cycle", "response", "adverse_event"),
    "C48": ("follow_up",),
    "C49": ("demographics", "prior_line", "prior_line_drug"),
    "C50": ("baseline",),
    "C51": ("response",),
    "C52": ("isapd_treatment",),
    "C53": ("prior_line",),
    "C54": ("prior_line",),
    "C55": ("prior_line",),
    "C56": ("prior_line",),
    "C57": ("follow_up",),
    "C58": ("follow_up",),
}


@dataclass(frozen=True)
class CheckEntry:
    """One edit check in words; the places of its message stand in braces."""

    id: str
    severities: tuple[Severity, ...]
    severity: str
    condition: str
    message: str
    forms: tuple[tuple[str, str], ...]

    def texts(self) -> Iterator[str]:
        """Everything a search looks into."""
        yield from (self.id, self.severity, self.condition, self.message)


def check_entries(*, search: str = "", form: str = "") -> list[CheckEntry]:
    """Edit checks that fit a search and can speak at the form, in the order of the specification."""
    return [
        entry
        for entry in map(_entry, CHECKS)
        if (not form or form in dict(entry.forms)) and fits(search, entry.texts())
    ]


def _entry(check: Check) -> CheckEntry:
    return CheckEntry(
        id=check.id,
        severities=check.severities,
        severity=", ".join(_(severity.label) for severity in check.severities),
        condition=_(check.condition),
        message=_(check.message) % _Places(),
        forms=tuple((name, _(CASE_FORMS[name].label)) for name in FORMS_OF[check.id]),
    )


class _Places(dict[str, str]):
    """Every place of a message by its own name."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"
