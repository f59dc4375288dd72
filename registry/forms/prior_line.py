"""A prior line and its drugs on one page: a regimen proposes the drugs, the line's dates are theirs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.dictionary.catalog import FORMS
from registry.dictionary.facts import Facts, Record
from registry.exceptions import Incomplete, InvalidEntries, Unconfirmed
from registry.forms.as_typed import AsTyped, as_typed
from registry.forms.form_page import Errors
from registry.forms.grid_posted import PostedRow, new_key
from registry.forms.grid_rows import places
from registry.forms.posted import Posted, Typed
from registry.forms.suggestions import suggestions
from registry.forms.wording import message_of
from registry.models import CaseRow
from registry.selectors.whole_case import WholeCase
from registry.terminology.regimens import MAINTENANCE, REGIMENS, find

LINE, DRUGS = FORMS["prior_line"], FORMS["prior_line_drug"]
# The drugs take the number of their line.
NUMBER = "line_no_ref"


def first_answers(facts: Facts) -> dict[str, Typed]:
    """What a new line begins with: its number, counted from 1 without a gap."""
    found = suggestions("prior_line", facts, Record(LINE))
    return {"line_no": Typed(text=found["line_no"])}


def drugs_of(whole: WholeCase, line: CaseRow | None) -> list[CaseRow]:
    """The stored drugs of a stored line."""
    if line is None or line.line_no is None:
        return []
    return [row for row in whole.rows["prior_line_drug"] if row.line_no_ref == line.line_no]


def of_line(rows: Sequence[PostedRow], whole: WholeCase, line: CaseRow | None) -> list[PostedRow]:
    """The posted rows without those that are another line's."""
    others = {row.seq for row in whole.rows["prior_line_drug"]} - {row.seq for row in drugs_of(whole, line)}
    return [row for row in rows if row.seq not in others]


def blank(rows: Sequence[PostedRow]) -> PostedRow:
    """One more drug."""
    return PostedRow(new_key(rows), Posted({}))


def propose(
    rows: Sequence[PostedRow], line: Posted, regimen: str, maintenance: str
) -> tuple[list[PostedRow], str]:
    """Add the drugs of a regimen, and of what followed it within the line, to the rows of the page.

    What was proposed before and nobody has touched gives way; what is stored or was typed stays.

    Returns
    -------
    The rows, and a sentence on what was done.
    """
    found, after = find(regimen), find(maintenance, MAINTENANCE)
    for text, known in ((regimen, found), (maintenance, after)):
        if text.strip() and known is None:
            return list(rows), _("“%(name)s” is not among the regimens: add its drugs below.") % {
                "name": text.strip()[:40]
            }
    kept = [row for row in rows if not (row.seq is None and (row.is_proposed or row.is_blank))]
    given = {option for row in kept for option in row.posted.typed.get("drug", Typed()).options}
    first, later = (each.drugs if each else () for each in (found, after))
    codes = [code for code in dict.fromkeys((*first, *later)) if code not in given]
    for code in codes:
        kept.append(replace(_proposed(code, first, later, line), key=new_key(kept)))
    count = len(codes)
    return kept, ngettext("%(count)s drug proposed.", "%(count)s drugs proposed.", count) % {"count": count}


def followed(rows: Sequence[PostedRow]) -> Callable[[PostedRow], Mapping[str, str]]:
    """Which dates of the line a new drug repeats until it gets its own ("defaults to line_start")."""
    phases = {row.key: row.posted.typed.get("drug_phase", Typed()).options for row in rows}
    goes_on = any("MAINT" in these for these in phases.values())
    return lambda row: _dates(phases.get(row.key, ()), goes_on=goes_on)


def with_drugs(now: AsTyped, drugs: Sequence[PostedRow], whole: WholeCase) -> Facts:
    """The case with the line and its drugs as they are typed."""
    typed_rows = [
        (place, sent) for place, sent in places(DRUGS, drugs, whole) if not (sent.is_blank or sent.is_removed)
    ]
    records = [as_typed(place, sent.posted).kept for place, sent in typed_rows]
    number = {NUMBER: now.kept["line_no"]}
    here = {sent.seq for sent in drugs}
    stored = zip(whole.rows[DRUGS.name], whole.facts.rows(DRUGS.name), strict=True)
    others = [record for row, record in stored if row.seq not in here]
    rows = (*others, *(Record(DRUGS, {**record, **number}) for record in records))
    return replace(now.facts, forms={**now.facts.forms, DRUGS.name: rows})


def regimen_names() -> tuple[list[str], list[str]]:
    """Names to choose from: of regimens, and of what is given as maintenance."""
    return [each.name for each in REGIMENS], [each.name for each in MAINTENANCE]


def line_errors(refused: InvalidEntries | Incomplete | Unconfirmed) -> Errors:
    """Question of the line → messages; "" for the page as a whole."""
    if isinstance(refused, InvalidEntries):
        return {name: texts for (form, _number, name), texts in refused.errors.items() if form == LINE.name}
    found: dict[str, list[str]] = {"": [str(refused)]}
    if isinstance(refused, Incomplete):
        for finding in refused.findings:
            if finding.form == LINE.name:
                found.setdefault(finding.variable, []).append(message_of(finding))
    return found


def _proposed(code: str, first: Sequence[str], later: Sequence[str], line: Posted) -> PostedRow:
    """One drug as it is usually given, with the dates of the line that are its own."""
    phases = (*(("IND",) if code in first else ()), *(("MAINT",) if code in later else ()))
    answers = {"drug": Typed(options=(code,)), "drug_phase": Typed(options=phases)}
    dates = _dates(phases, goes_on=bool(later))
    answers |= {name: line.typed.get(question, Typed()) for name, question in dates.items()}
    return PostedRow("n1", Posted(answers), is_proposed=True)


def _dates(phases: Collection[str], *, goes_on: bool) -> dict[str, str]:
    """Induction begins with the line; it ends with it, unless maintenance does."""
    begins = {} if phases and "IND" not in phases else {"drug_start": "line_start"}
    ends = {} if goes_on and "MAINT" not in phases else {"drug_last_dose": "line_stop"}
    return begins | ends
