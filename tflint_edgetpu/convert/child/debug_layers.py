"""Every layer in float and in integers, side by side: the program of the child process of :mod:`..debug_layers`.

See :mod:`.channel` for how it talks.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tflint_edgetpu.convert.calibration import (
    CalibrationRequest,
    InputSpec,
    open_calibration,
)
from tflint_edgetpu.convert.calibration.fitting import match_names
from tflint_edgetpu.convert.child.channel import Say, run_job
from tflint_edgetpu.convert.child.tensorflow_quantizer import Samples, calibrate, quantize
from tflint_edgetpu.convert.recipe import from_dict
from tflint_edgetpu.convert.source import Source
from tflint_edgetpu.model.reader import read_model

VERIFY = "NumericVerify"
# Samples that the layers are compared on: the numbers are means over all values of a layer.
MOST_SAMPLES = 32


class Debugged(NamedTuple):
    model: bytes  # with both versions of every layer
    inputs: list[InputSpec]
    samples: Samples
    names: frozenset[str]  # of the tensors of the float model


def debug_model(job: dict[str, Any], say: Say) -> Debugged:
    """Calibrate the source and quantize it for comparison."""
    source = Source(**{**job["source"], "tags": tuple(job["source"]["tags"])})
    request = CalibrationRequest(**job["request"])
    if source.kind == "float_tflite":
        return _of_float_file(source, request, say)
    from tflint_edgetpu.convert.child.apply import prepare_converter
    from tflint_edgetpu.convert.child.load import load_source

    say(stage="load the source")
    recipe = from_dict(job["recipe"])
    shapes = {name: tuple(shape) for name, shape in job["shapes"].items()}
    loaded = load_source(source, Path(job["folder"], "source"), shapes=shapes, unroll=recipe.unroll)
    samples = open_calibration(request, loaded.inputs).calibration
    tf: Any = import_module("tensorflow")
    say(stage="calibrate and quantize")
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=prepare_converter(tf, loaded, recipe, samples), debug_dataset=samples
    )
    # The debugger's own model has a scale a channel in dense layers, whatever it is told (LiteRT issue 3596).
    model = quantize(
        debugger.calibrated_model, per_channel_dense=recipe.per_channel_dense, enable_numeric_verify=True
    )
    return Debugged(model, list(loaded.inputs), samples, _names(bytes(debugger.calibrated_model)))


def _of_float_file(source: Source, request: CalibrationRequest, say: Say) -> Debugged:
    """The steps that the debugger takes, from a model that is converted already."""
    from tflint_edgetpu.convert.child.quantize_float import inputs_of, order_of
    from tflint_edgetpu.convert.float_tflite import prepare

    data = Path(source.path).read_bytes()
    prepared = prepare(data, read_model(data))
    model = read_model(prepared)
    samples = open_calibration(request, inputs_of(model)).calibration
    say(stage="calibrate and quantize")
    calibrated = calibrate(prepared, samples, order_of(model))
    return Debugged(
        quantize(calibrated, enable_numeric_verify=True), inputs_of(model), samples, _names(prepared)
    )


def _names(model: bytes) -> frozenset[str]:
    return frozenset(tensor.name for tensor in read_model(model).main.tensors)


def _own_name(name: str, known: frozenset[str]) -> str:
    """The name without the digits that the debugger adds to tell the two versions of a layer apart."""
    short = name
    while short not in known and short[-1:].isdigit():
        short = short[:-1]
    return short if short in known else name


class Layer:
    """Sums over all samples of one pair of tensors, by channel: the last axis."""

    def __init__(
        self, operator: str, tensor: str, quantized: int, real: int, scale: float, point: int
    ) -> None:
        self.operator, self.tensor = operator, tensor
        self.quantized, self.real = quantized, real
        self.scale, self.point = scale, point
        self.count = self.clipped = 0
        self.worst = 0.0
        self.sums: Any = 0.0  # [3, channels]: squared errors, values, squared values

    def add(self, quantized: Any, real: Any) -> None:
        limits = np.iinfo(quantized.dtype)
        values = real.astype(np.float64)
        values = values.reshape(-1, values.shape[-1] if values.ndim else 1)
        error = self.scale * (quantized.astype(np.float64).reshape(values.shape) - self.point) - values
        grid = values / self.scale + self.point
        self.count += values.size
        self.worst = max(self.worst, float(np.abs(error).max(initial=0.0)))
        self.clipped += int(np.count_nonzero((grid < limits.min - 0.5) | (grid > limits.max + 0.5)))
        self.sums = self.sums + np.stack([(error * error).sum(0), values.sum(0), (values * values).sum(0)])

    def as_dict(self) -> dict[str, Any]:
        errors, values, squares = self.sums
        channels = len(errors)
        each = self.count / channels
        variance = np.maximum(squares / each - (values / each) ** 2, 0.0)
        # A channel that is constant has nothing to lose; differences of rounding in float are no variation.
        live = variance > 1e-12 * np.maximum(squares / each, 1e-30)
        ratio = np.minimum(errors[live] / each / variance[live], 1.0)
        whole = max(squares.sum() / self.count - (values.sum() / self.count) ** 2, 0.0)
        return {
            "operator": self.operator,
            "tensor": self.tensor,
            "error": float(errors.sum() / self.count) ** 0.5,
            "worst_error": self.worst,
            "scale": self.scale,
            "spread": float(whole) ** 0.5,
            "clipped": self.clipped / self.count,
            "lost": float(ratio.mean()) ** 0.5 if ratio.size else 0.0,
            "channels": channels,
            "drowned": int(np.count_nonzero(ratio > 0.25)),
        }


def layers_of(interpreter: Any, names: frozenset[str]) -> list[Layer]:
    """One for each comparison in the model whose integers have a scale of their own."""
    operators = interpreter._get_ops_details()
    tensors = {detail["index"]: detail for detail in interpreter.get_tensor_details()}
    made_by = {int(tensor): entry["op_name"] for entry in operators for tensor in entry["outputs"]}
    found = []
    for entry in operators:
        if entry["op_name"] != VERIFY:
            continue
        quantized, real = (int(tensor) for tensor in entry["inputs"][:2])
        parameters = tensors[quantized]["quantization_parameters"]
        if len(parameters["scales"]) != 1 or made_by.get(quantized) in (None, "QUANTIZE"):
            continue
        name, scale = _own_name(tensors[real]["name"], names), float(parameters["scales"][0])
        found.append(
            Layer(made_by[quantized], name, quantized, real, scale, int(parameters["zero_points"][0]))
        )
    return found


def compare(debugged: Debugged, say: Say) -> list[dict[str, Any]]:
    """Run the samples through both versions of every layer."""
    inputs = debugged.inputs
    lite: Any = import_module("tensorflow.lite.python.interpreter")
    interpreter = lite.Interpreter(
        model_content=debugged.model,
        num_threads=1,
        # XNNPACK errs on some int8 attention models; all tensors are wanted.
        experimental_op_resolver_type=lite.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()
    names = match_names([detail["name"] for detail in details], inputs, "the debugger's model")
    by_name = {detail["name"]: detail for detail in details}
    layers = layers_of(interpreter, debugged.names)
    for done, sample in enumerate(debugged.samples(), 1):
        for spec in inputs:
            detail = by_name[names[spec.name]]
            interpreter.set_tensor(detail["index"], sample[spec.name].astype(detail["dtype"]))
        interpreter.invoke()
        for layer in layers:
            layer.add(interpreter.get_tensor(layer.quantized), interpreter.get_tensor(layer.real))
        say(done=done, of=MOST_SAMPLES)
        if done >= MOST_SAMPLES:
            break
    return [layer.as_dict() for layer in layers if layer.count]


def losses(job: dict[str, Any], say: Say) -> dict[str, Any]:
    """The numbers of every layer; raises CannotConvert and CalibrationError."""
    debugged = debug_model(job, say)
    say(stage="compare the layers")
    return {"layers": compare(debugged, say)}


if __name__ == "__main__":
    run_job(losses)
