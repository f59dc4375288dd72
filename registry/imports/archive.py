"""The zip file a workbook is, opened only when it is small enough inside as well as outside.

Only its members are read, through memory; nothing is ever unpacked to disk.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _

from registry.exceptions import ImportRefused

# All forms of 2,000 patients, 108,000 rows, were 48 MB of XML in a file of 6 MB.
MAX_INFLATED = 256_000_000
# Spreadsheets shrink 10 to 30 times.
MAX_RATIO = 100
ALWAYS_FINE = 4_000_000
CONTENT_TYPES = "[Content_Types].xml"
MAX_MEMBERS = 500
MAX_DIRECTORY = 100_000

_END = struct.Struct("<4s4H2LH")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSAFE_NAME = re.compile(r"[\\:\x00-\x1f]|^/|(?:^|/)\.\.(?:/|$)")


def damaged() -> ImportRefused:
    """The refusal of a file that breaks off or contradicts itself."""
    return ImportRefused(_("The workbook is damaged. Open it in your spreadsheet program and save it again."))


def not_a_workbook() -> ImportRefused:
    """The refusal of a file of another kind."""
    return ImportRefused(_("This is no Excel workbook (.xlsx). Save it as one, or as CSV in UTF-8."))


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Whatever zip, inflating or XML trip over is a damaged file."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        ExpatError,
        EOFError,
        OSError,
        struct.error,
        ValueError,
        LookupError,
        NotImplementedError,
        OverflowError,
    ) as error:
        raise damaged() from error


def is_zip(start: bytes) -> bool:
    """Whether a file that starts so is a zip file."""
    return start.startswith(b"PK")


def is_old_office(start: bytes) -> bool:
    """Whether a file that starts so is an .xls file, or a workbook with a password."""
    return start.startswith(_OLD_OFFICE)


class Archive:
    """The members of a workbook's zip file.

    Raises
    ------
    ImportRefused
        When the file is damaged, encrypted, too large inside, or not made as a workbook is.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        _check_directory(stream, size)
        with refusing_damage():
            self._zip = zipfile.ZipFile(stream)
        self._members = {member.filename: member for member in self._zip.infolist()}
        self._check_members(size)

    def _check_members(self, size: int) -> None:
        members = self._zip.infolist()
        if CONTENT_TYPES not in self._members:
            raise not_a_workbook()
        if any(member.flag_bits & 0x1 for member in members):
            raise ImportRefused(_("The workbook has a password. Save it without one."))
        # Names that would escape a folder, or that mean two things: no spreadsheet program writes them.
        if len(self._members) < len(members) or any(_UNSAFE_NAME.search(name) for name in self._members):
            raise damaged()
        if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
            raise damaged()
        # A member is never inflated beyond its declared size, so these are the actual sizes too.
        inflated = sum(member.file_size for member in members)
        if inflated > MAX_INFLATED or inflated > max(MAX_RATIO * size, ALWAYS_FINE):
            raise ImportRefused(
                _("The workbook is too large inside: %(size)s MB. Remove empty formatted rows, or split it.")
                % {"size": inflated // 1_000_000}
            )

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Size of a member when inflated, in bytes."""
        return self._members[name].file_size

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream; reading it can raise what `refusing_damage` understands."""
        with refusing_damage():
            return self._zip.open(self._members[name])


def _check_directory(stream: BinaryIO, size: int) -> None:
    """Refuse a directory too long to be read: a small file can list millions of members."""
    end_and_locator = 20 + _END.size
    if size < end_and_locator:
        raise damaged()
    stream.seek(size - end_and_locator)
    tail = stream.read(end_and_locator)
    signature, _disk, _first, _here, count, length, _offset, comment = _END.unpack(tail[-_END.size :])
    # The end record has to be the very end, and no second one of 64 bits may stand before it: so zipfile is
    # certain to read the same.
    if signature != b"PK\x05\x06" or comment or tail.startswith(b"PK\x06\x07"):
        raise damaged()
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise damaged()


def target(folder: str, path: str) -> str:
    """Name of the member that a relationship in `folder` points to."""
    return str(PurePosixPath(folder, path)).removeprefix("/")
