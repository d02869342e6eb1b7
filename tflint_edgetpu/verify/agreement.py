"""Does an integer model still compute what the float model does, on the user's own inputs?

No single number can tell.  Over a softmax of many classes everything rounds to zero: the cosine is 0 and the error
half a step.  A large constant part hides any error of the rest from both SQNR and cosine.  Thirty steps are nothing
where the output uses all 255.  So an output passes that stays within rounding, or whose SQNR, cosine and varying part
are all high and whose clear decisions are kept; and an output that never changes proves nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..lint.conversion import affine, real_range
from ..lint.detection import POSTPROCESS
from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.reader import read_model
from .child_process import Answer, run_child
from .inputs import InputsError, load_inputs
from .matching import match_interface
from .numeric import MEMORY_FLOOR, MEMORY_PER_BYTE, CannotVerify, litert_is_installed

CHILD = Path(__file__).with_name("agreement_child.py")
# Inputs of one set that are run: a statistic over more says the same, and a large float model takes its time.
MOST_SAMPLES = 64
# A set ends early after so many seconds and samples: a YOLOv8 at 640 px takes more than a second a sample here.
SECONDS, FEWEST_SAMPLES = 60.0, 8
TIMEOUT_SECONDS = 900
# Clear decisions below which their share says nothing: a guess.
FEWEST_DECISIONS = 10


class Thresholds(NamedTuple):
    """Where an output stops being good. Healthy int8 models have 24 to 53 dB and a cosine from 0.998 up (measured
    on 16 outputs with random weights, so with a margin)."""

    sqnr_db: float = 20.0
    cosine: float = 0.99
    steps: float = 1.5  # within this all is rounding, whatever the other numbers say
    top1: float = 0.8  # of the decisions whose float margin exceeds a step: a guess
    varying_db: float = (
        3.0  # of the part that depends on the input: a guess; 0 dB is an output that never moves
    )


class OutputAgreement(NamedTuple):
    """One output over all samples of a set, as real numbers."""

    name: str
    sqnr_db: float | None  # None: no difference at all
    cosine: float | None  # None: one of the models gives only zeros
    worst_steps: float | None  # None: another shape, or values that are no numbers
    top1: float | None  # None where it means nothing
    exercised: bool  # False: it changed by less than a step, so it proves nothing
    varying_db: float | None = (
        None  # SQNR against the part that varies; None: no difference, or nothing varies
    )
    clipped: float = 0.0  # share of the reference's values beyond what the integers can say
    step: float = 1.0  # one step as a real number
    decisions: int = 0  # those that top1 counts
    frozen: bool = False  # it never changes, although the reference's output does
    is_labels: bool = False  # class numbers: only equal or not


class Agreement(NamedTuple):
    """What both models gave for the calibration samples and for those held back."""

    samples: int
    outputs: tuple[OutputAgreement, ...]
    held_back: tuple[OutputAgreement, ...]
    failure: str | None  # the candidate does not run, or has other inputs or outputs
    held_back_samples: int = 0
    problems: tuple[str, ...] = ()  # one line for each output outside the thresholds
    notes: tuple[str, ...] = ()

    @property
    def proves_something(self) -> bool:
        return any(output.exercised for output in (*self.outputs, *self.held_back))

    @property
    def passed(self) -> bool:
        return self.failure is None and not self.problems and self.proves_something

    @property
    def worst(self) -> OutputAgreement | None:
        """The output with the least SQNR among those that prove something."""
        shown = [o for o in (*self.outputs, *self.held_back) if o.exercised and o.sqnr_db is not None]
        return min(shown, key=lambda output: output.sqnr_db or 0.0, default=None)


def agree(
    reference: bytes,
    candidate: bytes,
    samples: Path,
    held_back: Path | None = None,
    names: Mapping[str, str] | None = None,
    thresholds: Thresholds | None = None,
) -> Agreement:
    """Run both models on ``samples`` and on ``held_back``, in LiteRT without delegates, in a child process.

    Both are an ``.npz`` file or a folder, by the names of the reference's signature or tensors, with the values that
    the *reference* takes (see :func:`~tflint_edgetpu.verify.inputs.load_inputs`).  ``names`` are inputs and outputs
    that the candidate calls otherwise.  Raises :class:`CannotVerify` where there is no verdict: LiteRT is missing, the
    samples do not fit, the reference does not run.
    """
    if not litert_is_installed():
        raise CannotVerify("LiteRT is not installed: pip install 'tflint-edgetpu[fix]'")
    old, new = read_model(reference), read_model(candidate)
    inputs = match_interface(old, new, "inputs", names)
    if (
        inputs is None
        or len(inputs) != len(old.main.inputs)
        or any(a.elements != b.elements for _, a, b in inputs)
    ):
        return _failed(f"its inputs are {_described(new.main.inputs)}, not {_described(old.main.inputs)}")
    outputs = match_interface(old, new, "outputs", names)
    if outputs is None:
        return _failed(
            f"its {len(new.main.outputs)} outputs are none of the other model's {len(old.main.outputs)}"
        )
    pairs = list(_before_postprocess(old, new, outputs))
    import numpy as np

    with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-") as folder:
        sets: dict[str, str] = {}
        for name, source in (("calibration", samples), ("held back", held_back)):
            if source is not None:
                arrays = _load(source, old)
                sets[name] = str(Path(folder, f"{len(sets)}.npz"))
                np.savez(
                    sets[name], **{f"input_{t.index}": arrays[t.name][:MOST_SAMPLES] for t in old.main.inputs}
                )
        Path(folder, "reference.tflite").write_bytes(reference)
        Path(folder, "candidate.tflite").write_bytes(candidate)
        job = {
            "reference": str(Path(folder, "reference.tflite")),
            "candidate": str(Path(folder, "candidate.tflite")),
            "inputs": [(a.index, b.index) for _, a, b in inputs],
            "outputs": [_output(new, name, a, b) for name, a, b in pairs],
            "sets": sets,
            "seconds": SECONDS,
            "fewest": FEWEST_SAMPLES,
            "memory": MEMORY_FLOOR + MEMORY_PER_BYTE * (len(reference) + len(candidate)),
        }
        return _interpret(run_child(CHILD, job, TIMEOUT_SECONDS), thresholds or Thresholds())


def _load(source: Path, model: Model) -> dict[str, Any]:
    try:
        return load_inputs(str(source), model)
    except InputsError as error:
        raise CannotVerify(str(error)) from None


def _described(tensors: tuple[Tensor, ...]) -> str:
    return ", ".join(f"'{tensor.name}' {list(tensor.shape)}" for tensor in tensors[:4]) or "none"


def _before_postprocess(
    old: Model, new: Model, outputs: list[tuple[str, Tensor, Tensor]]
) -> Iterator[tuple[str, Tensor, Tensor]]:
    """The outputs to compare. Detections change places when a score moves by a step: where both models end in the
    detection postprocess, what it is fed says more than what it gives."""
    ours, theirs = Dataflow(old.main), Dataflow(new.main)
    done: set[tuple[int, int]] = set()
    for name, a, b in outputs:
        first, second = _postprocess(ours, a), _postprocess(theirs, b)
        if first is None or second is None:
            yield name, a, b
            continue
        if (first.index, second.index) in done:
            continue
        done.add((first.index, second.index))
        for what, number in (("box encodings", 0), ("class scores", 1)):
            fed, other = first.input(number), second.input(number)
            if fed is not None and other is not None:
                yield f"{what} of {first.label}", fed, other


def _postprocess(dataflow: Dataflow, tensor: Tensor) -> Operator | None:
    """The detection postprocess that gives ``tensor``, a change of type in between."""
    producer = dataflow.producer(tensor)
    for _ in range(2):  # float -> int8 -> uint8 is the longest chain that a converter puts there
        if producer is not None and producer.kind in ("QUANTIZE", "DEQUANTIZE"):
            producer = dataflow.producer(producer.input(0))
    return producer if producer is not None and producer.custom_code == POSTPROCESS else None


def _output(new: Model, name: str, a: Tensor, b: Tensor) -> dict[str, Any]:
    """An output as the child wants it, with the scale and the limits of the integers behind a float one."""
    grid = b
    if grid.quantization is None:
        producer = Dataflow(new.main).producer(b)
        source = producer.input(0) if producer is not None and producer.kind == "DEQUANTIZE" else None
        grid = source or b
    parameters = affine(grid)
    return {
        "name": name,
        "reference": a.index,
        "candidate": b.index,
        "step": None if parameters is None else parameters[0],
        "limits": real_range(grid),
    }


def _interpret(answer: Answer, thresholds: Thresholds) -> Agreement:
    if answer.result is None:
        if "candidate" in answer.stage:
            return _failed(f"{answer.stage}: {answer.why}")
        raise CannotVerify(f"the reference does not run in LiteRT ({answer.stage}): {answer.why}")
    sets = {
        name: tuple(OutputAgreement(**output) for output in found["outputs"])
        for name, found in answer.result.items()
    }
    counts = {name: int(found["samples"]) for name, found in answer.result.items()}
    calibration, held_back = sets["calibration"], sets.get("held back", ())
    problems = [
        *_problems(calibration, "", thresholds),
        *_problems(held_back, " on held-back inputs", thresholds),
    ]
    return Agreement(
        counts["calibration"],
        calibration,
        held_back,
        None,
        counts.get("held back", 0),
        tuple(problems),
        tuple(_notes(calibration, held_back)),
    )


def _problems(outputs: tuple[OutputAgreement, ...], where: str, thresholds: Thresholds) -> Iterator[str]:
    for output in outputs:
        why = problem(output, thresholds)
        if why is not None:
            yield f"output '{output.name}'{where}: {why}"


def problem(output: OutputAgreement, thresholds: Thresholds) -> str | None:
    """Why the output is not good enough, with the numbers; ``None`` where it is."""
    if output.is_labels:
        if output.top1 is not None and output.top1 < thresholds.top1:
            return f"{output.top1:.0%} of its labels are those of the float model"
        return None
    if output.worst_steps is None:
        return "it has another shape, or values that are no numbers"
    if output.frozen:
        return "it never changes, while that of the float model does"
    if output.worst_steps <= thresholds.steps:
        return None
    reasons = []
    if output.sqnr_db is not None and output.sqnr_db < thresholds.sqnr_db:
        reasons.append(f"SQNR {output.sqnr_db:.1f} dB (at least {thresholds.sqnr_db:g})")
    if output.cosine is None or output.cosine < thresholds.cosine:
        reasons.append(f"cosine {output.cosine or 0.0:.4f} (at least {thresholds.cosine:g})")
    if output.exercised and output.varying_db is not None and output.varying_db < thresholds.varying_db:
        reasons.append(
            f"{output.varying_db:.1f} dB over what depends on the input (at least {thresholds.varying_db:g})"
        )
    if output.top1 is not None and output.decisions >= FEWEST_DECISIONS and output.top1 < thresholds.top1:
        reasons.append(f"top-1 kept in {output.top1:.0%} (at least {thresholds.top1:.0%})")
    if not reasons:
        return None
    text = f"{', '.join(reasons)}; worst error {output.worst_steps:.1f} steps"
    if output.clipped >= 0.01:
        text += f"; {output.clipped:.0%} of the float model's values lie beyond the calibrated range"
    return text


def _notes(calibration: tuple[OutputAgreement, ...], held_back: tuple[OutputAgreement, ...]) -> Iterator[str]:
    by_name = {output.name: output for output in held_back}
    for output in calibration:
        other = by_name.get(output.name)
        # 6 dB are twice the error.
        if other and output.sqnr_db and other.sqnr_db is not None and other.sqnr_db < output.sqnr_db - 6:
            yield (
                f"output '{output.name}' has {other.sqnr_db:.1f} dB on held-back inputs, {output.sqnr_db:.1f} dB on "
                "those it was calibrated with: calibrate with more or more varied samples"
            )
        if not output.exercised and not output.is_labels:
            yield f"output '{output.name}' changes by less than a step over these inputs: it proves nothing"


def _failed(why: str) -> Agreement:
    return Agreement(0, (), (), why)
