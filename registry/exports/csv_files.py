"""A center's data as CSV files in one archive: a file per form, and the codebook. Bounded memory."""

import csv
import io
import shutil
import tempfile
import zipfile
from datetime import date
from typing import Any, BinaryIO

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.harmless import harmless
from registry.exports.codebook import lines as codebook_lines
from registry.exports.content import Content, Number, headings
from registry.imports.reading import CODEBOOK

# Excel takes a file for UTF-8 by this mark only.
_ENCODING = "utf-8-sig"


class CsvFiles:
    """A ZIP archive of CSV files being written; `close` completes it."""

    suffix = "zip"
    media_type = "application/zip"

    def __init__(self, stream: BinaryIO, today: date, delimiter: str = ",") -> None:
        self._stream = stream
        # Where semicolons part the cells, a spreadsheet expects a decimal comma.
        self._delimiter, self._mark = delimiter, "," if delimiter == ";" else "."
        self._files = {name: self._begin() for name in (*CASE_FORMS, CODEBOOK)}
        self._writers = {name: self._writer(file) for name, file in self._files.items()}
        for name in CASE_FORMS:
            self._writers[name].writerow([heading.name for heading in headings(name)])
        self._writers[CODEBOOK].writerows([harmless(text) for text in line] for line in codebook_lines(today))

    def write(self, form: str, cells: list[Content]) -> None:
        """Add a line to the file of a form."""
        self._writers[form].writerow([self._text(content) for content in cells])

    def close(self) -> None:
        """Put the files into the archive."""
        with zipfile.ZipFile(self._stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in self._files.items():
                file.seek(0)
                with file, archive.open(f"{name}.csv", "w") as target:
                    shutil.copyfileobj(file.buffer, target)

    def _begin(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(tempfile.TemporaryFile(), encoding=_ENCODING, newline="")

    def _writer(self, file: io.TextIOWrapper) -> Any:
        return csv.writer(file, delimiter=self._delimiter, lineterminator="\r\n")

    def _text(self, content: Content) -> str:
        match content:
            case None:
                return ""
            case Number(text):
                return text.replace(".", self._mark)
            case date():
                return content.isoformat()
            case _:
                return harmless(content)
