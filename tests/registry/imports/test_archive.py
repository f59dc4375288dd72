"""Files made to exhaust a server, to escape a folder, or that are no workbooks."""

import io
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

from registry.exceptions import ImportRefused
from registry.imports import archive
from tests.registry.imports.spreadsheets import reading, rezipped, xlsx

BOOK = xlsx({"baseline": [["own_reference", "hb"], ["a", "11"]]})
SHEET = "xl/worksheets/sheet1.xml"
ROOT = Path(__file__).resolve().parents[3]


def refusal(content: bytes, name: str = "file.xlsx") -> str:
    with pytest.raises(ImportRefused) as refused:
        list(reading(content, name))
    return str(refused.value)


@cache
def bomb() -> bytes:
    """A workbook of one megabyte that inflates to 207."""
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    return rezipped(BOOK, {SHEET: b"<worksheet><sheetData>" + row * (207_000_000 // len(row))})


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb())
    assert path.stat().st_size < 1_500_000
    # In a process of its own, so that the memory measured is that of reading.
    code = """
import resource, sys
import django
django.setup()
from registry.imports.reading import read_file
from registry.exceptions import ImportRefused
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as stream:
    try:
        read_file(stream, "bomb.xlsx")
    except ImportRefused as refused:
        print(refused)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said, grown = done.stdout.splitlines()
    assert said == "The workbook is too large inside: 207 MB. Remove empty formatted rows, or split it."
    assert int(grown) < 50


def test_a_bomb_that_lies_about_its_size_is_not_inflated_beyond_it() -> None:
    content = bytearray(bomb())
    # The uncompressed size of the last member, in its local header and in the directory.
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        member = whole.getinfo(SHEET)
    true = member.file_size.to_bytes(4, "little")
    lie = (1_000_000).to_bytes(4, "little")
    assert content.count(true) == 2
    assert "damaged" in refusal(bytes(content).replace(true, lie))


def test_a_large_workbook_of_many_rows_is_no_bomb() -> None:
    rows = [["own_reference", "hb"], *([f"patient {number}", 11 + number % 7] for number in range(3_000))]
    assert len(list(reading(xlsx({"baseline": rows})))) == 3_000


def test_a_directory_of_too_many_members_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "damaged" in refusal(rezipped(BOOK, {f"x{number}": b"" for number in range(600)}))
    monkeypatch.setattr(archive, "MAX_DIRECTORY", 100)
    assert "damaged" in refusal(BOOK)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../evil", "C:evil", "xl\\evil", ".."])
def test_no_member_may_have_a_name_that_leads_elsewhere(name: str) -> None:
    assert "damaged" in refusal(rezipped(BOOK, {name: b"x"}))


def test_a_member_is_there_once() -> None:
    stream = io.BytesIO(BOOK)
    with zipfile.ZipFile(stream, "a") as book, pytest.warns(UserWarning, match="Duplicate"):
        book.writestr(SHEET, b"<worksheet/>")
    assert "damaged" in refusal(stream.getvalue())


def test_other_ways_to_compress_are_refused() -> None:
    stream = io.BytesIO(BOOK)
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr("extra.xml", b"x" * 100, compress_type=zipfile.ZIP_BZIP2)
    assert "damaged" in refusal(stream.getvalue())


def test_an_encrypted_member_asks_for_the_password_to_be_removed() -> None:
    content = bytearray(BOOK)
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert refusal(bytes(content)) == "The workbook has a password. Save it without one."


def test_an_old_file_or_one_with_a_password_says_what_to_do() -> None:
    said = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old.xls")
    assert said.endswith("Save it as .xlsx without a password.")


def test_other_files_are_told_from_workbooks() -> None:
    assert refusal(b"%PDF-1.7 and more", "file.xlsx").startswith("This is no Excel workbook (.xlsx).")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as other:
        other.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(stream.getvalue(), "file.ods").startswith("This is no Excel workbook (.xlsx).")


@pytest.mark.parametrize(
    "cut", [5, 30, 200, len(BOOK) // 2, len(BOOK) - 1], ids=["5", "30", "200", "half", "all but one"]
)
def test_a_file_that_breaks_off_is_refused(cut: int) -> None:
    assert "damaged" in refusal(BOOK[:cut])


def test_bytes_behind_the_end_are_refused() -> None:
    assert "damaged" in refusal(BOOK + b"more")


def test_a_file_that_is_too_large_or_empty_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"") == "The file is empty."
    monkeypatch.setattr("registry.imports.reading.MAX_FILE", 1_000)
    assert "split it" in refusal(BOOK)
