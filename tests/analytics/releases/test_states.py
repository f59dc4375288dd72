"""The drawing of the states is the table the code goes by."""

import re
from pathlib import Path

from analytics.models.release import TRANSITIONS
from analytics.releases import manifest

DRAWING = (Path(manifest.__file__).parent / "states.md").read_text()
KNOWN = {(str(state), str(target)) for state, targets in TRANSITIONS.items() for target in targets}


def test_every_arrow_is_a_transition_and_every_transition_an_arrow() -> None:
    assert set(re.findall(r"^    (\w+) --> (\w+)$", DRAWING, re.MULTILINE)) == KNOWN


def test_every_row_of_the_table_is_a_transition_and_every_transition_a_row() -> None:
    assert set(re.findall(r"^\| (\w+) \| (\w+) \|", DRAWING, re.MULTILINE)) - {("from", "to")} == KNOWN


def test_what_ends_there_is_drawn_as_an_end() -> None:
    ends = {str(state) for state, targets in TRANSITIONS.items() if not targets}
    assert set(re.findall(r"^    (\w+) --> \[\*\]$", DRAWING, re.MULTILINE)) == ends
