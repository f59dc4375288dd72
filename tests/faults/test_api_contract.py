"""The API answers whatever is sent as its description says: schemathesis against a live server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rest_framework.throttling import UserRateThrottle

from registry.terminology.roles import Role
from tests import factories
from tests.faults.scale import say, scaled
from tests.registry.api.conftest import token_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# Every boundary of every field takes as long however few examples are wanted: in the full proof only.
PHASES = "examples,coverage,fuzzing" if scaled(10) >= 10 else "examples,fuzzing"


def test_no_server_error_and_no_undocumented_answer(live_server, tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "allow_request", lambda *_: True)
    center = factories.center()
    case = factories.case(center)
    token = token_of(factories.user(Role.INVESTIGATOR, at=center))
    config = tmp_path / "schemathesis.toml"
    # Addresses that are there, so that more than 404 is seen.
    config.write_text(
        f'[parameters]\n"path.case_id" = "{case.pk}"\n"path.form" = "response"\n"path.seq" = 1\n'
    )
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={config}",
        "run",
        f"{live_server.url}/api/schema/",
        f"--header=Authorization: Token {token}",
        f"--checks={','.join(CHECKS)}",
        f"--phases={PHASES}",
        f"--max-examples={scaled(300)}",
        # Logging out would end the run.
        "--exclude-path-regex=/auth/",
        "--generation-deterministic",
        "--suppress-health-check=all",
        "--no-color",
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-1000:]
    say(capsys, done.stdout[done.stdout.rfind("SUMMARY") - 40 :])
