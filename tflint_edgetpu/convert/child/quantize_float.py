"""Calibrate and quantize a float .tflite: the program of the child process of :mod:`..float_tflite`.

See :mod:`.channel` for how it talks.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tflint_edgetpu.convert.calibration import (
    CalibrationRequest,
    InputSpec,
    open_calibration,
)
from tflint_edgetpu.convert.child.channel import Say, run_job
from tflint_edgetpu.model.reader import read_model


class Samples:
    """The calibration samples, afresh for each reader: LiteRT's quantizer counts them before it uses them."""

    def __init__(self, calibration: Any, say: Say, *, counted_first: bool = True) -> None:
        self._calibration = calibration
        self._say = say
        self._readers = 0 if counted_first else 1

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._readers += 1
        counts = self._readers > 1
        for done, sample in enumerate(self._calibration.calibration(), 1):
            yield sample
            if counts:
                self._say(done=done, of=len(self._calibration))


def inputs_of(model: Any) -> list[InputSpec]:
    """The inputs as the first signature names them."""
    signature = model.signatures[0]
    return [InputSpec(name, tensor.shape, tensor.dtype.lower()) for name, tensor in signature.inputs]


def order_of(model: Any) -> list[str]:
    """The signature's names of the inputs in the order of the file."""
    names = {tensor: name for name, tensor in model.signatures[0].inputs}
    return [names[tensor] for tensor in model.main.inputs]


def quantize(job: dict[str, Any], say: Say) -> dict[str, Any]:
    """Write the integer model, which is all there is to tell; raises CalibrationError for data that cannot be used."""
    data = Path(job["model"]).read_bytes()
    model = read_model(data)
    say(stage="read the calibration data")
    calibration = open_calibration(CalibrationRequest(**job["request"]), inputs_of(model))
    say(stage="calibrate")
    if job["quantizer"] == "tensorflow":
        from tflint_edgetpu.convert.child.tensorflow_quantizer import calibrate, quantize_fully

        samples = Samples(calibration, say, counted_first=False)
        calibrated = calibrate(data, lambda: iter(samples), order_of(model))
        say(stage="quantize")
        result = quantize_fully(calibrated)
    else:
        result = _litert(job["quantizer"], data, model, calibration, say)
    Path(job["result"]).write_bytes(result)
    return {}


def _litert(package: str, data: bytes, model: Any, calibration: Any, say: Say) -> bytes:
    content = bytearray(data)
    quantizer = import_module(f"{package}.quantizer").Quantizer(content)
    calibrator = import_module(f"{package}.calibrator").Calibrator(
        content,
        num_threads=1,
        # The quantizer's own moving average forgets all but the first samples.
        qsv_update_func=import_module(f"{package}.utils.qsv_utils").min_max_update,
    )
    quantizer.load_quantization_recipe(import_module(f"{package}.recipe").static_wi8_ai8())
    types = import_module(f"{package}.qtyping")
    quantizer.add_static_config(
        ".*", types.TFLOperationName.FULLY_CONNECTED, 8, 8, types.QuantGranularity.TENSORWISE
    )
    recipe = import_module(f"{package}.recipe_manager").RecipeManager()
    recipe.load_quantization_recipe(quantizer.get_quantization_recipe())
    calibrator.calibrate({model.signatures[0].key: Samples(calibration, say)}, recipe)
    say(stage="quantize")
    result = quantizer.quantize(calibrator.get_model_qsvs(), enable_progress_report=False)
    return bytes(result.quantized_model)


if __name__ == "__main__":
    run_job(quantize)
