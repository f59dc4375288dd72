"""Fixtures of the fault tests."""

from tests.browser.conftest import browser
from tests.faults.stack import stack

__all__ = ["browser", "stack"]
