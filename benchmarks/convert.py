"""Small models, first converted the way users do wrong, then by ``tflint-edgetpu convert``.

    pip install 'tflint-edgetpu[convert]'
    python benchmarks/convert.py [NAME ...] [--json FILE] [--markdown FILE] [--keep FOLDER]

For every model of ``convert_models``: the predicted share of operators and of arithmetic on the Edge TPU before and
after, how far both are from the float model on inputs that neither was calibrated with (worst output, signal to
noise in dB), the seconds that ``convert`` took, the fixes it applied, and what stays on the CPU and why.

The placement is our prediction; agreement is measured in LiteRT.  The nets learn a small seeded task first, because
the ranges of untrained nets are not those of any user's; the SavedModels keep random weights.  Exit code 1 where a
conversion failed or a converted model does not agree with its float model.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from convert_models.build import SPECIMENS
from convert_models.specimen import Specimen
from convert_models.wrong import WAYS

import tflint_edgetpu
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.verify.agreement import agree
from tflint_edgetpu.verify.numeric import CannotVerify

TIMEOUT_SECONDS = 900
# What a detector or a float interface leaves on the CPU in any model of its kind is no news.
MOST_REASONS = 6


def run(specimen: Specimen, folder: Path) -> dict[str, Any]:
    """Build one specimen, convert it twice, and measure both models."""
    folder.mkdir(parents=True, exist_ok=True)
    row: dict[str, Any] = {"model": specimen.name, "shows": specimen.shows, "wrong way": specimen.wrong}
    here = str(Path(__file__).resolve().parent)
    environment = {
        **os.environ,
        "PYTHONPATH": here,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    build = _process([sys.executable, "-m", "convert_models.build", specimen.name, str(folder)], environment)
    done = json.loads((folder / "built.json").read_text()) if (folder / "built.json").is_file() else {}
    if not (folder / "float.tflite").is_file():
        return {**row, "failed": f"the model was not built: {_last_line(build.stderr)}"}
    row |= {"tensorflow": done["tensorflow"], "accuracy": done["accuracy"]}
    reference, judged = (folder / "float.tflite").read_bytes(), folder / "judged.npz"
    row["before"] = done["wrong"] | (_measure(folder / "wrong.tflite", reference, judged))
    converted = folder / "converted.tflite"
    start = time.perf_counter()
    convert = _process(
        [
            sys.executable, "-m", "tflint_edgetpu", "convert", done["source"], "--calibration", done["calibration"],
            "-o", str(converted), "--overwrite", "--fail-on", "never", "--format", "json",
            *([f"--value-range={specimen.pixels}"] if specimen.pixels else []),
        ],
        environment,
    )  # fmt: skip
    row["after"] = {"seconds": time.perf_counter() - start, "exit code": convert.returncode}
    if not converted.is_file():
        row["after"]["error"] = _last_line(convert.stderr)
        return row
    row["after"] |= _measure(converted, reference, judged)
    try:
        report = json.loads(convert.stdout)
    except ValueError:
        return {**row, "failed": f"the report of convert is no JSON: {convert.stdout[:80]!r}"}
    row["stages"] = {stage["name"]: stage["status"] for stage in report["stages"]}
    row["recipe"] = report["chosen"]
    row["fixes"] = [
        {"code": fix["code"], "safety": fix["safety"]}
        for fix in report["fixes"]
        if fix["outcome"] == "applied"
    ]
    return row


def _process(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            words, env=environment, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, -1, "", f"did not end within {TIMEOUT_SECONDS} s")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it ended without a word"


def _measure(path: Path, reference: bytes, judged: Path) -> dict[str, Any]:
    """Placement and agreement of one model; empty where there is none."""
    if not path.is_file():
        return {}
    data = path.read_bytes()
    found: dict[str, Any] = {"bytes": len(data)}
    try:
        placement = tflint_edgetpu.place(data)
    except ReadError as error:
        return {**found, "error": str(error)}
    refused = placement.compiles.is_refused
    found["operators"] = len(placement.operators)
    found["edgetpu"] = 0 if refused else placement.edgetpu
    found["arithmetic"] = 0.0 if refused else placement.share
    found["refused"] = placement.compiles.reason if refused else None
    found["refused operators"] = dict(
        Counter(f"{placed.operator.label}: {_first_clause(placed.reason)}" for placed in placement.breakers)
    )
    found["behind them"] = placement.cpu - len(placement.breakers)
    try:
        agreement = agree(reference, data, judged)
    except CannotVerify as error:
        return {**found, "agreement": None, "disagrees": str(error)}
    worst = agreement.worst
    found["agreement"] = None if worst is None else worst.sqnr_db
    found["disagrees"] = agreement.failure or "; ".join(agreement.problems) or None
    return found


def _first_clause(reason: str | None) -> str:
    """Without the tensor's name in it, so that equal reasons are one."""
    return " ".join("..." if "'" in word else word for word in (reason or "").split())[:160]


