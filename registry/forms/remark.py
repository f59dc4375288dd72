"""What the edit checks say at a field: the sentence, and for what is only doubtful a place for the reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.dictionary.variable import Variable
from registry.edit_checks.finding import Finding, Severity
from registry.forms.wording import label_of, message_of
from registry.models import DataQuery
from registry.selectors.settled import Answered, settlement
from registry.terminology.text import gettext_noop

# What is owed is said once, in the header.
OWED = "required"
UNIT_CHECKS = frozenset({"C11", "C12"})

# Why an unusual answer is correct after all, as people say it again and again.
USUAL_REASONS = (
    gettext_noop("Checked against the source"),
    gettext_noop("Confirmed by the laboratory"),
    gettext_noop("Confirmed by the treating physician"),
    gettext_noop("Known and documented before"),
)


@dataclass(frozen=True)
class Remark:
    """One finding at a field.

    Attributes
    ----------
    name : the field; "" for the row as a whole.
    unit : the unit that was probably meant.
    reason : why it is correct, as typed now.
    settled : who has said so before.
    is_refused : a save was refused for want of the reason.
    """

    name: str
    label: str
    check: str
    key: str
    fingerprint: str
    severity: Severity
    message: str
    unit: str = ""
    reason: str = ""
    settled: DataQuery | None = None
    is_refused: bool = False

    @property
    def asks(self) -> bool:
        """Whether a reason can be given: nobody can call an error correct."""
        return self.severity is not Severity.ERROR and self.settled is None

    @property
    def must_be_confirmed(self) -> bool:
        return self.asks and self.severity is Severity.WARNING

    @property
    def id(self) -> str:
        """Id of the field for the reason."""
        return f"confirm-{self.key.replace('.', '-')}"


def remarks(
    found: Iterable[Finding],
    variables: Iterable[Variable],
    answered: Answered,
    reasons: Mapping[str, str],
    *,
    refused: bool = False,
) -> list[Remark]:
    """Findings of one row as its page shows them.

    Parameters
    ----------
    reasons : those typed so far, by key of the finding.
    refused : whether a save was refused, perhaps for want of one of them.
    """
    labels = {variable.name: label_of(variable) for variable in variables}
    made = []
    for finding in found:
        if finding.check == OWED:
            continue
        settled, reason = settlement(answered, finding), reasons.get(finding.key, "")
        doubtful = finding.severity is Severity.WARNING and settled is None
        made.append(
            Remark(
                name=finding.variable if finding.variable in labels else "",
                label=labels.get(finding.variable, ""),
                check=finding.check,
                key=finding.key,
                fingerprint=finding.fingerprint,
                severity=finding.severity,
                message=message_of(finding),
                unit=_meant_unit(finding),
                reason=reason,
                settled=settled,
                is_refused=refused and doubtful and not reason,
            )
        )
    return made


def unreadable(why: Mapping[str, str]) -> dict[str, list[Remark]]:
    """Field → what is wrong with an entry that makes no value."""
    return {
        name: [Remark(name, "", "entry", f"entry.{name}", message, Severity.ERROR, message)]
        for name, message in why.items()
    }


def _meant_unit(finding: Finding) -> str:
    """The unit a number was probably printed in, where a check says so (C11, C12)."""
    if finding.check not in UNIT_CHECKS:
        return ""
    return str(finding.params.get("likely_unit") or finding.params.get("unit", ""))


def by_field(all_remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    """Field → its remarks; "" for the row as a whole."""
    found: dict[str, list[Remark]] = {}
    for remark in all_remarks:
        found.setdefault(remark.name, []).append(remark)
    return found


def usual_reasons() -> Iterator[str]:
    """Reasons to choose from."""
    return (_(reason) for reason in USUAL_REASONS)
