"""Repair models in the file itself, and prove that nothing else moved.

A SAFE fix leaves every output bit-identical, a change of an input's or output's type aside. An UNSAFE one may
move outputs; by how much is measured and shown. What fails its proof is rolled back.

Exit code 0: no finding at or above --fail-on remains; 1: some do, or a fix was rolled back; 2: nothing could
be proved (LiteRT missing, Flex operators, no model): then nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..edgetpu.target import COMPILERS, DEFAULT_TARGET
from ..fix.write import replace_in_place, write_atomically
from ..lint.finding import Finding, Safety
from ..lint.plugins import PluginError, Plugins
from ..lint.run import RuleFailure
from ..model.errors import ReadError
from ..verify.numeric import CannotVerify, litert_is_installed
from .console import page
from .fail_on import fails
from .main import FINDINGS, fail, parse, said_of

# Options that mean nothing with --source, and those that mean nothing without it.
_STRAY = {
    True: ("select", "ignore", "unsafe_fixes", "diff", "inputs"),
    False: (
        "calibration", "value_range", "random_calibration", "input_type", "output_type", "signature", "tags", "shape",
        "trust_source", "min_sqnr", "compiler", "container", "config", "debug_layers",
    ),
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=".tflite files")
    level = parser.add_mutually_exclusive_group()
    level.add_argument("--safe", action="store_true", help="only bit-identical fixes (the default)")
    level.add_argument("--unsafe-fixes", action="store_true", help="also fixes that may move outputs")
    parser.add_argument("--select", metavar="CODES", help="only fixes of these rules, comma-separated")
    parser.add_argument("--ignore", metavar="CODES", help="no fixes of these rules, comma-separated")
    parser.add_argument("-o", "--output", metavar="OUT", help="where to write (default: MODEL.fixed.tflite)")
    parser.add_argument("--in-place", action="store_true", help="replace MODEL itself")
    parser.add_argument("--dry-run", action="store_true", help="do everything but write")
    parser.add_argument("--diff", action="store_true", help="show operators and tensors before and after")
    parser.add_argument("--inputs", metavar="FILE.npz", help="prove on these inputs, by input name")
    parser.add_argument(
        "--samples",
        type=int,
        metavar="N",
        help="random inputs to prove on (8); with --source, to calibrate (200)",
    )
    parser.add_argument("--consumer", choices=("pycoral", "frigate"), help="who will read the outputs")
    parser.add_argument("--target-compiler", choices=tuple(COMPILERS), help="(default: 16.0)")
    parser.add_argument("--multiple-subgraphs", action="store_true", help="as the compiler's -a")
    parser.add_argument("--fail-on", choices=("error", "warning", "info", "never"), default="error")
    parser.add_argument("--format", choices=("full", "json"), default="full")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("--source", metavar="SOURCE", help="convert again from the model it was made from")
    from .convert import add_source_arguments

    add_source_arguments(parser, samples=False)


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The arguments, a range that begins with a minus among them."""
    from .convert_options import join_ranges

    arguments: argparse.Namespace = parse("fix", sys.modules[__name__], join_ranges(words))
    return arguments


def run(arguments: argparse.Namespace) -> int:
    """Repair each model; the worst exit code of all."""
    if arguments.output and (len(arguments.models) > 1 or arguments.in_place):
        return fail("--output takes one MODEL and excludes --in-place")
    stray = next((name for name in _STRAY[bool(arguments.source)] if getattr(arguments, name)), None)
    if stray is not None:
        belongs = "does nothing with --source" if arguments.source else "is for --source"
        return fail(f"--{stray.replace('_', '-')} {belongs}")
    if arguments.source:
        return _reconvert(arguments)
    if not litert_is_installed():
        return fail(
            "a fix is written only when it is proved, and that needs LiteRT: pip install 'tflint-edgetpu[fix]'"
        )
    try:
        plugins = Plugins()
    except PluginError as error:
        return fail(str(error))
    unknown = [
        code for code in _codes(arguments.select) | _codes(arguments.ignore) if code not in plugins.rules
    ]
    if unknown:
        return fail(f"no rule has the code {unknown[0]}; see 'tflint-edgetpu rules'")
    results: list[dict[str, Any]] = []
    worst = 0
    for model in arguments.models:
        worst = max(worst, _fix(arguments, Path(model), plugins, results))
    if arguments.format == "json":
        print(json.dumps({"schema_version": 1, "files": results}, indent=2))
    return worst


