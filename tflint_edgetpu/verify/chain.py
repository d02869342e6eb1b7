"""From a file that reads back to a model that was seen to run: one stage after the other, each with its numbers.

structure -> loads -> agreement -> placement -> compiler -> device.  What cannot be run is 'not run', with what it
would take; it is never a pass.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..edgetpu.compiles import REFUSED
from ..edgetpu.custom_op import is_compiled
from ..edgetpu.placement import place_model
from ..edgetpu.support.registry import SupportTable
from ..edgetpu.tail import DECODERS
from ..edgetpu.target import DEFAULT_TARGET, Target
from ..lint.detection import POSTPROCESS
from ..lint.wording import counted, percent
from ..model.errors import ReadError
from ..model.reader import read_model
from .agreement import Agreement, OutputAgreement, Thresholds, agree
from .compiler import CannotCompile, Compilation, Flags, compile_model, find_compiler, private_folder
from .device import TOLERANCE_STEPS, DeviceRun, NotVerified, run_on_device
from .evaluate import evaluate
from .numeric import CannotVerify, litert_is_installed
from .structure import structure_problems

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
STAGES = ("structure", "loads", "agreement", "placement", "compiler", "device")


class Stage(NamedTuple):
    """What became of one stage."""

    name: str  # one of STAGES
    status: str  # passed, failed, not run
    text: str  # one line for people
    numbers: Mapping[str, Any] = {}
    details: tuple[str, ...] = ()  # more lines: each output that fails, what else to know


class Limits(NamedTuple):
    """What a model must reach besides :class:`Thresholds`."""

    mapped_share: float = 0.0  # of the arithmetic, predicted; above 0 whatever is said
    device_steps: float = TOLERANCE_STEPS  # between the Edge TPU and the CPU


def limits_from(given: Mapping[str, float]) -> tuple[Thresholds, Limits]:
    """The limits of a settings file, by their names there; what is not given keeps its default."""
    values = {name.replace("-", "_"): value for name, value in given.items()}
    return (
        Thresholds(**{name: values[name] for name in Thresholds._fields if name in values}),
        Limits(**{name: values[name] for name in Limits._fields if name in values}),
    )


def run_chain(
    candidate: bytes,
    *,
    reference: bytes | None = None,
    samples: Path | None = None,
    held_back: Path | None = None,
    names: Mapping[str, str] | None = None,
    thresholds: Thresholds | None = None,
    limits: Limits | None = None,
    target: Target = DEFAULT_TARGET,
    table: SupportTable | None = None,
    multiple_subgraphs: bool = False,
    compiler: str | None = "auto",
    container: str | None = None,
    device: str = "auto",
) -> tuple[Stage, ...]:
    """Every stage, in order, for an integer model before it is compiled.

    ``samples`` and ``held_back`` hold what the float ``reference`` takes, by input name.  ``compiler``: 'auto'
    looks on PATH, another text is the program, ``None`` leaves the stage out; ``container``: an image that has it.
    ``device``: 'auto', 'never', or which one (``usb:0``).  The files of the compilation go with the run.
    """
    limits = limits or Limits()
    structure = _structure(candidate)
    if structure.status == FAILED:
        why = "the file is damaged"
        return (structure, *(Stage(name, NOT_RUN, why) for name in STAGES[1:]))
    loads = _loads(candidate)
    if loads.status != PASSED and litert_is_installed():
        agreement = Stage("agreement", NOT_RUN, "the model does not load")
    else:
        agreement = _agreement(candidate, reference, samples, held_back, names, thresholds or Thresholds())
    placement = _placement(candidate, limits, target, table, multiple_subgraphs)
    with private_folder() as folder:
        flags = Flags(multiple_subgraphs=multiple_subgraphs, min_runtime=_asked_runtime(target))
        compiled, stage = _compiler(candidate, compiler, container, Path(folder), flags)
        seen = _device(candidate, compiled, samples, device, limits, loads)
    return structure, loads, agreement, placement, stage, seen


def stages_asked_for(compiler: str | None, container: str | None, device: str) -> frozenset[str]:
    """The stages that options name. The others are run where they can be."""
    asked = {"compiler"} if compiler or container else set()
    return frozenset(asked | ({"device"} if device not in ("auto", "never") else set()))


def left_out(stages: Iterable[Stage], asked: Collection[str]) -> bool:
    """Whether a stage that was asked for was not run."""
    return any(stage.name in asked and stage.status == NOT_RUN for stage in stages)


def is_compiled_file(data: bytes) -> bool:
    """Whether the file is what the compiler made: there is nothing of the model left to look at."""
    try:
        return is_compiled(read_model(data))
    except ReadError:
        return False


def chain_passed(stages: Iterable[Stage]) -> bool:
    """Whether nothing failed. Stages that were not run prove nothing, and fail nothing."""
    return all(stage.status != FAILED for stage in stages)


def _structure(candidate: bytes) -> Stage:
    problems = structure_problems(candidate)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Stage(
            "structure", FAILED, f"{problems[0]}{more}", {"problems": len(problems)}, tuple(problems[1:8])
        )
    main = read_model(candidate).main
    numbers = {"operators": len(main.operators), "tensors": len(main.tensors), "bytes": len(candidate)}
    text = f"{counted(len(main.operators), 'operator')}, every tensor has one producer and its bytes"
    return Stage("structure", PASSED, text, numbers)


def _loads(candidate: bytes) -> Stage:
    if not litert_is_installed():
        return Stage("loads", NOT_RUN, "LiteRT is not installed: pip install 'tflint-edgetpu[fix]'")
    try:
        evaluate(candidate)
    except CannotVerify as error:
        known = {op.custom_code for op in read_model(candidate).main.operators} & (DECODERS - {POSTPROCESS})
        if known:
            return Stage("loads", NOT_RUN, f"LiteRT has no {min(known, key=str)}, Coral's own runtime has it")
        return Stage("loads", FAILED, str(error))
    return Stage("loads", PASSED, "LiteRT loads it and prepares every operator")


def _agreement(
    candidate: bytes,
    reference: bytes | None,
    samples: Path | None,
    held_back: Path | None,
    names: Mapping[str, str] | None,
    thresholds: Thresholds,
) -> Stage:
    if reference is None:
        return Stage(
            "agreement", NOT_RUN, "there is no float model to compare with: --reference FLOAT.tflite"
        )
    if samples is None:
        return Stage("agreement", NOT_RUN, "there are no inputs to compare on: --inputs FILE.npz")
    try:
        found = agree(reference, candidate, samples, held_back, names, thresholds)
    except (CannotVerify, ReadError) as error:
        return Stage("agreement", NOT_RUN, str(error))
    numbers = _agreement_numbers(found)
    if found.failure is not None:
        return Stage(
            "agreement", FAILED, f"the model does not run as the float model does: {found.failure}", numbers
        )
    if found.problems:
        more = f" (and {len(found.problems) - 1} more)" if len(found.problems) > 1 else ""
        return Stage(
            "agreement", FAILED, f"{found.problems[0]}{more}", numbers, (*found.problems[1:8], *found.notes)
        )
    if not found.proves_something:
        text = f"no output changes by a step over {counted(found.samples, 'sample')}: that proves nothing"
        return Stage("agreement", NOT_RUN, text, numbers, found.notes)
    return Stage("agreement", PASSED, _agreement_text(found), numbers, found.notes)


def _agreement_text(found: Agreement) -> str:
    outputs = (*found.outputs, *found.held_back)
    steps = max((output.worst_steps or 0.0) for output in outputs)
    top1 = [output.top1 for output in outputs if output.top1 is not None]
    worst = found.worst
    parts = [f"{worst.sqnr_db:.1f} dB" if worst and worst.sqnr_db is not None else "no difference"]
    if worst and worst.cosine is not None:
        parts.append(f"cosine {worst.cosine:.4f}")
    parts.append(f"worst error {steps:.1f} steps")
    if top1:
        parts.append(f"top-1 kept in {min(top1):.0%}")
    held = f" and {found.held_back_samples} held back" if found.held_back else ""
    return f"{', '.join(parts)} over {counted(found.samples, 'sample')}{held}"


def _agreement_numbers(found: Agreement) -> dict[str, Any]:
    def rows(outputs: tuple[OutputAgreement, ...]) -> list[dict[str, Any]]:
        return [output._asdict() for output in outputs]

    return {
        "samples": found.samples,
        "held_back_samples": found.held_back_samples,
        "outputs": rows(found.outputs),
        "held_back": rows(found.held_back),
        "problems": list(found.problems),
    }


def _placement(
    candidate: bytes, limits: Limits, target: Target, table: SupportTable | None, multiple_subgraphs: bool
) -> Stage:
    placement = place_model(
        read_model(candidate), target=target, table=table, multiple_subgraphs=multiple_subgraphs
    )
    compiles = placement.compiles
    numbers = {
        "share": placement.share,
        "edgetpu": placement.edgetpu,
        "cpu": placement.cpu,
        "verdict": compiles.verdict,
    }
    if compiles.verdict in REFUSED:
        return Stage(
            "placement", FAILED, f"the compiler will refuse it: {compiles.reason or compiles.error}", numbers
        )
    text = (
        f"{percent(placement.share)} of the arithmetic, {placement.edgetpu} of "
        f"{counted(len(placement.operators), 'operator')}, predicted to run on the Edge TPU"
    )
    if not placement.edgetpu:
        return Stage("placement", FAILED, "nothing is predicted to run on the Edge TPU", numbers)
    if placement.share < limits.mapped_share:
        return Stage(
            "placement", FAILED, f"{text}; at least {percent(limits.mapped_share)} is asked for", numbers
        )
    return Stage("placement", PASSED, text, numbers)


def _asked_runtime(target: Target) -> int | None:
    """The compiler's -m: only where another runtime than its own is asked for."""
    return None if target.runtime == DEFAULT_TARGET.runtime else target.runtime


