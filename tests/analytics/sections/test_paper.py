"""The report on the synthetic cohort gives every number the paper prints, rounded as printed.

Where the print is impossible the expected value is what the cohort gives, and the fault is named.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analytics.extraction.months import MONTH_DAYS
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.median_collett import median_collett
from analytics.statistics.quantiles import quantiles
from analytics.tables.format import half_up

FILE = Path(__file__).parents[1] / "data" / "printed_values.csv"
with FILE.open() as lines:
    PRINTED = {row["id"]: row for row in csv.DictReader(line for line in lines if not line.startswith("#"))}

LEVELS = {"1st": 0, "2nd": 1}
TIMING = {">=6/<6": "interval_6", ">=12/<12": "interval_12", "lines0/>=1": "lines_between"}
SIGNIFICANCE = {
    "age>=70": "age",
    "sex": "sex",
    "isotype": "isotype",
    "crcl>=60": "crcl",
    "ISS": "iss",
    "LDH": "ldh",
    "ASCT": "asct",
    "dara_last": "lines_between",
    "PI_ref/TCR": "pi_refractory",
    "status": "status",
    "lines>2": "lines",
}
COX = {
    "Hb<11.8": "hb_11_8",
    "Hb<11": "hb_11_0",
    "cyto": "cytogenetics",
    "lines>2": "lines",
    "interval": "interval",
    "cycles": "dara_cycles",
}
COUNTS = {
    "age.lt70": ("age", "<70"),
    "age.ge70": ("age", "≥70"),
    "male": ("sex", "M"),
    "female": ("sex", "F"),
    "IgG": ("isotype", "IgG"),
    "IgA": ("isotype", "IgA"),
    "LC": ("isotype", "Light chain only"),
    "crcl.ge60": ("crcl", "≥60"),
    "crcl.lt60": ("crcl", "<60"),
    "iss.I": ("iss", "I"),
    "iss.II": ("iss", "II"),
    "iss.III": ("iss", "III"),
    "ldh.normal": ("ldh", "NORMAL"),
    "ldh.elev": ("ldh", "HIGH"),
    "lines2": ("lines", "2"),
    "lines3": ("lines", "3"),
    "lines>=4": ("lines", "≥4"),
    "asct.no": ("asct", "N"),
    "asct.yes": ("asct", "Y"),
    "dara_last.yes": ("dara_last", "Y"),
    "dara_last.no": ("dara_last", "N"),
    "len_ref": ("len_refractory", "Y"),
    "pi_ref.yes": ("pi_refractory", "Y"),
    "pi_ref.no": ("pi_refractory", "N"),
    "status.biochemical": ("status", "BIOCHEMICAL"),
    "status.symptomatic": ("status", "SYMPTOMATIC"),
    "status.refractory": ("status", "REFRACTORY"),
    "cyto.std": ("cytogenetics", "STANDARD"),
    "cyto.high": ("cytogenetics", "HIGH"),
}
DISTRIBUTIONS = {"age": "age", "crcl": "crcl", "hb": "hb", "interval": "interval", "cycles": "dara_cycles"}
REGIMENS = {
    "DRd": "DARA-LEN-DEX",
    "DVd": "DARA-BOR-DEX",
    "D": "DARA",
    "DVMP": "DARA-BOR-MEL-DEX",
    "DVTd": "DARA-BOR-THAL-DEX",
    "DVCd": "DARA-BOR-CYC-DEX",
    "DVRd": "DARA-BOR-LEN-DEX",
}


def from_table1(name, numbers, frames):
    if name == "cyto.n":
        return numbers["cytogenetics"]["known"]
    head, _, tail = name.rpartition(".")
    if head in COUNTS and tail in ("n", "pct"):
        key, code = COUNTS[head]
        patients, known = numbers[key]["counts"][code], numbers[key]["known"]
        return patients if tail == "n" else 100 * patients / known
    if head == "regimen":
        return numbers["dara_regimens"][REGIMENS[tail]]
    distribution = numbers[DISTRIBUTIONS[head]]["distribution"]
    if tail.startswith("q"):
        quartile = tail[:2]
        column = {"hb": "HB", "interval": "DARAINTM"}[head]
        return getattr(quantiles(frames.adsl[column], 7 if "type7" in tail else 6), quartile)
    return getattr(distribution, {"min": "minimum", "max": "maximum"}.get(tail, tail))


def from_timing(name, numbers):
    words = name.split()
    if words[1:3] == ["ORR", "p"]:
        return numbers[TIMING[words[3]]]["orr_pearson"].p
    if "log-rank" in words:
        return numbers[TIMING[words[-1]]][words[1].lower()]["log_rank"].p
    found = numbers[TIMING[words[2]]]
    key = list(found["labels"])[LEVELS[words[3]]]
    if words[1] == "ORR":
        return 100 * found["orr"][key].estimate
    return 100 * found[words[1][:-2].lower()]["at_horizon"][key].survival


def from_survival(name, report, frames):
    words = name.split()
    if words[1].startswith("Hb"):
        low = (frames.adsl["HBLT118"] == "Y").to_numpy()
        group = low if words[1].startswith("Hb<") else ~low
        endpoint = frames.endpoints["PFS"]
        found = median_collett(kaplan_meier(endpoint.durations[group], endpoint.events[group]))
    else:
        found = report.section(words[0].lower()).numbers["median_spss"]
    return {"median": found.value, "lo": found.lower, "hi": found.upper}[words[-1]]


def from_cox(name, numbers):
    factor, endpoint, *what = name.split()
    effect = numbers[endpoint.lower()][COX[factor]]
    if what[0] == "log-rank":
        return effect.log_rank.p
    (term,) = effect.cox.terms
    return {"HR": term.hazard_ratio, "lo": term.lower, "hi": term.upper, "Wald": term.p}[what[0]]


def value_of(name, report, frames):
    """The report's value for one printed quantity, unrounded."""
    numbers = {section.key: section.numbers for section in report.sections}
    if name.startswith("t2 "):
        return from_timing(name, numbers["timing"])
    if name.startswith("resp."):
        return numbers["response"]["counts"][name.removeprefix("resp.").upper()]
    if name.startswith("orr."):
        rate = numbers["response"]["rates"]["orr"]
        return rate.events if name == "orr.n" else 100 * rate.estimate
    if name.startswith("follow-up"):
        return getattr(numbers["follow_up"]["follow_up"], name.split()[1])
    if name.startswith("pfs.events"):
        events = numbers["pfs"]["events"]
        return 100 * events / numbers["pfs"]["n"] if name.endswith("pct") else events
    if name in ("PFS12", "OS12"):
        return 100 * numbers[name[:-2].lower()]["at_horizon"].survival
    if name.split()[0] in ("PFS", "OS"):
        return from_survival(name, report, frames)
    if name.split()[0] in COX:
        return from_cox(name, numbers["prognosis"])
    return from_table1(name, numbers["table1"], frames)


NUMBERS = {
    name: row
    for name, row in PRINTED.items()
    if not name.startswith("ns ") and not name.startswith("age>=70 PFS")
}


@pytest.mark.parametrize("name", NUMBERS)
def test_number(name, study_report, study_frames):
    row = NUMBERS[name]
    value = value_of(name, study_report, study_frames)
    decimals = len(row["expected"].partition(".")[2])
    assert str(half_up(value, decimals)) == row["expected"]
    assert row["expected"] == row["printed"] or row["fault"]


@pytest.mark.parametrize("name", sorted(set(PRINTED) - set(NUMBERS)))
def test_significance(name, study_report):
    effects = study_report.section("prognosis").numbers
    if name.startswith("age>=70"):
        assert 0.05 < effects["pfs"]["age"].log_rank.p < 0.10
        return
    key = SIGNIFICANCE[name.removeprefix("ns ")]
    for endpoint in ("pfs", "os"):
        assert effects[endpoint][key].log_rank.p > 0.05


def test_nothing_printed_is_left_out():
    assert len(PRINTED) == 185  # 187 checks, less the two cut-offs of the ROC curves


def test_a_month_is_a_twelfth_of_365_25_days():
    assert MONTH_DAYS == 365.25 / 12
