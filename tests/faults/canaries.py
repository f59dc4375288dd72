"""Values that stand nowhere else: where one shows up, a patient's data have been."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from registry.dictionary.entry import Raw
from registry.dictionary.variable import Kind, Variable
from tests.faults.entries import FIRST_DAY, bounds, entry

LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass
class Canaries:
    """Draws answers that can be told from all others, and remembers them.

    Attributes
    ----------
    texts, numbers, days : as they may show, by kind. A choice or a small number tells nobody from another,
        so those questions get any answer.
    """

    dice: random.Random
    texts: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        return self.texts | self.numbers | self.days

    def answers(self, variables: Iterable[Variable]) -> dict[str, Raw]:
        """An answer to every question."""
        return {variable.name: self.answer(variable) for variable in variables}

    def answer(self, variable: Variable) -> Raw:
        match variable.kind:
            case Kind.TEXT:
                return self.text()
            case Kind.DECIMAL:
                low, high = bounds(variable, (1, 20))
                number = (
                    f"{self.dice.randint(low, max(low, high - 1))}.{self.dice.randrange(100_000, 999_999)}"
                )
                self.numbers.add(number)
                return number
            case Kind.DATE | Kind.PARTIAL_DATE:
                day = FIRST_DAY + timedelta(days=self.dice.randrange(2500))
                self.days |= {day.isoformat(), f"{day:%d/%m/%Y}"}
                return day.isoformat()
            case _:
                return entry(variable, self.dice)

    def text(self) -> str:
        """A word nobody has written before."""
        word = "qx" + "".join(self.dice.choices(LETTERS, k=14))
        self.texts.add(word)
        return word

    def found_in(self, text: str) -> set[str]:
        """Those that stand in a text."""
        return {each for each in self.all if each in text}
