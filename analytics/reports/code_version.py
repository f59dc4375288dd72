"""Which code computes: the package's version and a hash of all sources and libraries behind a number."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

SOURCES = (
    "analytics/extraction",
    "analytics/statistics",
    "analytics/sections",
    "analytics/figures",
    "analytics/tables",
    "analytics/reports/pipeline.py",
    "registry/derivations",
    "registry/dictionary",
    "registry/terminology",
)
LIBRARIES = ("numpy", "scipy", "pandas", "lifelines", "altair", "vl-convert-python")


@cache
def code_version() -> str:
    """Version and hash, such as "0.1.0+3f2a…"; read once per process, as the code is."""
    digest = sha256()
    root = Path(settings.BASE_DIR)
    for path in sorted(_files(root)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)}\0".encode())
    return f"{settings.REGISTRY_VERSION}+{digest.hexdigest()[:16]}"


def _files(root: Path) -> list[Path]:
    found: list[Path] = []
    for source in SOURCES:
        path = root / source
        found += [path] if path.is_file() else path.rglob("*.py")
    return found
