"""A gettext catalog as text, read without gettext: what a translator wrote, entry by entry."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Entry:
    """One text of the source and what it is in the other language; two of each where it counts something."""

    sources: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    context: str = ""
    text: str = ""
    plural: str = ""
    translations: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? )?(".*")')


def read_po(path: Path) -> Iterator[Entry]:
    """The entries of a catalog, without its header."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry = _entry(block)
        if entry.text:
            yield entry


def _entry(block: str) -> Entry:
    entry = Entry()
    parts: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("#:"):
            entry.sources += line[2:].split()
        elif line.startswith("#,"):
            entry.flags += [flag.strip() for flag in line[2:].split(",")]
        elif found := _LINE.fullmatch(line):
            word, text = found[1], ast.literal_eval(found[2])
            if word:
                parts.append((word, text))
            else:
                parts[-1] = (parts[-1][0], parts[-1][1] + text)
    for word, text in parts:
        match word:
            case "msgctxt":
                entry.context = text
            case "msgid":
                entry.text = text
            case "msgid_plural":
                entry.plural = text
            case _:
                entry.translations.append(text)
    return entry
