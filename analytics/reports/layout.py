"""A stored report as templates show it. Nothing heavy is imported here: web workers use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from analytics.figures.theme import DARK, LIGHT
from analytics.tables.format import interval, number, percent
from registry.terminology.text import gettext_noop as _

JSON = Mapping[str, Any]
# (figure key, its drawings or None) → whatever the template shows as the picture.
Picture = Callable[[str, JSON], Any]


@dataclass(frozen=True)
class Headline:
    """One of the numbers a reader comes for."""

    label: str
    value: str
    unit: str
    limits: str
    method: str
    n: int
    events: int | None


def headlines(content: JSON) -> list[Headline]:
    """The numbers a reader comes for: response rate, medians, follow-up."""
    sections = {section["key"]: section["numbers"] for section in content["sections"]}
    orr = sections["response"]["rates"]["orr"]
    followed = sections["follow_up"]["follow_up"]
    return [
        Headline(
            _("Overall response rate"),
            percent(orr["estimate"]),
            "%",
            _limits(orr, 100),
            orr["method"],
            orr["n"],
            orr["events"],
        ),
        _median(_("Median PFS"), sections["pfs"]["median"]),
        _median(_("Median OS"), sections["os"]["median"]),
        Headline(
            _("Median follow-up"),
            number(followed["median"]),
            _("months") if followed["median"] is not None else "",
            _limits(followed, 1),
            followed["method"],
            followed["n"],
            None,
        ),
    ]


def sections_of(content: JSON, drawings: JSON, picture: Picture) -> list[dict[str, Any]]:
    """The sections with their figures and tables numbered through and each picture resolved.

    Parameters
    ----------
    content : the stored report.
    drawings : figure key → its drawings.
    picture : makes what the template shows for a drawn figure.
    """
    figures, tables = count(1), count(1)
    synthetic = content.get("synthetic", False)
    return [
        _section(section, drawings, picture, figures, tables, synthetic) for section in content["sections"]
    ]


# Light ground → dark ground.
_INKS = {
    LIGHT.ink: DARK.ink,
    LIGHT.muted: DARK.muted,
    LIGHT.rule: DARK.rule,
    **dict(zip(LIGHT.palette, DARK.palette, strict=True)),
}
_ANY_INK = re.compile("|".join(map(re.escape, _INKS)))


def recolored(svg: str) -> str:
    """A drawing made for light ground, for dark ground: the inks differ, nothing else."""
    return _ANY_INK.sub(lambda ink: _INKS[ink.group()], svg)


def _section(
    section: JSON,
    drawings: JSON,
    picture: Picture,
    figures: Iterator[int],
    tables: Iterator[int],
    synthetic: bool,
) -> dict[str, Any]:
    said = {note for table in section["tables"] for note in table["footnotes"]}
    shown = []
    for figure in section["figures"]:
        key = f"{section['key']}-{figure['key']}"
        drawn = picture(key, drawings[key]) if key in drawings else None
        shown.append(_titled(section, figure) | {"name": key, "number": next(figures), "picture": drawn})
    return {
        "key": section["key"],
        "title": section["title"],
        "short": _short(section),
        "figures": shown,
        "tables": [
            _table(_titled(section, table) | {"synthetic": synthetic}, next(tables))
            for table in section["tables"]
        ],
        # What stands under a table already is not said twice.
        "footnotes": [note for note in section["footnotes"] if note not in said],
    }


# Where a title is too long for a list at the side.
_SHORT = {"table1": _("Patients"), "timing": _("Timing of daratumumab"), "prognosis": _("Prognostic factors")}


def _short(section: JSON) -> str:
    title: str = section["title"]
    return _SHORT.get(section["key"], title)


def _titled(section: JSON, item: JSON) -> dict[str, Any]:
    """A figure or table; one that is not called as its section also says where it belongs."""
    return {**item, "within": "" if item["title"] == section["title"] else _short(section)}


def _table(table: JSON, number: int) -> dict[str, Any]:
    numeric = [column["numeric"] for column in table["columns"]]
    rows = [
        {
            **row,
            "cells": [{**cell, "numeric": flag} for cell, flag in zip(row["cells"], numeric, strict=True)],
        }
        for row in table["rows"]
    ]
    return {**table, "number": number, "rows": rows}


def _median(label: str, median: JSON) -> Headline:
    value, reason = median["value"], median["reason"]
    return Headline(
        label,
        number(value) if value is not None else reason or "",
        _("months") if value is not None else "",
        _limits(median, 1),
        median["method"],
        median["n"],
        median["events"],
    )


def _limits(estimate: JSON, factor: int) -> str:
    lower, upper = (
        None if limit is None else factor * limit for limit in (estimate["lower"], estimate["upper"])
    )
    return interval(lower, upper)
