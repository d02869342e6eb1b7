"""Which kind of model a file is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tflint_edgetpu.lint.quantization_kind import QUANTIZATION_KINDS, Arithmetic, quantization_kind
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder

Fill = Callable[[ModelBuilder], None]
PICTURE = (1, 8, 8, 3)


def full_integer(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input(PICTURE)))


def uint8_ends_of_an_int8_model(m: ModelBuilder) -> None:
    m.output(m.quantize(m.conv2d(m.quantize(m.input(PICTURE, "UINT8"))), "UINT8"))


def float_ends(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.quantize(m.input(PICTURE, "FLOAT32"), m.dtype))))


def detector(m: ModelBuilder) -> None:
    boxes = m.dequantize(m.reshape(m.conv2d(m.input(PICTURE), filters=4), (1, 64, 4)))
    outputs = [m.tensor((), "FLOAT32") for _ in range(4)]
    m.op("CUSTOM", [boxes], outputs, custom_code="TFLite_Detection_PostProcess")
    m.output(*outputs)


def detector_with_a_float_input(m: ModelBuilder) -> None:
    x = m.conv2d(m.quantize(m.input(PICTURE, "FLOAT32")), filters=4)
    found = m.op(
        "CUSTOM", [m.dequantize(x)], [m.tensor((), "FLOAT32")], custom_code="TFLite_Detection_PostProcess"
    )
    m.output(found)


def float_softmax_at_the_end(m: ModelBuilder) -> None:
    m.output(m.unary("SOFTMAX", m.dequantize(m.conv2d(m.input(PICTURE))), dtype="FLOAT32"))


def float_weights(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input(PICTURE)))


def half_weights(m: ModelBuilder) -> None:
    half = m.constant(np.zeros((4, 1, 1, 3)), "FLOAT16")
    weights = m.op("DEQUANTIZE", [half], [m.tensor((4, 1, 1, 3))])
    m.output(m.op("CONV_2D", [m.input(PICTURE), weights, None], [m.tensor((1, 8, 8, 4))]))


def int8_weights_read_directly(m: ModelBuilder) -> None:
    weights = m.tensor((4, 16), "INT8", data=0)
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, None], [m.tensor((1, 4))]))


def int8_weights_dequantized(m: ModelBuilder) -> None:
    weights = m.op("DEQUANTIZE", [m.tensor((4, 16), "INT8", data=0)], [m.tensor((4, 16))])
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, None], [m.tensor((1, 4))]))


def rounded_activations(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.dequantize(m.quantize(m.input(PICTURE)))))


def sixteen_bits(m: ModelBuilder) -> None:
    x = m.input((1, 8), "INT16")
    m.output(m.op("ADD", [x, x], [m.tensor((1, 8), "INT16")]))


def int8_without_a_scale(m: ModelBuilder) -> None:
    x = m.input((1, 8), scale=None)
    m.output(m.op("ADD", [x, x], [m.tensor((1, 8), scale=None)]))


def already_compiled(m: ModelBuilder) -> None:
    out = m.op("CUSTOM", [m.input(PICTURE)], [m.tensor((1, 4))], custom_code="edgetpu-custom-op")
    m.output(out)


def only_a_shape(m: ModelBuilder) -> None:
    m.output(m.op("SHAPE", [m.input(PICTURE, "FLOAT32")], [m.tensor((4,), "INT32")]))


@pytest.mark.parametrize(
    ("fill", "dtype", "kind"),
    [
        (full_integer, "INT8", "full integer"),
        (full_integer, "UINT8", "full integer"),
        (uint8_ends_of_an_int8_model, "INT8", "full integer"),
        (detector, "INT8", "full integer"),
        (float_ends, "INT8", "int8 with float I/O"),
        (float_ends, "UINT8", "uint8 with float I/O"),
        (detector_with_a_float_input, "INT8", "int8 with float I/O"),
        (float_softmax_at_the_end, "INT8", "partly float"),
        (float_weights, "FLOAT32", "float32"),
        (half_weights, "FLOAT32", "float16"),
        (int8_weights_read_directly, "FLOAT32", "dynamic range"),
        (int8_weights_dequantized, "FLOAT32", "weights only"),
        (rounded_activations, "FLOAT32", "fake quantized"),
        (sixteen_bits, "INT8", "int16x8"),
        (int8_without_a_scale, "INT8", "unquantized integer"),
        (already_compiled, "INT8", "compiled"),
        (only_a_shape, "INT8", "no arithmetic"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_kind(fill: Fill, dtype: str, kind: str) -> None:
    builder = ModelBuilder(dtype)
    fill(builder)
    assert quantization_kind(builder.model()) == kind
    assert kind in QUANTIZATION_KINDS


def test_most_of_the_arithmetic_decides_what_a_mixed_model_is() -> None:
    def model(float_filters: int) -> bool:
        m = ModelBuilder()
        x = m.dequantize(m.conv2d(m.input(PICTURE), filters=16))
        m.dtype = "FLOAT32"
        m.output(m.conv2d(x, filters=float_filters))
        built = m.model()
        return Arithmetic(built, Dataflow(built.main)).is_mostly_float

    assert model(64)
    assert not model(1)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("singles/mlcommons_model_ToyCar.tflite", "float32"),
        ("singles/mlcommons_model_ToyCar_quant.tflite", "dynamic range"),
        ("singles/mlcommons_model_ToyCar_quant_fullint.tflite", "int8 with float I/O"),
        ("singles/mlcommons_model_ToyCar_quant_fullint_micro_intio.tflite", "full integer"),
        ("singles/ARM-software_ds_cnn_quantized.tflite", "int16x8"),
        ("pairs/cmpss94068_detect/model.tflite", "full integer"),
        ("pairs/edward62740_yolov10n_full_integer_quant/model.tflite", "partly float"),
    ],
)
def test_kind_of_public_models(shared: Path, file: str, kind: str) -> None:
    assert quantization_kind(read_model(shared / "corpus" / file)) == kind
