"""Fixtures of the fault tests."""

from tests.faults.stack import stack

__all__ = ["stack"]
