"""Answers to any question of the dictionary, drawn at random, and how a page and the admin post them."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from registry.dictionary.entry import Raw
from registry.dictionary.variable import Kind, Variable

FIRST_DAY, DAYS = date(2015, 1, 1), 3000


def bounds(variable: Variable, widest: tuple[int, int]) -> tuple[int, int]:
    """Whole numbers between which a value is not refused."""
    limits = (variable.hard.minimum, variable.hard.maximum)
    low, high = (
        int(float(limit)) if limit.replace(".", "").isdigit() else default
        for limit, default in zip(limits, widest, strict=True)
    )
    return low, max(low, high)


def entry(variable: Variable, dice: random.Random) -> Raw:
    """An answer that can be stored as a draft; now and then a missing reason."""
    if variable.missing and dice.random() < 0.1:
        return {"missing": dice.choice(variable.missing).value}
    day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    match variable.kind:
        case Kind.TEXT:
            return "".join(dice.choices("abcdefghij klmnopqrst", k=12)).strip() or "text"
        case Kind.INTEGER:
            return str(dice.randint(*bounds(variable, (0, 20))))
        case Kind.DECIMAL:
            low, high = bounds(variable, (1, 20))
            return f"{dice.uniform(low, high):.2f}".replace(".", dice.choice(".,"))
        case Kind.DATE:
            return dice.choice([day.isoformat(), f"{day:%d/%m/%Y}"])
        case Kind.PARTIAL_DATE:
            return dice.choice([day.isoformat(), f"{day:%m/%Y}", f"{day:%Y-%m}"])
        case Kind.BOOLEAN:
            return dice.choice("YN")
        case Kind.CHOICE:
            return dice.choice(variable.codes)
        case Kind.MULTICHOICE:
            return dice.sample(variable.codes, k=min(len(variable.codes), dice.randint(1, 2)))


def entries(variables: Iterable[Variable], dice: random.Random, share: float = 0.5) -> dict[str, Raw]:
    """Answers to about that share of the questions."""
    return {variable.name: entry(variable, dice) for variable in variables if dice.random() < share}


def as_posted(raw: Mapping[str, Raw], mark: str = ".") -> dict[str, Any]:
    """Fields of a form page (`mark` ".") or of an admin page ("_") that answer so."""
    fields: dict[str, Any] = {}
    for name, answer in raw.items():
        if isinstance(answer, Mapping):
            fields |= {name: answer.get("value", "")}
            fields |= {f"{name}{mark}{part}": answer[part] for part in ("unit", "missing") if part in answer}
        else:
            fields[name] = answer
    return fields
