"""Asks R for the results of cases; the functions it uses are in the R files beside."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analytics.validation.case import INLINE, Case
from analytics.validation.data import rows

HERE = Path(__file__).parent


def r_results(cases: Sequence[Case], folder: Path) -> list[Any]:
    """What R finds in each case; `{"error": …}` where it finds nothing."""
    with TemporaryDirectory() as scratch:
        room = Path(scratch)
        entries = []
        for number, case in enumerate(cases):
            entry: dict[str, Any] = {"op": case.operation, "args": case.args}
            if case.dataset != INLINE:
                entry["data"] = f"{number}.csv"
                rows(case, folder).to_csv(room / entry["data"], index=False, na_rep="NA")
            if "index_file" in case.args:
                name = Path(case.args["index_file"]).name
                found = next(
                    file
                    for file in (folder / name, folder.parent / case.args["index_file"])
                    if file.is_file()
                )
                shutil.copy(found, room / name)
            entries.append(entry)
        (room / "cases.R").write_text(f"cases <- {literal(entries)}\n", encoding="utf-8")
        said = subprocess.run(
            ["Rscript", "--vanilla", str(HERE / "run.R"), scratch],
            capture_output=True,
            text=True,
            check=False,
        )
    if said.returncode:
        raise RuntimeError(said.stderr)
    return json.loads(said.stdout)


def literal(value: Any) -> str:
    """Return a value as R writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return f"list({', '.join(f'`{name}` = {literal(item)}' for name, item in value.items())})"
    if isinstance(value, list):
        plain = not any(isinstance(item, dict | list) for item in value)
        items = ", ".join("NA" if item is None else literal(item) for item in value)
        return f"{'c' if plain and value else 'list'}({items})"
    return repr(value)
