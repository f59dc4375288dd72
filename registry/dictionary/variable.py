"""What the data dictionary says of one variable and of one form."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from registry.dictionary.bounds import Bound, parse_bound
from registry.dictionary.conditions import Condition, parse_condition
from registry.terminology.missing import Missing


class Kind(StrEnum):
    """Type of a variable, in the dictionary's words."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"


class Identifying(StrEnum):
    """How near a variable brings a reader to a person.

    `DIRECT` never leaves a center's own pages; `QUASI` leaves only under a release's rules.
    """

    NO = "no"
    QUASI = "quasi"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the code that is stored, and what people read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its UCUM code, and how people write it when that differs."""

    ucum: str
    display: str = ""

    def __str__(self) -> str:
        return self.display or self.ucum


@dataclass(frozen=True, slots=True)
class AlternativeUnit:
    """Another unit a laboratory may print, and the exact conversion to the canonical one.

    `conversion` is "*factor" or "/divisor", kept as written so that no digit is lost.
    """

    ucum: str
    conversion: str

    @property
    def factor(self) -> Fraction:
        number = Fraction(self.conversion[1:])
        return number if self.conversion[0] == "*" else 1 / number

    def __str__(self) -> str:
        return _SPOKEN_UNITS.get(self.ucum, self.ucum)


# UCUM codes no laboratory prints as such.
_SPOKEN_UNITS = {
    "umol/L": "µmol/L",
    "ug/mL": "µg/mL",
    "ukat/L": "µkat/L",
    "[lb_av]": "lb",
    "[in_i]": "in",
    "10*3/uL": "×10³/µL",
    "/uL": "/µL",
    "g/(24.h)": "g/24 h",
    "cm2": "cm²",
}


@dataclass(frozen=True)
class Limits:
    """Lowest and highest value as the dictionary writes them.

    "2", "2015-01-01", "today", "isapd_start_date minus 90 days".
    """

    minimum: str = ""
    maximum: str = ""

    @cached_property
    def lower(self) -> Bound | None:
        return parse_bound(self.minimum) if self.minimum else None

    @cached_property
    def upper(self) -> Bound | None:
        return parse_bound(self.maximum) if self.maximum else None


@dataclass(frozen=True)
class Variable:
    """One row of the data dictionary.

    `required` is "always", "no" or "when …"; `shown` is a condition or "" (always shown). `hard` limits
    refuse a value, `soft` limits ask for a confirmation with a reason.
    """

    name: str
    label: str
    kind: Kind
    unit: Unit | None = None
    alternatives: tuple[AlternativeUnit, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: str = "no"
    shown: str = ""
    hard: Limits = Limits()
    soft: Limits = Limits()
    missing: tuple[Missing, ...] = ()
    standard: str = ""
    identifying: Identifying = Identifying.NO
    core: bool = False
    source: str = ""

    @property
    def required_when(self) -> Condition:
        """When an answer is owed."""
        return parse_condition(self.required)

    @property
    def shown_when(self) -> Condition:
        """When the question applies."""
        return parse_condition(self.shown or "always")

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)

    def choice(self, code: str) -> Choice:
        """The choice with this code; raises KeyError when there is none."""
        for choice in self.choices:
            if choice.code == code:
                return choice
        raise KeyError(code)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """UCUM codes a value may be typed in, the canonical one first."""
        return ((self.unit.ucum,) if self.unit else ()) + tuple(unit.ucum for unit in self.alternatives)

    @cached_property
    def _factors(self) -> dict[str, Fraction]:
        canonical = {self.unit.ucum if self.unit else "": Fraction(1)}
        return {unit.ucum: unit.factor for unit in self.alternatives} | canonical

    def factor(self, ucum: str) -> Fraction:
        """Exact factor from `ucum` to the canonical unit; raises KeyError for a unit not listed."""
        return self._factors[ucum]


@dataclass(frozen=True)
class Form:
    """One form of the dictionary: its variables in order, and what repeats ("per line"), if anything."""

    name: str
    label: str
    variables: tuple[Variable, ...]
    repeating: str = ""

    def __iter__(self) -> Iterator[Variable]:
        return iter(self.variables)

    @cached_property
    def _by_name(self) -> dict[str, Variable]:
        return {variable.name: variable for variable in self.variables}

    def variable(self, name: str) -> Variable:
        """The variable with this name; raises KeyError when the form has none."""
        return self._by_name[name]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(variable.name for variable in self.variables)
