"""What a form page posts, as raw entries: nothing is validated here, and what was typed is kept as it was."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from registry.dictionary.entry import MAX_TEXT, Raw
from registry.dictionary.values import Measurement, Value
from registry.dictionary.variable import Kind, Variable
from registry.forms.branching import codes
from registry.forms.wording import typed_of
from registry.terminology.missing import Missing

# A missing reason among the options of one question. No code of the dictionary begins with it.
MISSING_MARK = "?"
# Why a doubtful answer is correct, posted under the key of what the edit check says.
CONFIRM = "confirm."
CHOSEN = (Kind.BOOLEAN, Kind.CHOICE, Kind.MULTICHOICE)


@dataclass(frozen=True)
class Typed:
    """One question as answered on the page: a text with its unit, or options, or a missing reason."""

    text: str = ""
    unit: str = ""
    options: tuple[str, ...] = ()
    missing: str = ""

    def raw(self, variable: Variable) -> Raw:
        """The entry in the JSON entry format."""
        if variable.kind is Kind.MULTICHOICE:
            value: Raw = list(self.options)
        elif variable.kind in CHOSEN:
            value = self.options[0] if self.options else ""
        else:
            value = self.text.strip()
        if self.missing:
            return {"value": value, "missing": self.missing} if value else {"missing": self.missing}
        return {"value": value, "unit": self.unit} if value and self.unit else value


def typed(value: Value) -> Typed:
    """How a stored value stands in its field."""
    if isinstance(value, Missing):
        return Typed(missing=value.value)
    return Typed(
        text=typed_of(value),
        unit=value.unit if isinstance(value, Measurement) else "",
        options=tuple(codes(value)),
    )


@dataclass(frozen=True)
class Posted:
    """One submitted form page.

    Attributes
    ----------
    typed : variable name → answer, for the questions that were on the page. A question the page had hidden
        is not among them.
    theirs : after a conflict, variables for which the person keeps what is stored.
    version : the version the person saw; None for a new row.
    do : the button that was pressed.
    confirmations : key of a finding ("C27.dex_start_dose") → why the answer is correct all the same.
    """

    typed: Mapping[str, Typed]
    theirs: frozenset[str] = frozenset()
    version: int | None = None
    token: str = ""
    reason: str = ""
    do: str = ""
    confirmed: bool = False
    confirmations: Mapping[str, str] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values that post the same again."""
        found = []
        for name, answer in self.typed.items():
            found.append(("present", name))
            found += [(name, option) for option in answer.options]
            if answer.text or answer.unit:
                found += [(name, answer.text), (f"{name}.unit", answer.unit)]
            if answer.missing:
                found.append((f"{name}.missing", answer.missing))
        found += [(f"{CONFIRM}{key}", reason) for key, reason in self.confirmations.items()]
        return found + [(f"{name}.keep", "theirs") for name in sorted(self.theirs)]

    def entries(self, variables: Iterable[Variable]) -> dict[str, Raw]:
        """Variable name → raw entry, for what was on the page and is not left as stored."""
        return {
            variable.name: self.typed[variable.name].raw(variable)
            for variable in variables
            if variable.name in self.typed and variable.name not in self.theirs
        }


def read(post: QueryDict, variables: Iterable[Variable]) -> Posted:
    """Take a posted page apart; names that are no variable of the form are passed over."""
    present = set(post.getlist("present"))
    variables = list(variables)
    return Posted(
        typed={v.name: _answer(post, v) for v in variables if v.name in present or v.name in post},
        theirs=frozenset(v.name for v in variables if post.get(f"{v.name}.keep") == "theirs"),
        version=_whole(post.get("version", "")),
        token=_token(post.get("token", "")),
        reason=_sentence(post.get("reason", "")),
        do=post.get("do", ""),
        confirmed=post.get("confirmed") == "yes",
        confirmations={
            name.removeprefix(CONFIRM): reason
            for name in post
            if name.startswith(CONFIRM) and (reason := _sentence(post.get(name, "")))
        },
    )


def new_token() -> str:
    """An idempotency token for one rendered form."""
    return uuid.uuid4().hex


def _answer(post: QueryDict, variable: Variable) -> Typed:
    if variable.kind not in CHOSEN:
        return Typed(
            text=post.get(variable.name, ""),
            unit=post.get(f"{variable.name}.unit", ""),
            missing=post.get(f"{variable.name}.missing", ""),
        )
    given = [option for option in post.getlist(variable.name) if option]
    missing = [option for option in given if option.startswith(MISSING_MARK)]
    return Typed(
        options=tuple(option for option in given if not option.startswith(MISSING_MARK)),
        missing=missing[0].removeprefix(MISSING_MARK)
        if missing
        else post.get(f"{variable.name}.missing", ""),
    )


def _sentence(text: str) -> str:
    """A reason somebody typed, as long as the trail keeps it."""
    return text.replace("\x00", "").strip()[:MAX_TEXT]


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def _token(text: str) -> str:
    return text if re.fullmatch(r"[0-9a-zA-Z-]{1,64}", text) else ""
