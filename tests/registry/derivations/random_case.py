"""Cases nobody would meet: any form, any entry, any gap, dates in any order; all of the dictionary."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from registry.dictionary.catalog import CASE_FORMS, FORMS
from registry.dictionary.variable import Form, Kind, Variable

MEASURED = {
    "hb": (60, 130),
    "creatinine": (5, 40),
    "serum_m_protein": (0, 40),
    "resp_serum_m": (0, 40),
    "urine_m_protein": (0, 3),
    "resp_urine_m": (0, 3),
}


def random_case(seed: int) -> dict[str, Any]:
    """A case in the JSON entry format; measurements as `Entry`, which can be written in two units."""
    random = Random(seed)
    case: dict[str, Any] = {"patient_code": f"IT001-{seed % 10000:04}"}
    gaps = random.choice((0.02, 0.1, 0.4))
    for name, form in CASE_FORMS.items():
        if random.random() < gaps:
            continue
        rows = random.randint(1, 5) if form.repeating else 1
        case[name] = [_row(form, random, gaps) for _row_number in range(rows)]
    case["center_labref"] = [
        _row(FORMS["center_labref"], random, gaps) for _each in range(random.randint(0, 2))
    ]
    return case


def _row(form: Form, random: Random, gaps: float) -> dict[str, Any]:
    row = {}
    for variable in form:
        if random.random() < gaps:
            continue
        if variable.missing and random.random() < gaps:
            row[variable.name] = {"missing": random.choice(variable.missing).value}
        else:
            row[variable.name] = _entry(variable, random)
    return row


class Entry:
    """A measurement, exact in the canonical unit and in another one."""

    def __init__(self, variable: Variable, number: Fraction) -> None:
        unit = variable.unit.ucum if variable.unit else ""
        self.canonical = {"value": _decimal(number), "unit": unit}
        self.other = self.canonical
        for alternative in variable.alternatives:
            if _is_decimal(number / alternative.factor):
                self.other = {"value": _decimal(number / alternative.factor), "unit": alternative.ucum}


def _is_decimal(number: Fraction) -> bool:
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _decimal(number: Fraction) -> str:
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def _entry(variable: Variable, random: Random) -> Any:
    match variable.kind:
        case Kind.TEXT:
            return "text"
        case Kind.INTEGER:
            return random.randint(0, 4)
        case Kind.DECIMAL:
            low, high = MEASURED.get(variable.name, (0, 100))
            return Entry(
                variable, Fraction(random.randint(low, high), 10) * Fraction("1.6114") ** random.randint(0, 1)
            )
        case Kind.DATE:
            return f"{_year(variable, random)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        case Kind.PARTIAL_DATE:
            parts = [
                str(_year(variable, random)),
                f"{random.randint(1, 12):02}",
                f"{random.randint(1, 28):02}",
            ]
            shortest = 2 if variable.name == "death_date" else 1
            return "-".join(parts[: random.randint(shortest, 3)])
        case Kind.BOOLEAN | Kind.CHOICE:
            return random.choice(variable.codes)
        case Kind.MULTICHOICE:
            return random.sample(variable.codes, random.randint(1, 2))


def _year(variable: Variable, random: Random) -> int:
    if variable.name == "birth_date":
        return random.randint(1940, 2023)
    prior = variable.name.startswith(("line_", "drug_", "dx_", "fish_", "labref_"))
    return random.randint(2019, 2022) if prior else random.randint(2021, 2023)


def written(case: dict[str, Any], unit: str = "canonical") -> dict[str, Any]:
    """The case as JSON, its measurements in the one unit or the other."""
    return {
        name: [
            {key: getattr(entry, unit) if isinstance(entry, Entry) else entry for key, entry in row.items()}
            for row in rows
        ]
        if isinstance(rows, list)
        else rows
        for name, rows in case.items()
    }


def shuffled(case: dict[str, Any], seed: int) -> dict[str, Any]:
    """The case with the rows of its repeating forms in another order."""
    random = Random(seed)
    return {
        name: random.sample(rows, len(rows)) if isinstance(rows, list) else rows
        for name, rows in case.items()
    }
