"""How people write units, codes and labels, brought to one spelling."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from registry.dictionary.variable import Kind, Variable
from registry.forms.wording import unit_text

_SPACES = re.compile(r"[\s_]+")
_GAPS = re.compile(r"[\s_‐-―-]+")
_REMARK = re.compile(r"\s*[\[(][^\[\]()]*[\])]$")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_MARKS = re.compile(r"[\s().*^{}]")

# What else stands for yes and no where only these two are asked.
_YES = ("1", "true", "vero", "yes", "sì", "si", "s")
_NO = ("0", "false", "falso", "no")


def heading(text: str) -> str:
    """A header or sheet name, whatever its case and spaces; an underscore counts as a space."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).casefold())


def without_remark(text: str) -> str:
    """A label without the remark in brackets some end with."""
    return _REMARK.sub("", text)


@lru_cache(maxsize=4096)
def answer(text: str) -> str:
    """A code or label, whatever its case, spaces and dashes; a number by its value."""
    if _NUMBER.fullmatch(text):
        return f"{Decimal(text.replace(',', '.')).normalize():f}"
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def answers(variable: Variable) -> dict[str, str]:
    """Spelling → code of a variable's choices: codes before labels, whole labels before shortened ones."""
    found: dict[str, str] = {}
    both = [(choice.code, (choice.label, _(choice.label))) for choice in variable.choices]
    _add(found, ((code, code) for code, labels in both))
    _add(found, ((label, code) for code, labels in both for label in labels))
    _add(found, ((without_remark(label), code) for code, labels in both for label in labels))
    if variable.kind is Kind.BOOLEAN:
        _add(found, ((word, code) for words, code in ((_YES, "Y"), (_NO, "N")) for word in words))
    return found


def _add(found: dict[str, str], spellings: Iterable[tuple[str, str]]) -> None:
    """Add the spellings that are still free and mean one code only."""
    new: dict[str, set[str]] = {}
    for text, code in spellings:
        new.setdefault(answer(text), set()).add(code)
    for text, codes in new.items():
        if len(codes) == 1:
            found.setdefault(text, *codes)


def unit(text: str) -> str:
    """A unit without what is typeset in more than one way: "×10⁹/L", "x10^9/L" and "10*9/l" are one."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("×", "x").replace("μ", "u")
    plain = _MARKS.sub("", plain).removeprefix("x")
    plain = re.sub(r"^10e(?=\d)", "10", plain)
    return _ALIASES.get(plain, plain)


_ALIASES = {"iu/l": "u/l", "ui/l": "u/l", "mcg/ml": "ug/ml"}


def units(variable: Variable) -> dict[str, str]:
    """Spelling → UCUM code of the units of a variable."""
    found: dict[str, str] = {}
    if variable.unit:
        found[unit(str(variable.unit))] = variable.unit.ucum
    for other in variable.alternatives:
        found[unit(str(other))] = other.ucum
    for ucum in variable.units:
        found[unit(ucum)] = ucum
        found.setdefault(unit(unit_text(variable, ucum)), ucum)
    found.pop("", None)
    return found
