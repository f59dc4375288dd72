"""Every text of the source that is marked for translation, with its place: what `makemessages` would find."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("registry", "analytics")

# Where the text stands among the arguments, and where its context.
_MARKS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"), (0, None)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), (1, 0)),
}
# Translate at once; at import nobody's language is known yet.
_EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext)\({_STRING}(?:, ?{_STRING})?")


@dataclass(frozen=True)
class Marked:
    """One marked text; `place` as "file:line"."""

    place: str
    context: str
    text: str


def marked_texts() -> Iterator[Marked]:
    """All of Python modules and templates."""
    for path in _modules():
        yield from _in_module(path)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield from _in_template(path)


def translated_at_import() -> Iterator[str]:
    """Places outside of functions that translate at once, and so for everybody alike."""
    for path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = _names(tree)
        for call in _outside_functions(tree):
            if _mark(call, names) in _EAGER:
                yield _place(path, call.lineno)


def _modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def _in_module(path: Path) -> Iterator[Marked]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = _names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or (mark := _mark(node, names)) is None:
            continue
        at, context_at = _MARKS[mark]
        text, context = _constant(node, at), "" if context_at is None else _constant(node, context_at)
        if text and context is not None:
            yield Marked(_place(path, node.lineno), context, text)


def _in_template(path: Path) -> Iterator[Marked]:
    python = templatize(path.read_text(encoding="utf-8"))
    for found in _IN_TEMPLATE.finditer(python):
        first, second = (ast.literal_eval(text) if text else "" for text in found.groups()[1:])
        has_context = "p" in found[1]
        line = python.count("\n", 0, found.start()) + 1
        yield Marked(_place(path, line), first if has_context else "", second if has_context else first)


def _names(tree: ast.Module) -> dict[str, str]:
    """Name in this module → the function it stands for."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in _MARKS
    }


def _mark(call: ast.Call, names: dict[str, str]) -> str | None:
    return names.get(call.func.id) if isinstance(call.func, ast.Name) else None


def _constant(call: ast.Call, at: int) -> str | None:
    argument = call.args[at] if len(call.args) > at else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _outside_functions(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(child)


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"
