"""What the edit checks say, as the API tells it."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from registry.edit_checks.finding import Finding, Severity
from registry.forms.wording import message_of
from registry.selectors.whole_case import WholeCase


class FindingSerializer(serializers.Serializer[Any]):
    """One finding; `key` is the name under which its row's confirmations call it."""

    check = serializers.CharField()
    key = serializers.CharField()
    severity = serializers.ChoiceField(choices=[severity.value for severity in Severity])
    form = serializers.CharField()
    seq = serializers.IntegerField(help_text="Of the row; 1 for a form that does not repeat.")
    variable = serializers.CharField(help_text="Empty: the row as a whole.")
    message = serializers.CharField()


def told(findings: Iterable[Finding], whole: WholeCase | None = None) -> list[dict[str, Any]]:
    """Findings as JSON, each at its row.

    Parameters
    ----------
    whole : the case; without it rows are numbered as they were sent.
    """
    return [
        {
            "check": finding.check,
            "key": finding.key,
            "severity": finding.severity.value,
            "form": finding.form,
            "seq": _seq(finding, whole),
            "variable": finding.variable,
            "message": message_of(finding),
        }
        for finding in findings
    ]


def _seq(finding: Finding, whole: WholeCase | None) -> int:
    row = whole.row_at(finding) if whole else None
    return row.seq if row else finding.index + 1