def _compiler(
    candidate: bytes, wanted: str | None, container: str | None, folder: Path, flags: Flags
) -> tuple[bytes | None, Stage]:
    """The compiled model, ``None`` where there is none, and the stage."""
    if wanted is None:
        return None, Stage("compiler", NOT_RUN, "it was not asked for")
    try:
        compiler = find_compiler(None if wanted == "auto" else wanted, container)
        with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-") as own:
            model = Path(own, "model.tflite")
            model.write_bytes(candidate)
            made = compile_model(compiler, model, folder, flags)
    except CannotCompile as error:
        return None, Stage("compiler", NOT_RUN, str(error))
    except OSError as error:
        return None, Stage("compiler", NOT_RUN, f"{error.filename}: {error.strerror or error}")
    return _compiled(made)


def _compiled(made: Compilation) -> tuple[bytes | None, Stage]:
    log = made.log
    model = log.models[-1] if log.models else None
    mapped, total = (model.mapped, model.operators) if model else (None, None)
    numbers = {"outcome": log.outcome, "edgetpu": mapped, "operators": total, "runs": made.runs}
    if made.mapped_nothing or made.compiled is None:
        text = f"edgetpu_compiler maps nothing ({log.outcome or 'no result'})"
        if log.error is not None:
            text = f"edgetpu_compiler: {log.error.text}"
        return None, Stage("compiler", FAILED, text, numbers)
    text = (
        f"edgetpu_compiler maps {mapped} of {total} operators"
        if mapped is not None
        else "edgetpu_compiler is done"
    )
    return made.compiled.read_bytes(), Stage("compiler", PASSED, text, numbers)


