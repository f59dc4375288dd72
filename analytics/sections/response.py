"""Response to IsaPd: best response, overall response rate, depth."""

from __future__ import annotations

from analytics.extraction.frames import Frames
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.proportions import METHOD, Proportion, clopper_pearson
from analytics.tables.format import count, interval, percent
from analytics.tables.table import EMPTY, Cell, Column, Row, Table
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

KEY = "response"
TITLE = _("Response")

RATES = (
    ("orr", _("Overall response rate (≥PR)"), Response.PR),
    ("vgpr", _("≥VGPR"), Response.VGPR),
    ("cr", _("≥CR"), Response.CR),
    ("cbr", _("Clinical benefit rate (≥MR)"), Response.MR),
)


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Count best responses; rates are of all patients, those not evaluable included."""
    best = [Response(code) for code in frames.adsl["BOR"]]
    counts = {response.value: best.count(response) for response in Response}
    rates = {
        key: clopper_pearson(
            sum(response.at_least(limit) for response in best), frames.n, parameters.conf_level
        )
        for key, _label, limit in RATES
    }
    footnotes = (
        _("Best response by the investigator (IMWG), before progression, subsequent therapy and cut-off."),
        _("Patients not evaluable stay in the denominator."),
        _("95 % CI: {method}.").format(method=METHOD)
        if parameters.conf_level == 0.95
        else _("{level:g} % CI: {method}.").format(level=100 * parameters.conf_level, method=METHOD),
    )
    return SectionResult(
        key=KEY,
        title=TITLE,
        numbers={"n": frames.n, "counts": counts, "rates": rates},
        tables=(_table(frames, counts, rates, footnotes),),
        figures=(),
        footnotes=footnotes,
    )


def _table(
    frames: Frames, counts: dict[str, int], rates: dict[str, Proportion], footnotes: tuple[str, ...]
) -> Table:
    rows = [Row((Cell(_("Best response")), EMPTY, EMPTY), heading=True)]
    for response in Response:
        patients = counts[response.value]
        label = _("Not evaluable") if response is Response.NE else response.symbol
        rows.append(
            Row((Cell(label), Cell(count(patients, frames.n), patients, n=frames.n), EMPTY), indent=1)
        )
    rows.append(Row((Cell(_("Rates")), EMPTY, EMPTY), heading=True))
    for key, label, _limit in RATES:
        rate = rates[key]
        limits = interval(
            *(None if limit is None else 100 * limit for limit in (rate.lower, rate.upper)),
        )
        cells = (
            Cell(label),
            Cell(f"{rate.events} ({percent(rate.estimate)})", rate.estimate, n=rate.n, method=rate.method),
            Cell(limits, None, n=rate.n, method=rate.method),
        )
        rows.append(Row(cells, indent=1))
    return Table(
        key="response",
        title=TITLE,
        columns=(
            Column("response", _("Response")),
            Column("patients", _("No. of patients (%)"), numeric=True),
            Column("ci", _("Confidence interval (%)"), numeric=True),
        ),
        rows=tuple(rows),
        footnotes=footnotes,
        n=frames.n,
        events=rates["orr"].events,
        method=METHOD,
        data_version=frames.data_version,
    )
