"""What somebody has said already about the findings at a row: that they are correct, and why."""

from collections.abc import Mapping

from registry.edit_checks.finding import Finding
from registry.models import Case, DataQuery

# variable, check and fingerprint of a finding
Answered = Mapping[tuple[str, str, str], DataQuery]


def settled_at(case: Case, form: str, seq: int) -> Answered:
    """The answered queries of one row; the caller has the right to the case."""
    queries = DataQuery.objects.filter(case=case, form=form, seq=seq).exclude(answered_at=None).scoped()
    return {(query.variable, query.check_id, query.fingerprint): query for query in queries if query.check_id}


def settlement(answered: Answered, finding: Finding) -> DataQuery | None:
    """Who called a finding correct, for this very answer; None while nobody has."""
    return answered.get((finding.variable, finding.check, finding.fingerprint))
