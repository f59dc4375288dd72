"""Every style sheet and script is served from here, by a name that changes with its content."""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from registry import settings as production


def test_the_manifest_can_be_built_and_holds_what_pages_need(tmp_path: Path) -> None:
    storages = {
        **production.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        # Fails where a style sheet refers to a file that is not there.
        call_command("collectstatic", interactive=False, verbosity=0)
        paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for name in (
        "bootstrap/css/bootstrap.min.css",
        "bootstrap/js/bootstrap.bundle.min.js",
        "django_htmx/htmx-2.min.js",
        "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js",
        "admin/css/base.css",
    ):
        assert name in paths
        assert (tmp_path / paths[name]).is_file()


@pytest.mark.parametrize("name", ["bootstrap/css/bootstrap.min.css"])
def test_tests_need_no_manifest(name: str) -> None:
    assert staticfiles_storage.url(name) == f"/static/{name}"
