"""Whether a bundle is what was locked: its own manifest, and the digest the registry recorded."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from analytics.exceptions import DamagedBundle
from analytics.models import Release
from analytics.models.release import ReleaseState
from analytics.releases.manifest import MANIFEST, file_sha256


def check_stored(release: Release) -> Path:
    """The stored bundle of a locked release. Raises DamagedBundle when it is missing or another."""
    path = release.bundle_path
    if not path.is_file() or file_sha256(path) != release.sha256:
        raise DamagedBundle(_("The bundle of this release is missing or damaged. Restore it from a backup."))
    return path


def verify_bundle(path: Path) -> tuple[Release, int]:
    """Check a downloaded bundle; return the release it is and the number of its files.

    Raises
    ------
    DamagedBundle
        Naming the first difference.
    """
    folder, sums = _manifest(path)
    with zipfile.ZipFile(path) as archive:
        names = {name.removeprefix(f"{folder}/") for name in archive.namelist()} - {MANIFEST}
        if names != sums.keys():
            raise DamagedBundle(
                _("Not in the manifest, or not in the bundle: %(name)s") % {"name": min(names ^ sums.keys())}
            )
        for name, expected in sums.items():
            if hashlib.sha256(archive.read(f"{folder}/{name}")).hexdigest() != expected:
                raise DamagedBundle(_("Changed since it was locked: %(name)s") % {"name": name})
    # A manifest can be rewritten along with the files; what the registry recorded cannot.
    release = Release.objects.filter(state=ReleaseState.LOCKED, sha256=file_sha256(path)).first()
    if release is None:
        raise DamagedBundle(_("Consistent in itself, but not a bundle that this registry locked."))
    return release, len(sums)


def _manifest(path: Path) -> tuple[str, dict[str, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            place = next(name for name in archive.namelist() if name.endswith(f"/{MANIFEST}"))
            lines = archive.read(place).decode().splitlines()
    except (OSError, zipfile.BadZipFile, StopIteration, UnicodeDecodeError):
        raise DamagedBundle(
            _("Not a bundle of a release: it cannot be read, or it has no manifest.")
        ) from None
    sums = dict(reversed(line.split("  ", 1)) for line in lines if "  " in line)
    return place.rsplit("/", 1)[0], sums  # type: ignore[return-value]
