"""What every benchmark needs."""

import logging
from collections.abc import Iterator

import pytest

from tests.browser.conftest import browser, log_in, page
from tests.faults.stack import stack

__all__ = ["browser", "log_in", "page", "stack"]


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log lines: pytest's capture would be part of what is measured."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
