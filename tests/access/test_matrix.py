"""X1: every route, every method, every role, one's own and foreign: answered as `matrix.csv` says."""

from collections.abc import Iterator

import pytest

from tests.access import matrix, routes
from tests.access.world import PEOPLE, World

LINES = matrix.read()
ROUTES = sorted(routes.routes())


def test_every_line_is_of_a_route_there_is():
    assert {route for route, _ in LINES} <= set(ROUTES)


@pytest.mark.parametrize("line", ROUTES)
def test_answers(world: World, line: str):
    assert any((line, method) in LINES for method in routes.METHODS), (
        f"{line!r} is not in tests/access/matrix.csv. Judge what is answered now, then add it:\n"
        + "\n".join(str(each) for each in _answered(world, line) if not each.is_refusal)
    )
    _check(world, line, every=False)


@pytest.mark.faults
@pytest.mark.parametrize("line", [line for line in ROUTES if "{row}" in line])
def test_answers_for_every_form(world: World, line: str):
    _check(world, line, every=True)


def _check(world: World, line: str, *, every: bool) -> None:
    wrong = []
    for found in _answered(world, line, every=every):
        expected = LINES.get((line, found.method))
        if expected is None and found.is_refusal:
            continue
        if expected is None or any(found.cells[who] != expected.cells[who] for who in PEOPLE):
            wrong.append(f"{found}\n  expected: {expected or 'refused to everybody'}")
    assert not wrong, "answered otherwise than tests/access/matrix.csv says:\n" + "\n".join(wrong)


def _answered(world: World, line: str, *, every: bool = False) -> Iterator[matrix.Line]:
    for route in routes.unfolded(line, every=every):
        for method in routes.METHODS:
            yield matrix.observed(world, line, route, method)
