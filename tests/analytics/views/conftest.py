"""Pages of analytics, as people of each role see them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from analytics.releases.formats import report_html
from analytics.reports import lease, recompute
from analytics.views import report
from registry.models import Case
from registry.terminology.roles import Role
from tests import factories


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """One small picture for all, no thread beside a test's transaction, a folder of one's own."""
    drawn = {"digest": "d" * 64, "width": 714, "height": 450}
    named = {"pfs-km_pfs": {"shows": "", "wide": drawn, "narrow": drawn | {"width": 350}}}
    svg = '<svg width="714" height="450"><text fill="#1c1f23">PFS</text></svg>'
    monkeypatch.setattr(recompute, "draw", lambda report, known=None: (named, {"d" * 64: svg}))
    monkeypatch.setattr(report_html, "draw", lambda report: ({}, {}))
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 3600)
    settings.DATA_DIR = tmp_path
    report._body.cache_clear()
    report._summary.cache_clear()


@pytest.fixture
def case(db: Any, snapshot_sees_test: None) -> Case:
    return factories.case(factories.center())


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """A browser in which somebody with these roles is logged in."""

    def client_of(*roles: Role, at: Any = None, user: Any = None) -> Client:
        client = Client()
        client.force_login(user or factories.user(*roles, at=at))
        return client

    return client_of
