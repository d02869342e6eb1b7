"""Compare a model with a reference: structure, loading, numbers.

The reference may be the model before a repair (expect 0 steps) or the float model it was made from (expect an
SQNR of 24 to 53 dB). Inputs and outputs may differ in type; they are converted by scale and zero point.

Exit code 0: within the limits; 1: not; 2: it could not be found out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ..model.errors import ReadError
from ..verify.numeric import DEFAULT_SAMPLES, DEFAULT_SEED, CannotVerify, Comparison, compare
from ..verify.structure import structure_problems

# Healthy int8 models have 24 to 53 dB against float. Over a softmax of many classes everything may round
# to zero: then the steps decide, and one and a half is rounding alone.
MINIMUM_SQNR_DB = 20.0
ROUNDING_STEPS = 1.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--reference", required=True, metavar="OTHER", help="what MODEL should compute")
    parser.add_argument(
        "--inputs", metavar="FILE.npz|DIR", help="user's inputs, by name of the reference's input"
    )
    parser.add_argument("--samples", type=int, default=DEFAULT_SAMPLES, metavar="N")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--identical", action="store_true", help="demand bit-identical outputs")
    parser.add_argument(
        "--max-steps", type=float, metavar="S", help="largest difference of an output, in steps"
    )
    parser.add_argument("--min-sqnr", type=float, default=MINIMUM_SQNR_DB, metavar="DB")
    parser.add_argument("--format", choices=("full", "json"), default="full")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def run(arguments: argparse.Namespace) -> int:
    """Compare the two models; 0, 1 or 2 as the epilog says."""
    try:
        model, reference = Path(arguments.model).read_bytes(), Path(arguments.reference).read_bytes()
        problems = structure_problems(model)
        if problems:
            raise ReadError(problems[0])
        comparison = compare(
            reference, model, samples=arguments.samples, seed=arguments.seed, inputs=arguments.inputs
        )
    except (ReadError, CannotVerify, OSError) as error:
        from ..report.text import printable

        sys.stderr.write(f"tflint-edgetpu: {printable(str(error))}\n")
        return 2
    failures = _failures(comparison, arguments)
    if arguments.format == "json":
        from ..report.fix_card import comparison_dict

        json.dump(
            {"schema_version": 1, **comparison_dict(comparison), "failures": failures}, sys.stdout, indent=2
        )
        sys.stdout.write("\n")
    else:
        _show(arguments, comparison, failures)
    return 1 if failures else 0


def _failures(comparison: Comparison, arguments: argparse.Namespace) -> list[str]:
    """One line for each output outside the limits."""
    if comparison.failure is not None:
        return [comparison.failure]
    failures = []
    for output in comparison.outputs:
        if not output.different:
            continue
        steps = output.worst_steps
        if arguments.identical:
            failures.append(
                f"output '{output.name}' differs in {output.different:,} of {output.elements:,} values"
            )
        elif arguments.max_steps is not None:
            if steps is None or steps > arguments.max_steps:
                failures.append(f"output '{output.name}' moves by {steps} steps")
        elif (steps is None or steps > ROUNDING_STEPS) and (output.sqnr_db or 0.0) < arguments.min_sqnr:
            failures.append(
                f"output '{output.name}': SQNR {output.sqnr_db or 0:.1f} dB, {steps or 0:.1f} steps"
            )
    return failures


def _show(arguments: argparse.Namespace, comparison: Comparison, failures: list[str]) -> None:
    from rich.text import Text

    from ..report.fix_card import proof
    from ..report.terminal.layout import keyed
    from .fix import _console

    console: Any = _console(arguments.color)
    rows = [("proof", Text(proof(comparison)))]
    rows.extend(("failed", Text(failure, style="red")) for failure in failures)
    keyed(console, rows)
    verdict = "differs" if failures else "agrees"
    console.print(
        Text(f"  {arguments.model} {verdict} with {arguments.reference}", style="bold"), soft_wrap=True
    )