def _device(
    candidate: bytes, compiled: bytes | None, samples: Path | None, device: str, limits: Limits, loads: Stage
) -> Stage:
    if device == "never":
        return Stage("device", NOT_RUN, "not verified on an Edge TPU: it was not asked for")
    for missing, why in (
        (compiled is None, "there is no compiled model"),
        (samples is None, "there are no inputs: --inputs FILE.npz"),
        (loads.status != PASSED, "the model does not load on the CPU"),
    ):
        if missing:
            return Stage("device", NOT_RUN, f"not verified on an Edge TPU: {why}")
    assert compiled is not None and samples is not None, "both were looked at"
    found = run_on_device(
        compiled, candidate, samples, device="" if device == "auto" else device, tolerance=limits.device_steps
    )
    if isinstance(found, NotVerified):
        return Stage("device", NOT_RUN, str(found), {}, found.notes)
    return _ran(found)


def _ran(found: DeviceRun) -> Stage:
    numbers = {
        "runtime": found.runtime,
        "runtime_version": found.runtime_version,
        "libedgetpu": found.libedgetpu,
        "device": found.device,
        "worst_steps": found.worst_steps,
        "first_ms": found.first_ms,
        "steady_ms": found.steady_ms,
        "samples": found.samples,
    }
    if found.failure is not None:
        return Stage("device", FAILED, found.failure, numbers, found.notes)
    steady = f", {found.steady_ms:.1f} ms an inference" if found.steady_ms is not None else ""
    text = (
        f"the Edge TPU gives what the CPU gives within {found.worst_steps or 0:g} steps over "
        f"{counted(found.samples, 'sample')}{steady}"
    )
    return Stage("device", PASSED, text, numbers, found.notes)
