"""Convolutions and dense layers with a bias, and what their kernels demand of its scale."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import repeat
from math import isfinite
from operator import mul
from typing import TypeVar

from tflint_edgetpu.api import Context, Model, Operator, Quantization, Target, Tensor

T = TypeVar("T")

# Kind -> which inputs are image, weights and bias.
OPERANDS = {
    "CONV_2D": (0, 1, 2),
    "DEPTHWISE_CONV_2D": (0, 1, 2),
    "FULLY_CONNECTED": (0, 1, 2),
    "TRANSPOSE_CONV": (2, 1, 3),
}

# GetQuantizedConvolutionMultipler (tensorflow/lite/kernels/kernel_util.cc) compares the bias scale with input
# scale x weight scale. Up to TensorFlow 2.2 they may differ by this share of the smaller one; compilers up to
# 2.1 print that line. From 2.3 on (read off the wheels 2.3.4 to 2.6.5) by this many steps of the output for
# each step of the bias; that compiler 14.1, of the month of TensorFlow 2.3, does so is a guess.
STRICT, LOOSE = 1e-6, 0.02
FIRST_LOOSE = (14, 1)

# Biases to read at most: the channels of one layer.
MOST_CHANNELS = 65_536


class Mismatch:
    """The channel of a layer that suffers most."""

    def __init__(self, layer: Layer, given: float, expected: float, steps: float) -> None:
        self.layer = layer
        self.given = given  # scale of its bias
        self.expected = expected  # input scale x weight scale
        self.steps = steps  # by how much its output is off, in steps of the output


class Layer:
    """An 8-bit layer with a bias."""

    def __init__(self, operator: Operator, bias: Tensor, scales: tuple[float, Quantization, float]) -> None:
        self.operator = operator
        self.bias = bias
        self.input_scale, self.weights, self.output_scale = scales

    @property
    def zero_point(self) -> int:
        """The first zero point of the bias that is not 0; dense layers do not look at it."""
        points = self.bias.quantization.zero_points if self.bias.quantization else ()
        if self.operator.kind == "FULLY_CONNECTED" or not any(points):
            return 0
        return next(point for point in points if point)

    def is_refused(self, target: Target) -> bool:
        """Whether the interpreter inside the compiler stops here. It compares the first scales, and only for
        dense layers and uint8."""
        is_compared = self.operator.kind == "FULLY_CONNECTED" or self.operator.outputs[0].dtype == "UINT8"
        if self.bias.quantization is None or not is_compared:
            return False
        given, expected = self.bias.quantization.scale, self.input_scale * self.weights.scale
        if target.compiler < FIRST_LOOSE:
            return abs(given - expected) > STRICT * min(given, expected)
        return abs(given - expected) > LOOSE * self.output_scale

    def complaint(self, target: Target) -> str:
        """The condition in the words of the kernel."""
        if target.compiler < FIRST_LOOSE:
            return "std::abs(input_product_scale - bias_scale) <= 1e-6 * ..."
        return "scale_diff / output_scale <= 0.02"

    def mismatch(self, model: Model) -> Mismatch | None:
        """The worst channel, ``None`` where all scales fit or the bias cannot be read."""
        given = self.bias.quantization.scales if self.bias.quantization else ()
        expected = tuple(map(mul, self.weights.scales, repeat(self.input_scale)))
        # Converters compute the same products in float32: then nothing is left to compare.
        if array("f", given) == array("f", expected):
            return None
        channels = max(len(given), len(expected))
        if not given or not {len(given), len(expected)} <= {1, channels}:
            return None
        pairs = tuple(zip(_spread(given, channels), _spread(expected, channels), strict=True))
        if all(abs(one - other) <= STRICT * min(abs(one), abs(other)) for one, other in pairs):
            return None
        values = model.values(self.bias, MOST_CHANNELS)
        if values is None or not all(map(isfinite, (*given, *expected))):
            return None  # a scale that is no number is QNT006's finding
        off = [
            (abs(value * (one - other)) / self.output_scale, one, other)
            for value, (one, other) in zip(values, _spread(pairs, len(values)), strict=False)
        ]
        steps, one, other = max(off, default=(0.0, *pairs[0]))
        return Mismatch(self, one, other, steps)


def layers(context: Context) -> Iterator[Layer]:
    """The layers with 8-bit activations, quantized weights and a bias, in file order."""
    for operator in context.operators(*OPERANDS):
        image, weights, bias = (operator.input(position) for position in OPERANDS[operator.kind])
        output = operator.output()
        if image is None or weights is None or bias is None or output is None:
            continue
        source, multiplied, result = image.quantization, weights.quantization, output.quantization
        if image.dtype not in ("INT8", "UINT8") or source is None or multiplied is None or result is None:
            continue
        if source.scales and multiplied.scales and result.scales and result.scale > 0:
            yield Layer(operator, bias, (source.scale, multiplied, result.scale))


def _spread(values: tuple[T, ...], count: int) -> tuple[T, ...]:
    """One value for each channel, the same for all where there is only one."""
    return values * count if len(values) == 1 else values
