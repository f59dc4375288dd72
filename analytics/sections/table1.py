"""Table 1: the patients at the start of IsaPd, row by row as the paper prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from analytics.extraction.cut import NOT_EVALUABLE
from analytics.extraction.frames import Frames
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.quantiles import METHODS, Quantiles, QuantileType, quantiles
from analytics.tables.format import DASH, NOT_GIVEN, count, number
from analytics.tables.table import EMPTY, Cell, Column, Row, Table
from registry.terminology.text import gettext_noop as _

KEY = "table1"
TITLE = _("Main characteristics of patients at isatuximab, pomalidomide, and dexamethasone initiation")

EXPOSURE = _("Daratumumab before IsaPd")

RANGE, IQR = "range", "iqr"


@dataclass(frozen=True)
class Measure:
    """A number of ADSL, shown as median with its range or its quartiles."""

    column: str
    spread: str
    decimals: int = 0


@dataclass(frozen=True)
class Category:
    """One row of counts.

    Attributes
    ----------
    code : str
        The code of ADSL that is counted.
    only_if_any : bool
        A row the paper does not print; shown when there are such patients.
    """

    code: str
    label: str
    only_if_any: bool = False


@dataclass(frozen=True)
class Characteristic:
    """A heading of the table with the numbers and the counts under it."""

    key: str
    label: str
    column: str | None = None
    categories: tuple[Category, ...] = ()
    measure: Measure | None = None


NO, YES = Category("N", _("No")), Category("Y", _("Yes"))
NOT_EXPOSED = Category("NOT_EXPOSED", _("Not exposed"), only_if_any=True)

CHARACTERISTICS = (
    Characteristic(
        "age",
        _("Age (years), median (range)"),
        "AGEGR1",
        (Category("<70", "<70"), Category("≥70", "≥70")),
        Measure("AGE", RANGE),
    ),
    Characteristic("sex", _("Gender"), "SEX", (Category("M", _("Male")), Category("F", _("Female")))),
    Characteristic(
        "isotype",
        _("Paraproteins (isotype)"),
        "ISOTYPE",
        (
            Category("IgG", _("Immunoglobulin G")),
            Category("IgA", _("Immunoglobulin A")),
            Category("Light chain only", _("Light chain only")),
            Category("Other", _("Other"), only_if_any=True),
        ),
    ),
    Characteristic(
        "crcl",
        _("Creatinine clearance (mL/min), median (range)"),
        "CRCLGR1",
        (Category("≥60", "≥60"), Category("<60", "<60")),
        Measure("CRCL", RANGE),
    ),
    Characteristic(
        "iss",
        _("International staging system"),
        "ISS",
        (Category("I", "I"), Category("II", "II"), Category("III", "III")),
    ),
    Characteristic("hb", _("Hb (g/dL), median (IQR)"), measure=Measure("HB", IQR, 1)),
    Characteristic(
        "ldh", "LDH", "LDHSTAT", (Category("NORMAL", _("Normal")), Category("HIGH", _("Elevated")))
    ),
    Characteristic(
        "lines",
        _("Previous lines of therapy"),
        "LINESGR1",
        (
            Category("1", "1", only_if_any=True),
            Category("2", "2"),
            Category("3", "3"),
            Category("≥4", "≥4"),
        ),
    ),
    Characteristic("asct", _("Previous autologous stem cell transplantation"), "ASCTFL", (NO, YES)),
    Characteristic("dara_refractory", _("Daratumumab refractory"), "DARAREF", (YES, NO, NOT_EXPOSED)),
    Characteristic(
        "interval",
        _("Daratumumab–IsaPd interval (months), median time (IQR)"),
        measure=Measure("DARAINTM", IQR),
    ),
    Characteristic("dara_last", _("Daratumumab as the last therapy"), "DARALAST", (YES, NO)),
    Characteristic("len_refractory", _("Lenalidomide refractory"), "LENREF", (YES, NO, NOT_EXPOSED)),
    Characteristic("pi_refractory", _("Proteasome inhibitor refractory"), "PIREF", (YES, NO, NOT_EXPOSED)),
    Characteristic(
        "status",
        _("Disease status"),
        "DISSTAT",
        (
            Category("BIOCHEMICAL", _("Biochemical relapse")),
            Category("SYMPTOMATIC", _("Symptomatic relapse")),
            Category("REFRACTORY", _("Refractory disease")),
        ),
    ),
    Characteristic(
        "cytogenetics",
        _("Cytogenetic analysis"),
        "CYTORISK",
        (Category("STANDARD", _("Standard risk")), Category("HIGH", _("High risk"))),
    ),
)

# In the text of the paper (3.1), not in its Table 1.
DARA_CYCLES = Characteristic(
    "dara_cycles", _("Daratumumab cycles, median (range)"), measure=Measure("DARACYC", RANGE)
)


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Describe the cohort; percentages are of the patients whose value is known."""
    kind = cast("QuantileType", parameters.quantile_type)
    numbers = {item.key: _numbers(item, frames, kind) for item in (*CHARACTERISTICS, DARA_CYCLES)}
    regimens = _regimens(frames)
    rows = [row for item in CHARACTERISTICS for row in _rows(item, numbers[item.key])]
    footnotes = (
        _("Percentages are of patients with a known value; “Missing” counts the others."),
        _("Hemoglobin is in g/dL (the paper prints “gr/L”)."),
        _("Creatinine clearance by Cockcroft–Gault with actual weight."),
    )
    tables = (
        _table("table1", TITLE, rows, footnotes, frames, kind),
        _table(
            "daratumumab", EXPOSURE, _exposure(numbers["dara_cycles"], regimens, frames.n), (), frames, kind
        ),
    )
    found = {"n": frames.n, **numbers, "dara_regimens": regimens}
    return SectionResult(KEY, TITLE, found, tables, (), footnotes)


