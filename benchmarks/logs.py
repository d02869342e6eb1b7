"""How much of real compiler output is read right: ``python benchmarks/logs.py [LOGS]``.

``LOGS`` is a folder with ``*.txt`` and an ``index.json`` that says what a careful person reads in each;
by default the one of the shared test data.  Prints one line a field, then every miss.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from tflint_edgetpu.edgetpu.log import read_log

FIELDS = (
    "compiler_version", "outcome", "ops_total", "ops_edgetpu", "ops_cpu", "subgraphs", "input_model",
    "output_model", "input_size", "output_size", "on_chip_used", "on_chip_remaining", "on_chip_available",
    "off_chip", "rows", "error", "error_lines", "models", "runs", "per_model", "failure_kind",
)  # fmt: skip


def wanted(entry: dict[str, Any], field: str, text_tells: bool) -> Any:
    """What should be read. Outcomes that the text alone cannot tell are not scored."""
    value = entry[field]
    if field == "outcome" and not text_tells:
        return None
    if field == "per_model" and not text_tells:
        return [{key: part for key, part in model.items() if key != "outcome"} for model in value]
    return value


def read(found: dict[str, Any], entry: dict[str, Any], field: str, text_tells: bool) -> Any:
    value = found[field]
    if field == "outcome" and not text_tells:
        return None
    if field == "per_model":
        keys = set(entry["per_model"][0]) if entry["per_model"] else set()
        keys -= set() if text_tells else {"outcome"}
        return [{key: model[key] for key in model if key in keys} for model in value]
    return value


def main(folder: Path) -> int:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    right = dict.fromkeys(FIELDS, 0)
    misses: list[str] = []
    for entry in index:
        found = read_log(folder / entry["file"]).to_dict()
        tells = entry["outcome_in_text"]
        for field in FIELDS:
            want, got = wanted(entry, field, tells), read(found, entry, field, tells)
            if want == got:
                right[field] += 1
            else:
                misses.append(f"{entry['file']} {field}: read {got!r}, should be {want!r}")
    for field, count in right.items():
        print(f"{field:20} {count} of {len(index)}")
    for miss in misses:
        print(miss[:600])
    return 1 if misses else 0


if __name__ == "__main__":
    shared = os.environ.get("TFLINT_EDGETPU_CORPUS", str(Path(__file__).resolve().parents[2] / "shared"))
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(shared) / "logs")))
