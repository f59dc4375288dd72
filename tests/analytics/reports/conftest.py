"""Reports over few patients. The drawings are left out where no test looks at them: they take most of the time."""

from typing import Any

import pytest

from analytics.reports import recompute
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
