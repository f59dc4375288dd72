"""Data queries follow the findings: opened at complete rows, closed when their condition is gone.

A person's question closes itself only with the row it is about.

Part of every change of a case, and of the nightly run; what a person does with a query is
`registry.actions.data_query`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.audit.canonical import Image, image
from registry.edit_checks.finding import Finding, Severity
from registry.models import DataQuery, QueryState
from registry.policies.data_query import MAX_TEXT
from registry.selectors.standing import Place, place_of_finding, place_of_query, standing
from registry.selectors.whole_case import WholeCase

# (form, seq, key of the finding) → why it is correct.
Confirmations = Mapping[tuple[str, int, str], str]


@dataclass(frozen=True)
class Followed:
    """The queries of a case after its findings: to insert, and changed, each with its row before."""

    new: Sequence[DataQuery]
    changed: Sequence[tuple[DataQuery, Image]]
    open_by_severity: Mapping[str, int]


def follow(whole: WholeCase, confirmations: Confirmations, name: str, at: datetime) -> Followed:
    """Open, reopen, confirm and close the queries of a case; nothing is saved.

    Parameters
    ----------
    name, at : who acts, and when.
    """
    stored = whole.queries
    before = {query.pk: image(query) for query in stored}
    known = {place_of_query(query): query for query in stored if query.check_id}
    found = standing(whole, whole.findings)
    new = []
    for place, finding in found.items():
        query = known.get(place)
        if query is None:
            query = _opened(whole, finding, place, name, at)
            new.append(query)
        elif query.state == QueryState.CLOSED:
            # What was confirmed for this very answer stays settled.
            query.state = QueryState.CONFIRMED if query.answered_by else QueryState.OPEN
        reason = confirmations.get((query.form, query.seq, finding.key), "")
        if reason.strip() and query.state == QueryState.OPEN and finding.severity is not Severity.ERROR:
            answer(query, QueryState.CONFIRMED, reason, name, at)
    rows = {(form, row.seq) for form, these in whole.rows.items() for row in these}
    for query in stored:
        asked = (query.form, query.seq) in rows if query.is_question else place_of_query(query) in found
        if not asked:
            query.state = QueryState.CLOSED
    severities = [query.severity for query in (*stored, *new) if query.state == QueryState.OPEN]
    return Followed(
        new,
        [(query, before[query.pk]) for query in stored if image(query) != before[query.pk]],
        {severity.value: severities.count(severity.value) for severity in Severity},
    )


def unconfirmed(whole: WholeCase, findings: Iterable[Finding], confirmations: Confirmations) -> list[Finding]:
    """The warnings among `findings` that nobody has confirmed, neither now nor before."""
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    if not warnings:
        return []
    settled = {place_of_query(query) for query in whole.queries if query.answered_at is not None}
    places = ((finding, place_of_finding(whole, finding)) for finding in warnings)
    return [
        finding
        for finding, place in places
        if place not in settled
        and not (place and confirmations.get((place[0], place[1], finding.key), "").strip())
    ]


def answer(query: DataQuery, state: QueryState, text: str, name: str, at: datetime) -> None:
    """Mark a finding as confirmed, or a question as answered; nothing is saved."""
    query.state = state
    query.reason, query.answered_by, query.answered_at = text.strip()[:MAX_TEXT], name, at


def _opened(whole: WholeCase, finding: Finding, place: Place, name: str, at: datetime) -> DataQuery:
    form, seq, variable, check, fingerprint = place
    return DataQuery(
        case=whole.case,
        form=form,
        seq=seq,
        variable=variable,
        check_id=check,
        fingerprint=fingerprint,
        severity=finding.severity.value,
        message=finding.message,
        params=dict(finding.params),
        opened_at=at,
        opened_by=name,
    )
