"""Anybody can find out whether a bundle is the one that was locked."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analytics.exceptions import DamagedBundle
from analytics.models import Release
from analytics.releases.build import build_approved
from analytics.releases.manifest import MANIFEST
from analytics.releases.verify import check_stored
from registry.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshot_sees_test", "undrawn")]


@pytest.fixture
def release(case: Case, approved: Callable[..., Release]) -> Release:
    approved()
    built = build_approved()
    assert built is not None
    return built


@pytest.fixture
def copy(release: Release, tmp_path: Path) -> Path:
    """A downloaded copy that can be tampered with."""
    path = tmp_path / "copy.zip"
    shutil.copyfile(release.bundle_path, path)
    return path


def rewrite(path: Path, changes: dict[str, bytes | None], *, extra: dict[str, bytes] | None = None) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name in list(files):
        for ending, data in changes.items():
            if name.endswith(ending):
                if data is None:
                    del files[name]
                else:
                    files[name] = data
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (files | (extra or {})).items():
            archive.writestr(name, data)


def verify(path: Path) -> str:
    out = io.StringIO()
    call_command("verify_release", path, stdout=out)
    return out.getvalue()


def test_the_bundle_that_was_locked_passes(release: Release, copy: Path) -> None:
    said = verify(copy)
    assert f"Release {release.number}" in said
    assert f"{len(release.contents)} files unchanged" in said
    assert f"data version {release.data_version}" in said


def test_a_changed_file_is_named(copy: Path) -> None:
    rewrite(copy, {"data/adsl.csv": b"USUBJID\n"})
    with pytest.raises(CommandError, match=r"data/adsl\.csv"):
        verify(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    rewrite(copy, {"codebook.csv": None})
    with pytest.raises(CommandError, match=r"codebook\.csv"):
        verify(copy)


def test_an_added_file_is_named(release: Release, copy: Path) -> None:
    rewrite(copy, {}, extra={f"{release.folder_name}/extra.csv": b"x"})
    with pytest.raises(CommandError, match=r"extra\.csv"):
        verify(copy)


def test_a_rewritten_manifest_does_not_help(release: Release, copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        manifest = archive.read(f"{release.folder_name}/{MANIFEST}").decode()
        old = hashlib.sha256(archive.read(f"{release.folder_name}/data/adsl.csv")).hexdigest()
    forged = manifest.replace(old, hashlib.sha256(b"USUBJID\n").hexdigest())
    rewrite(copy, {"data/adsl.csv": b"USUBJID\n", MANIFEST: forged.encode()})
    with pytest.raises(CommandError, match="not a bundle that this registry locked"):
        verify(copy)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 half"])
def test_what_is_no_bundle_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Not a bundle"):
        verify(path)


def test_a_zip_without_manifest_is_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", "x")
    with pytest.raises(CommandError, match="Not a bundle"):
        verify(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Not a bundle"):
        verify(tmp_path / "nowhere.zip")


def test_the_stored_bundle_is_checked_before_it_is_given_away(release: Release) -> None:
    assert check_stored(release) == release.bundle_path
    release.bundle_path.chmod(0o600)
    with release.bundle_path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(DamagedBundle):
        check_stored(release)
    release.bundle_path.unlink()
    with pytest.raises(DamagedBundle):
        check_stored(release)
