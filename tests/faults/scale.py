"""How long the proofs run: in full by `make faults`, at a tenth in CI (`FAULTS_SCALE=0.1`)."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections


def scaled(full: int) -> int:
    """The number of repetitions, of which `full` is the whole proof."""
    return max(2, round(full * float(os.environ.get("FAULTS_SCALE") or 1)))


def in_parallel(commands: Iterable[Callable[[], Any]], workers: int) -> list[Any]:
    """Run commands in threads of their own, each with its own connections; a refusal is its answer."""

    def run(command: Callable[[], Any]) -> Any:
        try:
            return command()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, list(commands)))


def say(capsys: pytest.CaptureFixture[str], measured: str) -> None:
    """Print what was measured, past pytest's capture."""
    with capsys.disabled():
        print(f"\n{measured}")  # noqa: T201 (its purpose)
