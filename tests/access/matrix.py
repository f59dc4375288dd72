"""The table of who may do what: `matrix.csv`, read.

One line per route and method that does anything: what each role is answered, `own/foreign` where the route
names a case or a center. A method without a line is refused to everybody. Answers are HTTP statuses; `login`
is the way to the login page. The admin pages of all forms of a case share a line: `{row}`.

To add a route, run the tests: they print the line as it is answered now. Judge every cell of it against the
access model, then put it into the file. A parameter that is new to the tests wants a value in `world.py`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpResponse

from tests.access.world import FOREIGN, OWN, PEOPLE, World

FILE = Path(__file__).with_name("matrix.csv")
# The admin's only sends on to the other one.
_LOGINS = ("/accounts/login/", "/admin/login/")
REFUSED = frozenset({"401", "403", "404", "405", "login"})


@dataclass(frozen=True)
class Line:
    """One route and method; `cells` by person."""

    route: str
    method: str
    cells: dict[str, str]

    @property
    def is_refusal(self) -> bool:
        """Whether nobody is let in."""
        return all(set(self.cells[who].split("/")) <= REFUSED for who in PEOPLE)

    def lets_in(self, who: str) -> bool:
        """Whether a person is let in, at least to what is their own."""
        return self.cells[who].split("/")[0] not in REFUSED

    def __str__(self) -> str:
        return ",".join([f'"{self.route}"', self.method, *(self.cells[who] for who in PEOPLE)])


def read() -> dict[tuple[str, str], Line]:
    """(route, method) → line."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = {(row["route"], row["method"]): Line(row["route"], row["method"], row) for row in rows}
    assert len(lines) == len(rows), "a line stands twice in matrix.csv"
    return lines


def answer(response: HttpResponse) -> str:
    """A response as a cell writes it."""
    if response.status_code == 302 and response["Location"].startswith(_LOGINS):
        return "login"
    return str(response.status_code)


def observed(world: World, line: str, route: str, method: str) -> Line:
    """What is answered now at the addresses of `route`, one of those that `line` of the file stands for."""
    whose = (OWN, FOREIGN) if world.has_foreign(route) else (OWN,)
    cells = {}
    for who in PEOPLE:
        answers = [answer(world.ask(who, method, world.path(route, each))) for each in whose]
        cells[who] = "/".join(dict.fromkeys(answers))
    return Line(line, method, cells)
