"""No cell runs in a spreadsheet; no number is hurt."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.releases.csv_text import csv_bytes
from registry.dictionary.harmless import harmless


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "-", "+"])
def test_a_formula_is_only_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-1", "-1.5", "+2", "1e-5", "-.5", "", "P0001", "2021-03-04", "≥70", "a=b"])
def test_numbers_and_words_stay(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_null_is_dropped_before_looking() -> None:
    assert harmless("\0=1+1") == "'=1+1"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), min_size=2, max_size=2)
    )
)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    text = csv_bytes(["a", "b"], rows).decode()
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *[[harmless(cell) for cell in row] for row in rows]]
