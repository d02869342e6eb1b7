"""The verdict on a whole file: which files no compilation gets past, and what the compiler prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tflint_edgetpu.edgetpu import compiles
from tflint_edgetpu.edgetpu.compiles import Compiles
from tflint_edgetpu.edgetpu.placement import place_model
from tflint_edgetpu.edgetpu.target import COMPILERS
from tflint_edgetpu.model.graph import Quantization
from tflint_edgetpu.testing.builder import ModelBuilder

Fill = Callable[[ModelBuilder], None]


def judge(fill: Fill, dtype: str = "INT8", compiler: str = "16.0") -> Compiles:
    builder = ModelBuilder(dtype)
    fill(builder)
    return place_model(builder.model(), target=COMPILERS[compiler]).compiles


def convolution(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


def gelu(m: ModelBuilder) -> None:
    m.output(m.unary("GELU", m.conv2d(m.input((1, 8, 8, 4)))))


def transpose_conv_4(m: ModelBuilder) -> None:
    inputs = [m.constant([1, 16, 16, 8]), m.tensor((8, 2, 2, 4), data=0), m.input((1, 8, 8, 4))]
    m.output(
        m.op("TRANSPOSE_CONV", inputs, [m.tensor((1, 16, 16, 8))], version=4, options="TransposeConvOptions")
    )


def convolution_5(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), version=5))


def flex(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 8))], custom_code="FlexSplitV"))


def atan(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 8))], custom_code="Atan"))


def postprocess(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)))
    out = m.tensor((1, 10, 4), "FLOAT32")
    m.output(m.op("CUSTOM", [x], [out], custom_code="TFLite_Detection_PostProcess"))


def computed_shape(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)))
    shape = m.op("SHAPE", [x], [m.tensor((4,), "INT32")], options="ShapeOptions")
    tail = m.op("STRIDED_SLICE", [shape, m.constant([0]), m.constant([2]), m.constant([1])], [m.tensor((2,), "INT32")],
                version=1, options="StridedSliceOptions")  # fmt: skip
    m.output(m.op("RESHAPE", [x, tail], [m.tensor((1, 512))], options="ReshapeOptions"))


def only_leaky_relu(m: ModelBuilder) -> None:
    m.output(m.unary("LEAKY_RELU", m.input((1, 8, 8, 4)), options="LeakyReluOptions", alpha=0.1))


def bias_of_8_bits(m: ModelBuilder) -> None:
    x = m.input((1, 16))
    weights, bias = m.tensor((4, 16), data=0), m.tensor((4,), data=0)
    m.output(
        m.op(
            "FULLY_CONNECTED",
            [x, weights, bias],
            [m.tensor((1, 4))],
            version=4,
            options="FullyConnectedOptions",
        )
    )


def bias_of_another_scale(m: ModelBuilder) -> None:
    x = m.input((1, 16))
    weights, bias = m.tensor((4, 16), data=0), m.bias(4, scale=0.9)
    m.output(
        m.op(
            "FULLY_CONNECTED",
            [x, weights, bias],
            [m.tensor((1, 4))],
            version=4,
            options="FullyConnectedOptions",
        )
    )


def dynamic_range(m: ModelBuilder) -> None:
    x = m.input((1, 16), "FLOAT32")
    weights = m.tensor((4, 16), "INT8", data=0)
    out = m.tensor((1, 4), "FLOAT32")
    m.output(m.op("FULLY_CONNECTED", [x, weights, None], [out], version=3, options="FullyConnectedOptions"))


def nothing(m: ModelBuilder) -> None:
    m.output(m.input((1, 8)))


VERDICTS: list[tuple[Fill, str, str, str | None]] = [
    (convolution, "INT8", compiles.COMPILES, None),
    (postprocess, "INT8", compiles.COMPILES, None),
    (convolution_5, "INT8", compiles.COMPILES, None),
    (only_leaky_relu, "INT8", compiles.MAPS_NOTHING, None),
    (gelu, "INT8", compiles.NOT_PARSABLE, "ERROR: Op builtin_code out of range: 150. Are you using old TFLite binary"),
    (transpose_conv_4, "INT8", compiles.NOT_PARSABLE,
     "ERROR: Didn't find op for builtin opcode 'TRANSPOSE_CONV' version '4'."),
    (nothing, "INT8", compiles.NOT_PARSABLE, "ERROR: Did not get operators, tensors, or buffers in subgraph 0."),
    (flex, "INT8", compiles.FAILS, "ERROR: Regular TensorFlow ops are not supported by this interpreter."),
    (atan, "INT8", compiles.FAILS, "ERROR: Encountered unresolved custom op: Atan."),
    (computed_shape, "INT8", compiles.FAILS,
     "ERROR: Attempting to use a delegate that only supports static-sized tensors"),
    (bias_of_8_bits, "INT8", compiles.FAILS, "ERROR: :334 bias->type != kTfLiteInt32 (INT8 != INT32)"),
    (bias_of_another_scale, "INT8", compiles.FAILS, "ERROR: :317 scale_diff / output_scale <= 0.02 was not true."),
    (convolution, "FLOAT32", compiles.FAILS, "Model not quantized"),
    (dynamic_range, "INT8", compiles.FAILS, "Model not quantized"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fill", "dtype", "verdict", "error"), VERDICTS, ids=[f"{row[0].__name__}-{row[1]}" for row in VERDICTS]
)
def test_verdict(fill: Fill, dtype: str, verdict: str, error: str | None) -> None:
    judged = judge(fill, dtype)
    assert judged.verdict == verdict, judged
    if error is None:
        assert judged.error is None
    else:
        assert judged.error is not None and judged.error.startswith(error)
        assert judged.reason
    assert judged.certainty in ("documented", "measured", "guess")


def test_an_older_compiler_parses_less() -> None:
    assert judge(convolution_5, compiler="14.1").verdict == compiles.NOT_PARSABLE
    assert judge(convolution_5, compiler="16.0").verdict == compiles.COMPILES


def test_an_operator_code_that_nothing_uses_is_read_all_the_same() -> None:
    m = ModelBuilder()
    convolution(m)
    m.op("QUANTIZE", [0], [0], version=3, options="QuantizeOptions")
    m.subgraph.operators.pop()
    judged = place_model(m.model()).compiles
    assert judged.verdict == compiles.NOT_PARSABLE
    assert "'QUANTIZE' version '3'" in (judged.error or "")


def test_a_guess_in_the_placement_is_a_guess_about_the_file() -> None:
    assert judge(convolution).certainty == "measured"
    assert judge(convolution_5).certainty == "guess"


def test_large_activations_are_a_risk_and_no_verdict() -> None:
    def small(m: ModelBuilder) -> None:
        m.output(m.conv2d(m.input((1, 64, 64, 3)), 16))

    def large(m: ModelBuilder) -> None:
        m.output(m.conv2d(m.input((1, 640, 640, 3)), 32))

    assert judge(small).risk is None
    judged = judge(large)
    assert judged.verdict == compiles.COMPILES
    assert judged.risk is not None and "819,200 bytes" in judged.risk  # 160 x 160 pixels of a tile x 32


def test_blockwise_scales_are_no_scale_to_compare() -> None:
    m = ModelBuilder()
    m.output(m.dense(m.input((1, 16)), 4))
    model = m.model()
    weights = model.main.operators[0].inputs[1]
    assert weights is not None and isinstance(weights.quantization, Quantization)
    assert place_model(model).compiles.verdict == compiles.COMPILES
