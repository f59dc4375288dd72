"""`make run`, as far as it shows without starting anything: options arrive, also with spaces."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(
    not (ROOT / ".venv" / "installed").exists(), reason="make would first install everything"
)


def make_run(*variables: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "DATA_DIR", "MAKEFLAGS")
    }
    return subprocess.run(
        ["make", "run", *variables],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("how", ["variable", "environment"])
def test_port_and_folder_arrive(how: str, tmp_path: Path) -> None:
    folder = tmp_path / "a folder, with spaces"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        options = {"PORT": str(other.getsockname()[1]), "DATA_DIR": str(folder)}
        if how == "variable":
            result = make_run(*(f"{name}={value}" for name, value in options.items()))
        else:
            result = make_run(**options)
    assert result.returncode != 0
    assert f"Port {options['PORT']} is already taken" in result.stderr
    # The kept secret is the first thing a start needs, and shows where it looked.
    assert (folder / "secret_key").exists()


def test_every_command_is_listed() -> None:
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    for command in ("make run", "make test", "make check", "make bench", "make faults"):
        assert command in result.stdout
