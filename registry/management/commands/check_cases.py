"""`manage.py check_cases FILE.jsonl`: what the edit checks say of cases from a file, without a database."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from registry.derivations.case import derive
from registry.dictionary.facts import Facts, Record
from registry.edit_checks.case import findings
from registry.edit_checks.check import Context
from registry.edit_checks.finding import Finding
from registry.edit_checks.rules import DEFAULT, Rules
from registry.edit_checks.schema import schemas
from registry.forms.wording import message_of
from registry.management.case_lines import Answer, CaseLinesCommand, day_argument, settings_of
from registry.today import today


class Command(CaseLinesCommand):
    """Findings of each case; that it looks like another one (C41) is not among them."""

    help = "Check cases from a file with one JSON object per line; uses no database."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--today", type=day_argument, metavar="DATE", help="the day the checks are made for"
        )
        parser.add_argument("--rules", metavar="FILE", help="JSON object of settings of the checks")

    def answer(self, options: Mapping[str, Any]) -> Answer:
        rules = settings_of(options["rules"], Rules.from_json, DEFAULT, "rules")
        day = options["today"] or today()

        def checked(facts: Facts) -> Mapping[str, Any]:
            facts = _with_patient_code(facts)
            found = findings(Context(facts, derive(facts), day, rules))
            return {"findings": [_told(finding) for finding in found]}

        return checked

    def schema(self) -> Mapping[str, object]:
        return schemas()


def _with_patient_code(facts: Facts) -> Facts:
    """The dictionary asks for the patient code on the enrolment form; it is the case's."""
    rows = facts.rows("enrolment")
    if not rows or not facts.patient_code:
        return facts
    coded = tuple(Record(row.form, {"patient_code": facts.patient_code, **row}) for row in rows)
    return replace(facts, forms={**facts.forms, "enrolment": coded})


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "form": finding.form,
        "row": finding.index + 1,
        "variable": finding.variable,
        "message": message_of(finding),
    }
