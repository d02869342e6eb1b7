"""Compare a model with a reference, or take it through every stage down to the Edge TPU (--chain).

The reference may be the model before a repair (expect 0 steps) or the float model it was made from (expect an
SQNR of 24 to 53 dB). Inputs and outputs may differ in type; they are converted by scale and zero point.

The chain is structure, loads, agreement with the float reference on --inputs and --held-back, predicted
placement, edgetpu_compiler, Edge TPU. A stage that cannot be run says why and is never a pass. Its limits are
the options below, or [tool.tflint-edgetpu.verify] of pyproject.toml: sqnr-db, cosine, steps, top1, varying-db,
mapped-share, device-steps.

Exit code 0: within the limits; 1: not; 2: it could not be found out, or a stage that an option asked for was not
run.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..edgetpu.target import COMPILERS
from ..lint.settings import VERIFY_LIMITS, SettingsError
from ..model.errors import ReadError
from ..verify.agreement import Thresholds
from ..verify.numeric import DEFAULT_SAMPLES, DEFAULT_SEED, CannotVerify, Comparison, compare
from ..verify.structure import structure_problems
from .console import page
from .main import FAILED, FINDINGS, fail, said_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--reference", metavar="OTHER", help="what MODEL should compute")
    parser.add_argument(
        "--inputs",
        metavar="FILE|DIR",
        help="your inputs: .npz by name of the reference's inputs, .npy for a single one",
    )
    parser.add_argument("--max-steps", type=float, metavar="S", help="largest error of an output, in steps")
    parser.add_argument("--min-sqnr", type=float, metavar="DB", help="(default: 20)")
    parser.add_argument("--format", choices=("full", "json"), default="full")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    plain = parser.add_argument_group("without --chain")
    plain.add_argument("--samples", type=int, default=DEFAULT_SAMPLES, metavar="N", help="random inputs")
    plain.add_argument("--seed", type=int, default=DEFAULT_SEED)
    plain.add_argument("--identical", action="store_true", help="demand bit-identical outputs")
    chain = parser.add_argument_group("every stage")
    chain.add_argument(
        "--chain", action="store_true", help="structure to Edge TPU; --reference may be missing"
    )
    chain.add_argument("--held-back", metavar="FILE|DIR", help="inputs that did not calibrate MODEL")
    chain.add_argument("--min-cosine", type=float, metavar="C", help="(default: 0.99)")
    chain.add_argument(
        "--min-top1", type=float, metavar="SHARE", help="of clear decisions kept (default: 0.8)"
    )
    chain.add_argument("--min-share", type=float, metavar="SHARE", help="of the arithmetic predicted to map")
    chain.add_argument("--compiler", metavar="PATH", help="edgetpu_compiler, where it is not on PATH")
    chain.add_argument("--container", metavar="IMAGE", help="a local image that has it")
    chain.add_argument("--device", default="auto", metavar="NAME", help="auto, never, or one such as usb:0")
    chain.add_argument("--target-compiler", choices=tuple(COMPILERS))
    chain.add_argument("--config", metavar="FILE", help="settings (default: the nearest file above MODEL)")


def run(arguments: argparse.Namespace) -> int:
    """Compare the two models, or run the chain; 0, 1 or 2 as the epilog says."""
    try:
        if arguments.chain:
            return _chain(arguments)
        for option, value in (("--held-back", arguments.held_back), ("--min-share", arguments.min_share)):
            if value is not None:
                return fail(f"{option} is for --chain")
        if arguments.reference is None:
            return fail("--reference is missing: a float model, or the model before a change; or say --chain")
        return _compare(arguments)
    except (ReadError, CannotVerify) as error:
        return fail(str(error))
    except OSError as error:
        return fail(said_of(error))


def _compare(arguments: argparse.Namespace) -> int:
    model, reference = Path(arguments.model).read_bytes(), Path(arguments.reference).read_bytes()
    problems = structure_problems(model)
    if problems:
        raise ReadError(problems[0])
    comparison = compare(
        reference, model, samples=arguments.samples, seed=arguments.seed, inputs=arguments.inputs
    )
    failures = _failures(comparison, arguments)
    if arguments.format == "json":
        from ..report.fix_card import comparison_dict

        data = {"schema_version": 1, **comparison_dict(comparison), "failures": failures}
        print(json.dumps(data, indent=2))
    else:
        _show(arguments, comparison, failures)
    return FINDINGS if failures else 0


def _chain(arguments: argparse.Namespace) -> int:
    from ..edgetpu.support.registry import SupportTable
    from ..lint.plugins import Plugins
    from ..lint.settings import Settings
    from ..lint.settings_file import find_settings, read_settings
    from ..report.chain import chain_data, show_chain
    from ..verify.chain import (
        chain_passed,
        is_compiled_file,
        left_out,
        limits_from,
        run_chain,
        stages_asked_for,
    )

    path = Path(arguments.model)
    file = arguments.config or find_settings(str(path.parent))
    settings = read_settings(file) if file else Settings()
    thresholds, limits = limits_from({**settings.verify, **_given_limits(arguments)})
    target = COMPILERS[arguments.target_compiler] if arguments.target_compiler else settings.target
    candidate = path.read_bytes()
    if is_compiled_file(candidate):
        return fail(f"{path} is compiled for the Edge TPU already: give the model it was compiled from")

    stages = run_chain(
        candidate,
        reference=Path(arguments.reference).read_bytes() if arguments.reference else None,
        samples=_existing(arguments.inputs),
        held_back=_existing(arguments.held_back),
        thresholds=thresholds,
        limits=limits,
        target=target,
        table=SupportTable(Plugins().constraints),
        multiple_subgraphs=settings.multiple_subgraphs,
        compiler=arguments.compiler or "auto",
        container=arguments.container,
        device=arguments.device,
    )
    if arguments.format == "json":
        print(json.dumps(chain_data(arguments.model, stages), indent=2))
    else:
        show_chain(page(arguments.color), arguments.model, stages)
    if not chain_passed(stages):
        return FINDINGS
    asked = stages_asked_for(arguments.compiler, arguments.container, arguments.device)
    if arguments.reference or arguments.inputs or arguments.held_back:
        asked |= {"agreement"}
    return FAILED if left_out(stages, asked) else 0


def _given_limits(arguments: argparse.Namespace) -> dict[str, float]:
    """The limits among the options, by their names in a settings file."""
    options = {
        "sqnr-db": ("--min-sqnr", arguments.min_sqnr),
        "cosine": ("--min-cosine", arguments.min_cosine),
        "steps": ("--max-steps", arguments.max_steps),
        "top1": ("--min-top1", arguments.min_top1),
        "mapped-share": ("--min-share", arguments.min_share),
    }
    for name, (option, value) in options.items():
        low, high = VERIFY_LIMITS[name]
        if value is not None and not low <= value <= high:
            raise SettingsError(f"{option}: a number from {low:g} to {high:g}, not {value:g}")
    return {name: value for name, (_, value) in options.items() if value is not None}


def _existing(path: str | None) -> Path | None:
    if path is not None and not Path(path).exists():
        raise CannotVerify(f"{path}: there is no such file")
    return Path(path) if path is not None else None


def _failures(comparison: Comparison, arguments: argparse.Namespace) -> list[str]:
    """One line for each output outside the limits."""
    if comparison.failure is not None:
        return [comparison.failure]
    limits = Thresholds()
    least = limits.sqnr_db if arguments.min_sqnr is None else arguments.min_sqnr
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
        elif (steps is None or steps > limits.steps) and (output.sqnr_db or 0.0) < least:
            failures.append(
                f"output '{output.name}': SQNR {output.sqnr_db or 0:.1f} dB, {steps or 0:.1f} steps"
            )
    return failures


def _show(arguments: argparse.Namespace, comparison: Comparison, failures: list[str]) -> None:
    from rich.text import Text

    from ..report.fix_card import proof
    from ..report.terminal.layout import keyed

    console = page(arguments.color)
    rows = [("proof", Text(proof(comparison)))]
    rows.extend(("failed", Text(failure, style="red")) for failure in failures)
    keyed(console, rows)
    verdict = "differs" if failures else "agrees"
    console.print(
        Text(f"  {arguments.model} {verdict} with {arguments.reference}", style="bold"), soft_wrap=True
    )
