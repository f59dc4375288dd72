"""Ten thousand cases through `manage.py derive`."""

import io
import json
import time

import pytest
from django.core.management import call_command

from tests.benchmarks.ratio import say
from tests.registry.derivations.fixture_e import CASE

pytestmark = pytest.mark.benchmark

CASES = 10_000


def test_derive(tmp_path):
    """Goal: 10,000 cases of section E in ≤ 20 s; processor time, so that a busy machine does not count."""
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{json.dumps(CASE)}\n" * CASES)
    out = io.StringIO()
    started = time.process_time()
    call_command("derive", str(path), stdout=out)
    seconds = time.process_time() - started
    assert out.getvalue().count("\n") == CASES
    say("10,000 cases derived, processor time", seconds, "s", goal="≤ 20 s")
    assert seconds <= 20