def _reconvert(arguments: argparse.Namespace) -> int:
    """Make the model again from its source; what replaces it is compared with it."""
    from ..convert.calibration.errors import CalibrationError
    from ..convert.errors import CannotConvert, SourceError
    from ..convert.write import files_for, refuse_to_replace
    from .convert import convert_and_report
    from .convert_options import calibration_request, source_of

    if len(arguments.models) > 1:
        return fail("--source goes with one MODEL")
    if arguments.in_place:
        return fail("--in-place repairs a file; what --source makes is another model: name it with --output")
    path = Path(arguments.models[0])
    try:
        data = path.read_bytes()
        source = source_of(arguments.source, arguments)
        if arguments.output and Path(arguments.output).exists() and Path(arguments.output).samefile(path):
            raise OSError(f"{path} is the model itself: choose another name")
        files = files_for(
            Path(arguments.output) if arguments.output else path.with_name(f"{path.stem}.fixed.tflite")
        )
        refuse_to_replace(files, source, overwrite=True)
        request = calibration_request(arguments)
        return convert_and_report(arguments, source, request, files, replaces=data)
    except (SourceError, CannotConvert, CalibrationError, ReadError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(said_of(error))


def _fix(arguments: argparse.Namespace, path: Path, plugins: Plugins, results: list[dict[str, Any]]) -> int:
    from ..fix.repair import repair
    from ..report.fix_card import fix_dict, show_fix

    try:
        data = path.read_bytes()
        outcome = repair(
            data,
            plugins,
            level=Safety.UNSAFE if arguments.unsafe_fixes else Safety.SAFE,
            wanted=_wanted(arguments),
            target=COMPILERS[arguments.target_compiler] if arguments.target_compiler else DEFAULT_TARGET,
            consumer=arguments.consumer,
            multiple_subgraphs=arguments.multiple_subgraphs,
            samples=8 if arguments.samples is None else arguments.samples,
            inputs=arguments.inputs,
        )
        written = None
        if outcome.applied and not arguments.dry_run:
            written = _write(arguments, path, outcome.after)
    except (ReadError, CannotVerify, RuleFailure, PluginError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        results.append({"path": str(path), "error": why})
        return fail(f"{path}: {why}")
    if arguments.format == "json":
        results.append({**fix_dict(str(path), outcome, written), "error": None})
    else:
        show_fix(page(arguments.color), str(path), outcome, written, diff=arguments.diff)
    left = fails(outcome.linted_after.findings, arguments.fail_on)
    return FINDINGS if left or outcome.rolled_back else 0


def _wanted(arguments: argparse.Namespace) -> Callable[[Finding], bool]:
    selected, ignored = _codes(arguments.select), _codes(arguments.ignore)
    return lambda finding: (not selected or finding.code in selected) and finding.code not in ignored


def _codes(text: str | None) -> set[str]:
    return {code.strip().upper() for code in (text or "").split(",") if code.strip()}


def _write(arguments: argparse.Namespace, path: Path, data: bytes) -> str:
    if arguments.in_place:
        replace_in_place(path, data)
        return str(path)
    target = Path(arguments.output) if arguments.output else path.with_name(f"{path.stem}.fixed.tflite")
    if target.exists() and target.samefile(path):
        raise OSError(f"{target} is the model itself: say --in-place to replace it")
    write_atomically(target, data)
    return str(target)
