"""The manifest of a bundle: one line per file, as `sha256sum` writes and reads them."""

import hashlib
from pathlib import Path

MANIFEST = "SHA256SUMS"
CHUNK = 1 << 20


def file_sha256(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
