"""The XML inside a workbook, as events: no document in memory, no DTD, no entity."""

from collections.abc import Iterator
from typing import IO, NoReturn
from xml.parsers import expat

from registry.imports.archive import damaged, refusing_damage

CHUNK = 1 << 16
MAX_TOKEN = 1 << 20
MAX_NAMES = 2_000
MAX_DEPTH = 64


class Part:
    """What is to be taken from one part of a workbook. Element names come without their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def text(self, data: str) -> None:
        """A piece of text; one text may come in several pieces."""

    def end(self, name: str) -> None:
        """An element ends."""


def parse(stream: IO[bytes], part: Part) -> Iterator[int]:
    """Feed `part` piece by piece, and say after each how many bytes it had.

    Raises
    ------
    ImportRefused
        When the XML is broken, has a DTD, or is made to exhaust the memory: by depth, by long tokens, or by
        ever new names, which a parser keeps.
    """
    names: dict[str, str] = {}
    parser = expat.ParserCreate(intern=names)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.CharacterDataHandler = part.text
    _elements(parser, part)
    fed = 0
    with refusing_damage():
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
            fed += len(chunk)
            if len(names) > MAX_NAMES or fed - parser.CurrentByteIndex > MAX_TOKEN:
                raise damaged()
            yield len(chunk)
        is_final = True
        parser.Parse(b"", is_final)
    yield 0


def _elements(parser: expat.XMLParserType, part: Part) -> None:
    local: dict[str, str] = {}
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise damaged()
        if name not in local:
            local[name] = name.rpartition(":")[2]
        part.start(local[name], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        part.end(local[name])

    parser.StartElementHandler = start
    parser.EndElementHandler = end


def _refuse(*_args: object) -> NoReturn:
    raise damaged()


def read(stream: IO[bytes], part: Part) -> None:
    """Feed `part` the whole stream."""
    for _fed in parse(stream, part):
        pass
