"""Reports over few patients, without drawings where no test looks at them: they take most of the time."""

from typing import Any

import pytest

from analytics.reports import lease, recompute
from registry.models import Case, Center
from tests import factories


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recompute, "draw", lambda report, known=None: ({}, {}))


@pytest.fixture
def center(db: Any) -> Center:
    return factories.center()


@pytest.fixture
def case(center: Center) -> Case:
    return factories.case(center)


@pytest.fixture(autouse=True)
def no_renewals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that writes inside a transaction shuts out the thread that renews its lease."""
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 3600)
