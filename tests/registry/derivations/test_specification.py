"""Every row of the specification's example tables is a test here, word for word."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import tests.registry.derivations as package

SPECIFICATION = Path(__file__).parents[4] / "shared" / "clinical" / "derivations.md"
DERIVED = (*range(1, 26), *range(28, 34))
CATEGORIES = ("sCR", "CR", "VGPR", "PR", "MR", "SD")


def rows_of(text: str) -> dict[str, list[str]]:
    """Rows of the tables of each derivation, their headings aside."""
    found: dict[str, list[str]] = {}
    section = ""
    after_rule = False
    for line in text.splitlines():
        heading = re.match(r"## (D\d\d|\w)", line)
        section = heading[1] if heading else section
        if line.startswith("|---"):
            after_rule = True
        elif not line.startswith("|"):
            after_rule = False
        elif after_rule:
            cells = (cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))
            found.setdefault(section, []).append(" | ".join(cells))
    return found


def rows_under_test() -> set[str]:
    """Keys of every table of examples in this package's test modules."""
    rows: set[str] = set()
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("test_") and module.name != "test_specification":
            members = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
            rows |= {
                key
                for table in members.values()
                if isinstance(table, dict)
                for key in table
                if " | " in str(key)
            }
    return rows


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside the project")
@pytest.mark.parametrize("number", DERIVED)
def test_every_row_is_tested(number: int) -> None:
    rows = rows_of(SPECIFICATION.read_text(encoding="utf-8")).get(f"D{number:02}", [])
    # D18's first table is the rule, its second the examples.
    wanted = {row for row in rows if row.split(" | ")[0] not in CATEGORIES}
    assert wanted - rows_under_test() == set()


def test_the_tables_are_read() -> None:
    text = "## D01 x\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## E. y\n| c |\n|---|\n| 3 |\n"
    assert rows_of(text) == {"D01": ["1 | 2"], "E": ["3"]}
    assert len(rows_under_test()) > 100
