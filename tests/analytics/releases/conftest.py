"""A registry with something to release, and the people who do it."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from analytics.models import Release
from analytics.releases import workflow
from analytics.releases.formats import report_html
from analytics.reports import lease
from registry.models import Case, Center, User
from registry.public import Actor, today
from registry.terminology.roles import Role
from tests import factories


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Any) -> Any:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def center(db: Any) -> Center:
    return factories.center()


@pytest.fixture
def case(center: Center) -> Case:
    return factories.case(center)


@pytest.fixture
def statistician(db: Any) -> User:
    return factories.user(Role.STATISTICIAN)


@pytest.fixture
def coordinator(db: Any) -> User:
    return factories.user(Role.COORDINATOR)


@pytest.fixture
def propose(statistician: User) -> Callable[..., Release]:
    def propose(by: User = statistician, cutoff: date | None = None, token: str = "") -> Release:
        return workflow.propose(
            Actor.person(by),
            reason="Analysis for the journal",
            cutoff=cutoff or today(),
            token=token or secrets.token_hex(8),
        )

    return propose


@pytest.fixture
def approved(propose: Callable[..., Release], coordinator: User) -> Callable[..., Release]:
    def approved(**options: Any) -> Release:
        return workflow.approve(Actor.person(coordinator), propose(**options).number)

    return approved


@pytest.fixture(autouse=True)
def no_renewals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that writes inside a transaction shuts out the thread that renews its lease."""
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 3600)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No drawings where no test looks at them: they take most of the time."""
    monkeypatch.setattr(report_html, "draw", lambda report: ({}, {}))
