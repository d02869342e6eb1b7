"""A float .tflite as an integer model, without its source.

Two quantizers can do it, each in a child process: LiteRT's (``litert-quantizer``, or ``ai-edge-quantizer``, its older
name), and the one behind TensorFlow's converter.  LiteRT's leaves operators such as LEAKY_RELU in float; TensorFlow's
makes int8 ones, some in versions that no compiler reads.  So both are tried where both are installed, and the result
of which more is predicted to run on the Edge TPU wins.

LiteRT's is called with two settings of ours: ranges are the least and greatest values seen (its own default is a
moving average that forgets all but the first samples: with 32 samples an SQNR of 11 instead of 41 dB), and dense
weights get one scale each.  What it leaves behind is repaired in :mod:`.float_repair`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..edgetpu.placement import place_model
from ..edgetpu.support.registry import SupportTable
from ..edgetpu.target import DEFAULT_TARGET, Target
from ..fix.edit import EditRefused
from ..fix.edits.freeze_batch import freeze
from ..fix.tree import Tree
from ..model.errors import ReadError
from ..model.graph import Model
from ..model.reader import read_model
from ..verify.child_process import run_child
from .calibration.request import CalibrationRequest
from .errors import CannotConvert
from .float_repair import add_signature, repair_quantized
from .tools import TENSORFLOW, quantizers

CHILD = Path(__file__).parent / "child" / "quantize_float.py"
# Calibration runs the float model once a sample; an hour is far above what was seen.
TIMEOUT_SECONDS = 3600

Progress = Callable[[int, int], None]


def quantize_float_model(
    data: bytes,
    request: CalibrationRequest,
    progress: Progress | None = None,
    *,
    target: Target = DEFAULT_TARGET,
    table: SupportTable | None = None,
) -> bytes:
    """The integer model of a float one, int8 in and out, by the quantizer whose result maps best.

    ``progress`` is told the samples done and all, for each quantizer.  Calibration
    data is named by the inputs of the signature, or of the graph where there is none.  Raises
    :class:`CannotConvert` where none takes the model; that one is installed, :func:`~.tools.require_tools` tells.
    """
    prepared = prepare(data, _readable(data))
    results: list[bytes] = []
    refusals: list[str] = []
    for quantizer in quantizers():
        try:
            results.append(_quantize(quantizer, prepared, request, progress))
        except CannotConvert as refusal:
            refusals.append(str(refusal))
    if not results:
        raise CannotConvert("; ".join(dict.fromkeys(refusals)))

    def mapped(result: bytes) -> tuple[bool, float, int]:
        placement = place_model(read_model(result), target=target, table=table)
        return not placement.compiles.is_refused, placement.share, -placement.cpu

    return max(results, key=mapped)  # the first of equals: LiteRT's


def _quantize(
    quantizer: str, prepared: bytes, request: CalibrationRequest, progress: Progress | None
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-") as folder:
        source, result = Path(folder, "float.tflite"), Path(folder, "integer.tflite")
        source.write_bytes(prepared)
        job = {
            "quantizer": quantizer,
            "model": str(source),
            "result": str(result),
            "request": request._asdict(),
        }
        answer = run_child(CHILD, job, TIMEOUT_SECONDS, _reports(progress))
        if answer.result is None:
            name = "TensorFlow's quantizer" if quantizer == TENSORFLOW else quantizer.replace("_", "-")
            raise CannotConvert(f"{name} does not take it ({answer.stage}): {answer.why}")
        if "refused" in answer.result:
            raise CannotConvert(str(answer.result["refused"]))
        return repair_quantized(result.read_bytes())


def prepare(data: bytes, model: Model) -> bytes:
    """The float model with a fixed batch of 1 and a signature, which the quantizer asks for."""
    tree = Tree(data)
    changed = False
    if any(tensor.is_dynamic for tensor in model.main.tensors):
        try:
            freeze(tree, "", {})
        except EditRefused as refusal:
            raise CannotConvert(f"its batch cannot be fixed to 1: {refusal}") from None
        changed = True
    if not tree.signatures:
        add_signature(tree)
        changed = True
    return tree.pack() if changed else data


def _readable(data: bytes) -> Model:
    try:
        model = read_model(data)
    except ReadError as error:
        raise CannotConvert(str(error)) from None
    if len(model.subgraphs) > 1:
        raise CannotConvert(
            f"it has {len(model.subgraphs)} subgraphs (control flow or several signatures); convert from the source, "
            "with one signature and unrolled loops"
        )
    if any(tensor.quantization is not None for tensor in model.main.tensors):
        raise CannotConvert("it is quantized already, wholly or in part: give the float model")
    return model


def _reports(progress: Progress | None) -> Callable[[dict[str, Any]], None]:
    def report(message: dict[str, Any]) -> None:
        if progress is not None and "done" in message:
            progress(int(message["done"]), int(message["of"]))

    return report
