"""What an edit check is: a rule of the specification, and the function that looks for where it fires."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from registry.derivations.derived import Derived
from registry.derivations.history import History, read_history
from registry.derivations.index_start import index_start
from registry.derivations.observation import Observation, observe
from registry.dictionary.facts import Facts
from registry.edit_checks.finding import Severity
from registry.edit_checks.rules import Rules


@dataclass(frozen=True)
class Context:
    """A case as the checks look at it.

    Attributes
    ----------
    derived : its derived variables, computed without a cutoff.
    today : the day the checks are made for; a data cutoff where there is one.
    has_twin : whether another record looks like the same patient (C41); only a selector can know.
    """

    facts: Facts
    derived: Mapping[str, Derived]
    today: date
    rules: Rules
    has_twin: bool = False

    @cached_property
    def start(self) -> date | None:
        """First day of IsaPd."""
        return index_start(self.facts)

    @cached_property
    def history(self) -> History:
        """Prior lines and their drugs."""
        return read_history(self.facts, self.start)

    @cached_property
    def recorded(self) -> History:
        """The same as entered, with lines that began with IsaPd or later, which do not count as prior."""
        return read_history(self.facts, None)

    @cached_property
    def observation(self) -> Observation:
        """Last evidence of life, and death, without a cutoff."""
        return observe(self.facts, self.start, None)

    def value(self, name: str) -> object:
        """Value of a derived variable; None when it is not evaluable."""
        found = self.derived.get(name)
        return found.value if found is not None and found.is_ok else None


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a check fires.

    `severity` and `message` are given where they are not the check's first ones. `params` as in `Finding`.
    """

    form: str
    index: int
    variable: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    severity: Severity | None = None
    message: str = ""


@dataclass(frozen=True)
class Check:
    """One row of section F of the specification.

    Attributes
    ----------
    id : "C11".
    severities : what it can be, the usual one first.
    condition : when it fires, in the specification's words; translatable.
    message : what is said; translatable. Further messages of the same check stand in its hits.
    find : every place in a case where it fires.
    replaces_limit : whether it says of a value what the dictionary's plain limit would say too, and better.
    """

    id: str
    severities: tuple[Severity, ...]
    condition: str
    message: str
    find: Callable[[Context], Iterator[Hit]] = field(repr=False)
    replaces_limit: bool = False
