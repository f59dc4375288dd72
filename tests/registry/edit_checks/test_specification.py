"""The checks against section F of the specification: all of them, as severe as there, in its words."""

import csv
import re
from pathlib import Path

import pytest

from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.check import Check
from registry.edit_checks.finding import Severity

with Path(__file__).with_name("section_f.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["id"]: row for row in csv.DictReader(file)}

# Where the specification's sentence is one example of what can be said.
EXAMPLES = {
    "C11": ("111 g/dL", "111 g/L", "11.1 g/dL"),
    "C16": ("daratumumab",),
}


def test_all_58_in_their_order() -> None:
    assert [check.id for check in CHECKS] == list(ROWS)
    assert len(ROWS) == 58


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_message(check: Check) -> None:
    message = ROWS[check.id]["message"]
    for example in EXAMPLES.get(check.id, ()):
        message = message.replace(example, "{}")
    assert _places(r"%\(\w+\)s", check.message).replace("%%", "%") == _places(r"\{[^}]*\}", message)


def _places(pattern: str, message: str) -> str:
    """The message with {} for whatever is filled in; a number and its unit are one."""
    return re.sub(pattern, "{}", message).replace("{} {}", "{}")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_severities(check: Check) -> None:
    row = ROWS[check.id]
    named = {each for each in Severity if each.value in f"{row['severity']} {row['condition']}"}
    assert set(check.severities) == named - _NOT_ITS_OWN.get(check.id, set())


# "Onset before start is already a range error."
_NOT_ITS_OWN = {"C39": {Severity.ERROR}}
