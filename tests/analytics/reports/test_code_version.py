"""The code version follows the code."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from analytics.reports import code_version as module


@pytest.fixture
def sources(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.BASE_DIR = tmp_path
    (tmp_path / "statistics").mkdir()
    (tmp_path / "statistics" / "cox.py").write_text("beta = 1\n")
    (tmp_path / "pipeline.py").write_text("run()\n")
    monkeypatch.setattr(module, "SOURCES", ("statistics", "pipeline.py"))
    return tmp_path


def version() -> str:
    return module.code_version.__wrapped__()


def test_it_is_the_same_for_the_same_code(sources: Path) -> None:
    assert version() == version()


def test_it_names_the_package_version(sources: Path, settings: LazySettings) -> None:
    assert version().startswith(f"{settings.REGISTRY_VERSION}+")


@pytest.mark.parametrize("name", ["statistics/cox.py", "pipeline.py"])
def test_another_line_is_another_version(sources: Path, name: str) -> None:
    before = version()
    (sources / name).write_text("beta = 2\n")
    assert version() != before


def test_another_library_is_another_version(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version()
    monkeypatch.setattr(module, "version", lambda name: "0.0")
    assert version() != before


def test_every_source_it_names_exists(settings: LazySettings) -> None:
    assert all((Path(settings.BASE_DIR) / source).exists() for source in module.SOURCES)
