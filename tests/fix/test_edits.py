"""Every edit kind on a small model, run before and after: what is called safe moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.edgetpu.versions import needed_version
from tflint_edgetpu.fix.edit import EditRefused
from tflint_edgetpu.fix.edits import edit_kinds
from tflint_edgetpu.fix.tree import Tree
from tflint_edgetpu.lint.finding import Safety
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.verify.numeric import compare
from tflint_edgetpu.verify.structure import structure_problems

KINDS = edit_kinds()
RANDOM = np.random.default_rng(7)


def op(number: int) -> str:
    return f"subgraph[0].op[{number}]"


def tensor(number: int) -> str:
    return f"subgraph[0].tensor[{number}]"


def weights(m: ModelBuilder, shape: tuple[int, ...], scale: Any = 0.02, axis: int = 0) -> int:
    return m.tensor(shape, "INT8", data=RANDOM.integers(-127, 128, shape), scale=scale, axis=axis)


def conv(m: ModelBuilder, x: int, filters: int, size: int, *, groups: int = 1, **options: Any) -> int:
    """A convolution with real weights, so that its output is worth comparing."""
    batch, height, width, channels = m.shape(x)
    out = m.tensor((batch, height, width, filters), scale=0.4)
    scales = list(RANDOM.uniform(0.01, 0.03, filters))
    w = weights(m, (filters, size, size, channels // groups), scales)
    return m.op(
        "CONV_2D", [x, w, m.bias(filters, m.scale_of(x) * 0.02)], [out], version=3 if groups == 1 else 6,
        options="Conv2DOptions", padding="SAME", stride_w=1, stride_h=1, **options,
    )  # fmt: skip


def repaired(
    m: ModelBuilder, kind: str, ref: str, values: Mapping[str, Any] | None = None
) -> tuple[bytes, bytes]:
    before = m.build()
    tree = Tree(before)
    KINDS[kind].apply(tree, ref, values or {})
    return before, tree.pack()


def kinds_of(model: Model) -> list[str]:
    return [operator.kind for operator in model.main.operators]


def float_io(m: ModelBuilder) -> None:
    x = m.input((1, 6, 6, 3), "FLOAT32", name="image")
    m.output(m.dequantize(conv(m, m.quantize(x, scale=0.01), 4, 3), name="result"))


def upsampling(m: ModelBuilder) -> None:
    x = conv(m, m.input((1, 4, 5, 3), scale=0.05), 3, 1)
    scale = m.scale_of(x)
    wide = m.op("PACK", [x, x], [m.tensor((1, 4, 5, 2, 3), scale=scale)], version=2, options="PackOptions",
                values_count=2, axis=3)  # fmt: skip
    tall = m.op("PACK", [wide, wide], [m.tensor((1, 4, 2, 5, 2, 3), scale=scale)], version=2,
                options="PackOptions", values_count=2, axis=2)  # fmt: skip
    m.output(m.reshape(tall, (1, 8, 10, 3)))


def signedness(m: ModelBuilder) -> None:
    m.output(conv(m, m.input((1, 4, 4, 3), name="image", scale=0.02, zero_point=-3), 4, 3))


def pool_with_activation(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4), scale=0.05)
    y = m.pool("MAX_POOL_2D", x, activation="RELU6")
    m.subgraph.tensors[y].quantization = m.subgraph.tensors[x].quantization
    m.output(y)


def grouped(m: ModelBuilder) -> None:
    m.output(conv(m, m.input((1, 6, 6, 8), scale=0.05), 12, 3, groups=4))


def dilated(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), scale=0.05)
    block, pads, crops = m.constant([2, 2]), m.constant([[2, 2], [2, 2]]), m.constant([[0, 0], [0, 0]])
    spread = m.op("SPACE_TO_BATCH_ND", [x, block, pads], [m.tensor((4, 6, 6, 3), scale=0.05)], version=2)
    out = m.tensor((4, 4, 4, 5), scale=0.4)
    m.op("CONV_2D", [spread, weights(m, (5, 3, 3, 3)), m.bias(5, 0.001)], [out], version=3,
         options="Conv2DOptions", padding="VALID", stride_w=1, stride_h=1)  # fmt: skip
    m.output(m.op("BATCH_TO_SPACE_ND", [out, block, crops], [m.tensor((1, 8, 8, 5), scale=0.4)], version=2))


def transposed_twice(m: ModelBuilder) -> None:
    x = m.transpose(m.input((1, 4, 5, 3), scale=0.05), [0, 3, 1, 2])
    y = m.transpose(x, [0, 2, 3, 1])
    for index in (x, y):
        m.subgraph.tensors[index].quantization = m.subgraph.tensors[0].quantization
    m.output(conv(m, y, 4, 3))


def half_pixel(m: ModelBuilder) -> None:
    x = m.input((1, 4, 4, 3), scale=0.05)
    out = m.tensor((1, 12, 12, 3), scale=0.05)
    m.output(m.op("RESIZE_NEAREST_NEIGHBOR", [x, m.constant([12, 12])], [out], version=3,
                  options="ResizeNearestNeighborOptions", half_pixel_centers=True))  # fmt: skip


def long_paddings(m: ModelBuilder) -> None:
    x = m.input((1, 4, 4, 3), scale=0.05)
    pads = m.constant([[0, 0], [1, 1], [1, 1], [0, 0]], "INT64")
    m.output(m.op("PAD", [x, pads], [m.tensor((1, 6, 6, 3), scale=0.05)], version=2, options="PadOptions"))


def open_batch(m: ModelBuilder) -> None:
    x = m.input((1, 4, 4, 3), scale=0.05, signature=(-1, 4, 4, 3))
    shape = m.op("SHAPE", [x], [m.tensor((4,), "INT32")], options="ShapeOptions", out_type=2)
    batch = m.op(
        "STRIDED_SLICE", [shape, m.constant([0]), m.constant([1]), m.constant([1])], [m.tensor((), "INT32")],
        options="StridedSliceOptions", shrink_axis_mask=1,
    )  # fmt: skip
    wanted = m.op("PACK", [batch, m.constant(48)], [m.tensor((2,), "INT32")], options="PackOptions",
                  values_count=2, axis=0)  # fmt: skip
    flat = m.tensor((1, 48), scale=0.05, signature=(-1, 48))
    m.op("RESHAPE", [x, wanted], [flat], options="ReshapeOptions")
    out = m.tensor((1, 5), scale=0.4, signature=(-1, 5))
    m.output(m.op("FULLY_CONNECTED", [flat, weights(m, (5, 48)), m.bias(5, 0.001)], [out], version=4,
                  options="FullyConnectedOptions"))  # fmt: skip


def leaky(m: ModelBuilder) -> None:
    m.output(m.unary("LEAKY_RELU", m.input((1, 6, 6, 4), scale=0.05), version=2, scale=0.05,
                     options="LeakyReluOptions", alpha=0.1))  # fmt: skip


def swish(m: ModelBuilder) -> None:
    m.output(m.unary("HARD_SWISH", m.input((1, 6, 6, 4), scale=0.05), scale=0.025))


def gelu(m: ModelBuilder) -> None:
    # The finest steps that such a layer has: -4..4 in, -0.17..4 out.
    x = m.input((1, 6, 6, 4), scale=8 / 255)
    y = m.tensor((1, 6, 6, 4), scale=4.17 / 255, zero_point=-118)
    m.output(m.op("GELU", [x], [y], version=2, options="GeluOptions"))


def negative(m: ModelBuilder) -> None:
    y = m.unary("NEG", m.dequantize(m.input((1, 6, 6, 4), scale=0.05)), dtype="FLOAT32")
    m.output(m.quantize(y, scale=0.047, zero_point=2))


def split_in_float(m: ModelBuilder) -> None:
    """As TensorFlow 2.21 leaves one in an unrolled LSTM: a part that nothing reads, and integers of one scale."""
    x = m.dequantize(m.unary("RELU", m.input((1, 12), scale=0.05), version=2, scale=0.05))
    parts = [m.tensor((1, 4), "FLOAT32") for _ in range(3)]
    m.op("SPLIT", [m.constant(1), x], parts, version=1, options="SplitOptions", num_splits=3)
    back = [m.quantize(parts[number], scale=0.05) for number in (0, 2, 2)]
    m.output(back[0], m.add(back[1], back[2]))


def unstacked(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 3, 8), scale=0.05), version=2, scale=0.05)
    parts = [m.tensor((1, 8), scale=0.05) for _ in range(3)]
    m.op("UNPACK", [x], parts, version=2, options="UnpackOptions", num=3, axis=1)
    m.output(*parts)


def clamp(m: ModelBuilder) -> None:
    m.output(m.unary("RELU_0_TO_1", m.input((1, 6, 6, 4), scale=0.02), scale=0.02))


def dense(m: ModelBuilder) -> None:
    x = m.input((1, 32), scale=0.05)
    w = weights(m, (6, 32), list(RANDOM.uniform(0.01, 0.03, 6)))
    bias = m.constant(RANDOM.integers(-500, 500, 6))
    m.subgraph.tensors[bias].quantization = m._quantization([0.001] * 6, [0] * 6, 0)
    m.output(m.op("FULLY_CONNECTED", [x, w, bias], [m.tensor((1, 6), scale=0.4)], version=4,
                  options="FullyConnectedOptions"))  # fmt: skip


def stack(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((4, 3, 8), scale=0.05), version=2, scale=0.05)
    parts = [m.tensor((2, 3, 8), scale=0.05) for _ in range(2)]
    m.op("SPLIT", [m.constant(0), x], parts, version=2, options="SplitOptions", num_splits=2)
    m.output(*(m.unary("RELU", part, version=2, scale=0.05) for part in parts))


def large_mean(m: ModelBuilder) -> None:
    """The sizes of google-coral/edgetpu issue 461."""
    x = m.input((1, 256, 128, 3), scale=0.05, zero_point=-7)
    m.output(m.op("MEAN", [x, m.constant([1, 2])], [m.tensor((1, 3), scale=0.004, zero_point=5)], version=2,
                  options="ReducerOptions", keep_dims=False))  # fmt: skip


def island(m: ModelBuilder) -> None:
    """Channels first: a sum with a constant for each channel, a padding, a join with what another way leads in."""
    x = m.input((1, 4, 5, 3), name="image", scale=0.05)
    left = m.transpose(x, [0, 3, 1, 2])
    right = m.transpose(m.unary("RELU", x, version=2, scale=0.05), [0, 3, 1, 2])
    for index in (left, right):
        m.subgraph.tensors[index].quantization = m.subgraph.tensors[x].quantization
    per_channel = m.tensor((3, 1, 1), "INT8", data=RANDOM.integers(-127, 128, (3, 1, 1)), scale=0.05)
    shifted = m.op("ADD", [left, per_channel], [m.tensor((1, 3, 4, 5), scale=0.1)], version=2,
                   options="AddOptions")  # fmt: skip
    padded = []
    for part in (shifted, right):
        out = m.tensor((1, 3, 6, 9), scale=m.scale_of(part))
        pads = m.constant([[0, 0], [0, 0], [1, 1], [1, 3]])
        padded.append(m.op("PAD", [part, pads], [out], version=2, options="PadOptions"))
    same = m.quantize(padded[0], scale=m.scale_of(padded[1]))
    joined = m.op("CONCATENATION", [same, padded[1]], [m.tensor((1, 6, 6, 9), scale=m.scale_of(padded[1]))],
                  version=2, options="ConcatenationOptions", axis=1)  # fmt: skip
    back = m.transpose(joined, [0, 2, 3, 1])
    m.subgraph.tensors[back].quantization = m.subgraph.tensors[joined].quantization
    m.output(back)


Fill = Callable[[ModelBuilder], None]
CASES: list[tuple[str, Fill, str, list[str]]] = [
    ("strip-input", float_io, tensor(0), ["CONV_2D", "DEQUANTIZE"]),
    ("strip-output", float_io, tensor(5), ["QUANTIZE", "CONV_2D"]),
    ("fuse-nearest-upsampling", upsampling, op(1), ["CONV_2D", "RESIZE_NEAREST_NEIGHBOR"]),
    ("flip-input", signedness, tensor(0), ["QUANTIZE", "CONV_2D"]),
    ("flip-output", signedness, tensor(1), ["CONV_2D", "QUANTIZE"]),
    ("unfuse-activation", pool_with_activation, op(0), ["MAX_POOL_2D", "RELU6"]),
    ("split-groups", grouped, op(0), ["SPLIT", *["CONV_2D"] * 4, "CONCATENATION"]),
    ("fuse-dilation", dilated, op(0), ["CONV_2D"]),
    ("cancel-transposes", transposed_twice, op(1), ["CONV_2D"]),
    ("move-transposed-island", island, op(0), ["RELU", "ADD", "PAD", "PAD", "QUANTIZE", "CONCATENATION"]),
    ("clear-half-pixel-centers", half_pixel, op(0), ["RESIZE_NEAREST_NEIGHBOR"]),
    ("narrow-paddings", long_paddings, op(0), ["PAD"]),
    ("freeze-batch", open_batch, tensor(0), ["RESHAPE", "FULLY_CONNECTED"]),
    ("leaky-relu-to-prelu", leaky, op(0), ["PRELU"]),
    ("expand-hard-swish", swish, op(0), ["ADD", "MUL", "MUL"]),
    ("gelu-to-logistic", gelu, op(0), ["MUL", "LOGISTIC", "MUL"]),
    ("multiply-in-integers", negative, op(1), ["MUL"]),
    ("move-in-integers", split_in_float, op(2), ["RELU", "SPLIT", "ADD"]),
    ("split-unpack", unstacked, op(1), ["RELU", "SPLIT", *["RESHAPE"] * 3]),
    ("expand-relu-0-to-1", clamp, op(0), ["RELU", "MINIMUM"]),
    ("per-tensor-dense-weights", dense, op(0), ["FULLY_CONNECTED"]),
    ("slice-batch", stack, op(1), ["RELU", *["STRIDED_SLICE"] * 2, *["RELU"] * 2]),
    ("split-mean", large_mean, op(0), ["SPLIT", *["MEAN"] * 4, "CONCATENATION", "MEAN"]),
]
VALUES = {
    "move-transposed-island": {"members": [op(number) for number in range(3, 8)], "exits": [op(8)]},
}


@pytest.mark.parametrize(("kind", "fill", "ref", "operators"), CASES, ids=[case[0] for case in CASES])
def test_edit(kind: str, fill: Fill, ref: str, operators: list[str]) -> None:
    m = ModelBuilder()
    fill(m)
    before, after = repaired(m, kind, ref, VALUES.get(kind))
    assert structure_problems(after) == []
    assert kinds_of(read_model(after)) == operators
    assert Tree(after).pack() == after, "packing again gives the same bytes"
    old = {(operator.kind, operator.version) for operator in read_model(before).main.operators}
    for operator in read_model(after).main.operators:
        if (operator.kind, operator.version) not in old:
            assert operator.version == needed_version(operator), operator.label
    comparison = compare(before, after, samples=8)
    assert comparison.failure is None
    assert all(output.exercised for output in comparison.outputs), (
        "an output that never changes proves nothing"
    )
    if KINDS[kind].safety is Safety.SAFE:
        assert comparison.identical
    else:
        assert comparison.within(KINDS[kind].bound), comparison.outputs
    again = Tree(after)
    count = len(again.main.operators)
    for number in range(count):
        with pytest.raises((EditRefused, KeyError)):
            KINDS[kind].apply(again, op(number), {})


def test_every_edit_is_tested() -> None:
    tested = {case[0] for case in CASES}
    elsewhere = {  # need a postprocess or change the set of outputs: test_detection_edits
        "restore-float-detections", "reorder-detections", "cut-tail", "drop-dead-operators",
        "separate-outputs", "batch-matmul-to-dense", "rescale-bias",
        "own-operator-code", "inline-buffers",  # test_fixtures
    }  # fmt: skip
    assert set(KINDS) == tested | elsewhere
