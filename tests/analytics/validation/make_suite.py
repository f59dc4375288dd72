"""Computes the results of the suite that comes with the project again, with R.

`python -m tests.analytics.validation.make_suite [OPERATION …]`: all operations, or some. To add a case, write
its line into a file of the suite with an empty result, and run this. It needs R with the packages below, all
of them in Debian (r-cran-…).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from analytics.validation.case import read_cases
from analytics.validation.run import SUITE
from tests.analytics.validation.oracle.r import r_results

PACKAGES = (
    "survival", "MASS", "prodlim", "cmprsk", "pROC", "maxstat", "exactRankTests", "ordinal", "brglm2", "mice",
    "riskRegression",
)  # fmt: skip


def compute_again(file: Path, operations: set[str]) -> None:
    records = json.loads(file.read_text(encoding="utf-8"))["cases"]
    chosen = [
        (record, case)
        for record, case in zip(records, read_cases(file), strict=True)
        if record["oracle"] == "R" and (not operations or case.operation in operations)
    ]
    if not chosen:
        return
    results = r_results([case for _, case in chosen], SUITE)
    for (record, case), result in zip(chosen, results, strict=True):
        if "error" in result:
            raise SystemExit(f"{case.id}: {result['error']}")
        # What a case does not ask for stays out: its keys are those it had.
        record["result"] = {key: result[key] for key in record["result"] or result}
    file.write_text(text_of(records), encoding="utf-8")


def text_of(records: list[dict[str, Any]]) -> str:
    """One case a line, after the versions that computed them."""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f'{{"meta": {json.dumps(versions())},\n"cases": [\n{lines}\n]}}\n'


def versions() -> dict[str, str]:
    each = "; ".join(f"cat('{name}', as.character(packageVersion('{name}')), '\\n')" for name in PACKAGES)
    said = subprocess.run(
        ["Rscript", "-e", f"cat('R', as.character(getRversion()), '\\n'); {each}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return dict(line.split() for line in said.splitlines())


if __name__ == "__main__":
    for path in sorted(SUITE.glob("*.json")):
        compute_again(path, set(sys.argv[1:]))