def table(rows: list[dict[str, Any]]) -> str:
    """All rows as Markdown."""
    lines = [
        "| model | as users convert | operators | arithmetic | dB | convert: operators | arithmetic | dB | s | fixes |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if "failed" in row:
            lines.append(f"| {row['model']} | {row['wrong way']} | {row['failed']} | | | | | | | |")
            continue
        before, after = _cells(row["before"]), _cells(row["after"])
        fixes = ", ".join(dict.fromkeys(_fix(fix) for fix in row.get("fixes", [])))
        lines.append(
            f"| {row['model']} | {row['wrong way']} | {' | '.join(before)} | {' | '.join(after)} | "
            f"{row['after']['seconds']:.0f} | {fixes} |"
        )
    return "\n".join(lines)


def _fix(fix: dict[str, str]) -> str:
    return fix["code"] if fix["safety"] == "safe" else f"{fix['code']} (rounding)"


def _cells(side: dict[str, Any]) -> list[str]:
    if "operators" not in side:
        return [f"fails: {side.get('error', '')[:90]}", "-", "-"]
    decibels = side["agreement"]
    if decibels is not None:
        shown = f"{decibels:.1f}{' (!)' if side['disagrees'] else ''}"
    else:
        shown = "does not run" if side["disagrees"] else "exact"
    return [f"{side['edgetpu']} of {side['operators']}", f"{side['arithmetic']:.0%}", shown]


def explain(rows: list[dict[str, Any]]) -> str:
    """What stays on the CPU after conversion, what disagrees, and what failed."""
    lines = []
    for row in rows:
        after = row.get("after", {})
        refused = after.get("refused operators", {})
        texts = [f"{count} {what}" for what, count in list(refused.items())[:MOST_REASONS]]
        if after.get("behind them"):
            texts.append(f"{after['behind them']} fine by themselves but behind those")
        texts.extend(
            f"{side}: {text}"
            for side in ("before", "after")
            for text in (row.get(side, {}).get("refused"), row.get(side, {}).get("disagrees"))
            if text
        )
        texts.extend(
            f"stage {name}: {status}" for name, status in row.get("stages", {}).items() if status == "failed"
        )
        if "error" in after:
            texts.append(f"convert: {after['error']}")
        if texts:
            lines.extend([f"{row['model']} - {row['shows']}", *(f"    {text}" for text in texts)])
    return "\n".join(lines)


def agrees(row: dict[str, Any]) -> bool:
    after = row.get("after", {})
    return "failed" not in row and "operators" in after and not after.get("disagrees")


def closing(rows: list[dict[str, Any]]) -> str:
    """How many agree with their float model, and how many map."""
    apart = [row["model"] for row in rows if not agrees(row)]
    left = [row["model"] for row in rows if row.get("after", {}).get("arithmetic", 0.0) < 1]
    return (
        f"{len(rows) - len(apart)} of {len(rows)} agree with the float model; not: {', '.join(apart) or 'none'}\n"
        f"{len(rows) - len(left)} of {len(rows)} have all arithmetic on the Edge TPU; not: {', '.join(left) or 'none'}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SPECIMENS)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything that was measured")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the table")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep sources, data and models here")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in SPECIMENS]
    if unknown:
        parser.error(f"no model is called {unknown[0]}")
    rows = []
    with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-benchmark-") as temporary:
        folder = arguments.keep or Path(temporary)
        for name in arguments.names or SPECIMENS:
            row = run(SPECIMENS[name], (folder / name).resolve())
            rows.append(row)
            print(table([row]).splitlines()[-1], flush=True)
            if arguments.json:
                arguments.json.write_text(json.dumps(rows, indent=2))
    text = table(rows)
    print(f"\n{text}\n\n{explain(rows)}\n")
    for way in dict.fromkeys(row["wrong way"] for row in rows):
        print(f"{way}: {WAYS[way]}")
    if arguments.markdown:
        arguments.markdown.write_text(text + "\n")
    print(f"\n{closing(rows)}")
    return 0 if all(map(agrees, rows)) else 1


if __name__ == "__main__":
    sys.exit(main())