def _table(
    key: str, title: str, rows: list[Row], footnotes: tuple[str, ...], frames: Frames, kind: QuantileType
) -> Table:
    return Table(
        key=key,
        title=title,
        columns=(
            Column("characteristic", _("Characteristic")),
            Column("patients", _("No. of patients (%)"), numeric=True),
            Column("missing", _("Missing"), numeric=True),
        ),
        rows=tuple(rows),
        footnotes=footnotes,
        n=frames.n,
        events=None,
        method=METHODS[kind],
        data_version=frames.data_version,
    )


def _exposure(cycles: dict[str, Any], regimens: dict[str, int], n: int) -> list[Row]:
    unknown = regimens.get(NOT_EVALUABLE, 0)
    rows = list(_rows(DARA_CYCLES, cycles))
    rows.append(Row((Cell(_("Last daratumumab regimen")), EMPTY, _missing(unknown)), heading=True))
    for regimen, patients in regimens.items():
        if regimen != NOT_EVALUABLE:
            counted = Cell(count(patients, n - unknown), patients, n=n - unknown)
            rows.append(Row((Cell(regimen), counted, EMPTY), indent=1))
    return rows


def _numbers(item: Characteristic, frames: Frames, kind: QuantileType) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    if item.column is not None:
        codes = frames.adsl[item.column]
        counts = {category.code: int((codes == category.code).sum()) for category in item.categories}
        unforeseen = set(codes) - set(counts) - {NOT_EVALUABLE}
        if unforeseen:
            raise ValueError(f"{item.column} holds codes that Table 1 has no row for: {sorted(unforeseen)}")
        known = sum(counts.values())
        numbers |= {"counts": counts, "known": known, "missing": frames.n - known}
    if item.measure is not None:
        values = frames.adsl[item.measure.column].dropna()
        numbers |= {"distribution": quantiles(values, kind), "values_missing": frames.n - len(values)}
    return numbers


def _regimens(frames: Frames) -> dict[str, int]:
    """Count the last daratumumab regimens, the most frequent first."""
    counts = frames.adsl["DARAREG"].value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return {str(regimen): int(patients) for regimen, patients in ordered}


def _rows(item: Characteristic, numbers: dict[str, Any]) -> Iterator[Row]:
    label, summary, missing = item.label, EMPTY, None
    if item.measure is not None:
        summary = _summary(item.measure, numbers["distribution"])
        missing = numbers["values_missing"]
    elif numbers["missing"]:
        label = f"{label} (n = {numbers['known']})"
        missing = numbers["missing"]
    yield Row((Cell(label), summary, _missing(missing)), heading=True)
    for category in item.categories:
        patients, known = numbers["counts"][category.code], numbers["known"]
        if category.only_if_any and not patients:
            continue
        counted = Cell(count(patients, known), patients, n=known)
        yield Row((Cell(category.label), counted, EMPTY), indent=1)
    if item.measure is not None and numbers.get("missing", missing) not in (0, missing):
        yield Row((Cell(_("Group not known")), EMPTY, _missing(numbers["missing"])), indent=1)


def _summary(measure: Measure, found: Quantiles) -> Cell:
    if found.n == 0:
        return Cell(NOT_GIVEN, None, n=0)
    ends = (found.minimum, found.maximum) if measure.spread == RANGE else (found.q1, found.q3)
    median, low, high = (number(value, measure.decimals) for value in (found.median, *ends))
    return Cell(f"{median} ({low}{DASH}{high})", found.median, n=found.n, method=found.method)


def _missing(patients: int | None) -> Cell:
    return Cell(str(patients), patients) if patients else EMPTY
