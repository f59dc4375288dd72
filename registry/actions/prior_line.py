"""A prior line entered together with its drugs."""

from collections.abc import Sequence
from dataclasses import replace

from registry.actions import record
from registry.actions.entries import RowEntries
from registry.audit.actor import Actor
from registry.models import Case, CaseRow


def save_with_drugs(
    actor: Actor,
    case: Case,
    line: RowEntries,
    drugs: Sequence[RowEntries],
    *,
    reason: str = "",
    token: str = "",
) -> tuple[CaseRow, list[CaseRow]]:
    """Save a line and rows of its drugs, all or none; the drugs take the line's number.

    Returns
    -------
    The line, and those of its drugs that were not removed.

    Raises
    ------
    As `record.save_forms`.
    """
    number = line.entries.get("line_no")
    numbered = [
        drug if drug.is_removed else replace(drug, entries={**drug.entries, "line_no_ref": number})
        for drug in drugs
    ]
    saved = record.save_forms(
        actor, case, {"prior_line": [line], "prior_line_drug": numbered}, reason=reason, token=token
    )
    return saved["prior_line"][0], saved["prior_line_drug"]
