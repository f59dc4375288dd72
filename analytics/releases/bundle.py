"""The bundle: a ZIP whose bytes follow from its content alone, with a manifest of SHA-256 sums."""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from analytics.releases import formats
from analytics.releases.content import Content, Progress
from analytics.releases.manifest import MANIFEST

# ZIP knows no earlier instant; a real one would make every build a different file.
EPOCH = (1980, 1, 1, 0, 0, 0)


class Format(Protocol):
    """What a module in `formats` offers."""

    LABEL: str

    def files(self, content: Content, /) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of each file."""
        ...


@dataclass(frozen=True)
class Entry:
    """One file of a bundle."""

    path: str
    size: int
    sha256: str


def all_formats() -> list[Format]:
    """Every module in `formats`, by name: a new format is a new module there."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    return [cast(Format, importlib.import_module(f"{formats.__name__}.{name}")) for name in names]


def write(path: Path, folder: str, content: Content, progress: Progress) -> list[Entry]:
    """Write the bundle to `path`, on the disk for good before it returns.

    Parameters
    ----------
    folder : what it unpacks to.
    progress : told the label of each format before it is written.

    Raises
    ------
    OSError
        When the disk is full; whatever is at `path` then is no bundle.
    """
    gathered: list[tuple[str, bytes]] = []
    for each in all_formats():
        progress(each.LABEL)
        gathered += each.files(content)
    gathered.sort()
    entries = [Entry(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in gathered]
    manifest = "".join(f"{entry.sha256}  {entry.path}\n" for entry in entries).encode()
    with path.open("xb") as file:
        _zip(file, folder, [*gathered, (MANIFEST, manifest)])
        file.flush()
        os.fsync(file.fileno())
    return entries


def _zip(file: object, folder: str, gathered: Iterable[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:  # type: ignore[call-overload]
        for name, data in gathered:
            info = zipfile.ZipInfo(f"{folder}/{name}", EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            # Unix, readable: what ZipInfo would take from the machine that builds.
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data, compresslevel=9)
