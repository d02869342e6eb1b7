"""Repair every model of a corpus and say what happened.

    python benchmarks/fix.py CORPUS [--unsafe-fixes] [--json FILE]

CORPUS holds ``pairs/<id>/model.tflite`` and ``singles/*.tflite``.  For each model: fixes tried, applied,
rolled back and refused, the predicted share of the arithmetic on the Edge TPU before and after, and whether
the proof held.  A crash of ours ends the run; one of the interpreter is counted as 'not provable'.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.lint.finding import Safety
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.verify.numeric import CannotVerify


def models(corpus: Path) -> list[Path]:
    return sorted([*corpus.glob("pairs/*/model.tflite"), *corpus.glob("singles/*.tflite")])


def name(path: Path) -> str:
    return path.parent.name if path.name == "model.tflite" else path.stem


def measure(path: Path, plugins: Plugins, level: Safety) -> dict[str, Any]:
    data = path.read_bytes()
    row: dict[str, Any] = {"model": name(path), "bytes": len(data)}
    start = time.perf_counter()
    try:
        outcome = repair(data, plugins, level=level)
    except ReadError as error:
        return {**row, "result": "no model", "why": str(error)}
    except CannotVerify as error:
        return {**row, "result": "not provable", "why": str(error)[:160]}
    row["seconds"] = time.perf_counter() - start
    for what in ("applied", "rolled back", "refused"):
        row[what] = [f"{a.code} {a.title}" for a in outcome.attempts if a.outcome == what]
        row[f"{what} because"] = sorted(
            {a.reason for a in outcome.attempts if a.outcome == what and a.reason}
        )
    before, after = outcome.linted_before, outcome.linted_after
    row["share"] = [before.placement.share, after.placement.share]
    row["edgetpu"] = [before.placement.edgetpu, after.placement.edgetpu]
    row["cpu"] = [before.placement.cpu, after.placement.cpu]
    row["identical"] = None if outcome.comparison is None else outcome.comparison.identical
    row["worst steps"] = (
        None
        if outcome.comparison is None
        else max((o.worst_steps or 0.0 for o in outcome.comparison.outputs), default=0.0)
    )
    row["result"] = "fixed" if outcome.applied else "unchanged"
    return row


def _steps(row: dict[str, Any]) -> str:
    return f"{row['worst steps']:.2f} steps"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--unsafe-fixes", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    level = Safety.UNSAFE if arguments.unsafe_fixes else Safety.SAFE
    plugins = Plugins()
    rows = []
    for path in models(arguments.corpus):
        row = measure(path, plugins, level)
        rows.append(row)
        if row["result"] == "fixed":
            print(
                f"{row['model'][:56]:<58}{len(row['applied']):>3} applied  share {row['share'][0]:.3f} -> "
                f"{row['share'][1]:.3f}  cpu {row['cpu'][0]} -> {row['cpu'][1]}  "
                f"{'identical' if row['identical'] else _steps(row)}  {row['seconds']:.1f} s"
            )
        for reason in row.get("rolled back because", []):
            print(f"{row['model'][:56]:<58}rolled back: {reason}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1))
    print()
    results = [row["result"] for row in rows]
    for result in ("fixed", "unchanged", "not provable", "no model"):
        print(f"{result:<14}{results.count(result):>5}")
    fixed = [row for row in rows if row["result"] == "fixed"]
    print(f"fixes applied {sum(len(row['applied']) for row in fixed):>5}")
    print(f"rolled back   {sum(len(row.get('rolled back', [])) for row in rows):>5}")
    print(f"moved a value {sum(row['identical'] is False for row in fixed):>5}")
    print(f"share fell    {sum(row['share'][1] < row['share'][0] for row in fixed):>5}")
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory   {usage:.0f} MiB here, {children:.0f} MiB in the largest child")


if __name__ == "__main__":
    main()
