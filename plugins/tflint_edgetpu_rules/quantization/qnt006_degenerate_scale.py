"""QNT006 degenerate-scale."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Quantization,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    named,
    others_like_it,
    quoted,
)

RANGES = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767)}

# Largest number a fused activation clips at. TensorFlow Lite divides it by the output scale and stops when
# the result is no int32 (CalculateActivationRangeQuantized, from TensorFlow 2.6 on; edgetpu issue 453).
CLIPS_AT = {"RELU6": 6.0, "RELU_N1_TO_1": 1.0}
LARGEST_INT32 = 2.0**31 - 1

RECALIBRATE = Fix(
    "Calibrate again with real inputs",
    how=(
        "Such a range comes from a part of the model that calibration never reached, from constant or\n"
        "random inputs, or from pictures in another range than in training. Check the generator:\n"
        "  def representative_dataset():\n"
        "      for image in real_images[:200]:\n"
        "          yield [preprocess(image)[None].astype('float32')]  # the preprocessing of training"
    ),
)


class DegenerateScale(Rule):
    """A scale or zero point that no quantized tensor can have.

    ## Why it matters
    `real = scale * (quantized - zero_point)` needs a positive, finite scale and a zero point within the
    type. The interpreter inside `edgetpu_compiler` refuses to load a file whose numbers of scales, zero
    points and channels disagree. With other impossible values it stops
    (`no_integer_overflow_from_quantization was not true`) or computes nonsense.

    ## How to fix
    Calibrate again on inputs like those in use. Where another tool wrote the file, let it write one scale
    per tensor or one per channel, with as many zero points.

    ## References
    - https://ai.google.dev/edge/litert/models/quantization_spec
    - https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/interpreter_builder.cc
    - https://github.com/google-coral/edgetpu/issues/453
    """

    meta = RuleMeta(
        "QNT006", "degenerate-scale", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://ai.google.dev/edge/litert/models/quantization_spec",
            "https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/interpreter_builder.cc",
            "https://github.com/google-coral/edgetpu/issues/453",
        ),
        covers=("Q009",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        unloadable: list[tuple[Tensor, str]] = []
        impossible: list[tuple[Tensor, str]] = []
        dead: list[tuple[Tensor, str]] = []
        for subgraph in context.model.subgraphs:
            for tensor in subgraph.tensors:
                if tensor.quantization is None or not tensor.quantization.scales:
                    continue
                if seen := _contradiction(tensor, tensor.quantization):
                    unloadable.append((tensor, seen))
                elif seen := _impossible(tensor, tensor.quantization):
                    impossible.append((tensor, seen))
                elif seen := _dead(tensor, tensor.quantization):
                    # A weight of scale 0 is a 0, whatever stands there; an activation cannot be computed.
                    (dead if context.is_constant(tensor) else impossible).append((tensor, seen))
        if unloadable:
            yield self._report(
                unloadable,
                "the model does not load: the interpreter inside edgetpu_compiler checks this first",
                Fix("Write one scale and one zero point for each tensor or for each channel",
                    how="converters do; look for the tool that changed the file afterwards"),
            )  # fmt: skip
        if impossible:
            yield self._report(impossible, "no kernel can compute with it", RECALIBRATE)
        if dead:
            yield self._report(
                dead,
                "all weights of these channels are 0: they cost time and do nothing",
                RECALIBRATE,
                Severity.WARNING,
            )
        yield from self._overflow(context)

    def _report(
        self, found: list[tuple[Tensor, str]], cost: str, fix: Fix, severity: Severity = Severity.ERROR
    ) -> Finding:
        tensor, seen = found[0]
        return self.finding(
            [tensor for tensor, _ in found],
            f"tensor {quoted(tensor)} ({tensor.dtype}): {seen}{others_like_it(len(found), 'tensor')}",
            severity=severity,
            cost=cost,
            evidence={"tensors": len(found), "seen": seen},
            fix=fix,
        )

    def _overflow(self, context: Context) -> Iterator[Finding]:
        found: list[tuple[Operator, float]] = []
        for operator in context.operators():
            limit = CLIPS_AT.get(operator.option("fused_activation_function", "NONE"))
            output = operator.output()
            if limit is None or output is None or output.quantization is None or output.dtype not in RANGES:
                continue
            scale = output.quantization.scales[0] if output.quantization.scales else 0.0
            if 0 < scale < limit / LARGEST_INT32:
                found.append((operator, scale))
        if found:
            operator, scale = found[0]
            clip = CLIPS_AT[operator.option("fused_activation_function")]
            yield self.finding(
                [operator.outputs[0] for operator, _ in found],
                f"{operator.label} {named(operator)} clips at {clip:g}, which its output scale {scale:.3g} "
                f"cannot express in 32 bits{others_like_it(len(found), 'operator')}",
                cost="compilation fails: 'no_integer_overflow_from_quantization was not true'",
                evidence={"operators": len(found), "scale": scale},
                fix=RECALIBRATE,
            )


def _contradiction(tensor: Tensor, quantization: Quantization) -> str | None:
    """What InterpreterBuilder::ParseQuantization refuses."""
    scales, points = len(quantization.scales), len(quantization.zero_points)
    if scales != points:
        return f"it has {scales} scales and {points} zero points"
    if quantization.axis < 0 or (tensor.shape and quantization.axis >= len(tensor.shape)):
        return f"its scales lie along dimension {quantization.axis}, but its shape is {list(tensor.shape)}"
    channels = tensor.shape[quantization.axis] if tensor.shape else scales
    if scales not in (1, channels):
        return f"it has {scales} scales for the {channels} channels of {list(tensor.shape)}"
    return None


def _impossible(tensor: Tensor, quantization: Quantization) -> str | None:
    # Built-in functions see to the common case: models have tens of thousands of scales.
    scales, points = quantization.scales, quantization.zero_points
    if not isfinite(sum(scales)):
        return f"a scale is {next(scale for scale in scales if not isfinite(scale)):g}"
    low, high = RANGES.get(tensor.dtype, (None, None))
    if low is None or high is None:
        return None  # kernels do not read the scales of an int32 bias
    if min(scales) < 0:
        return f"a scale is {min(scales):g}"
    if any(points) and not low <= min(points) <= max(points) <= high:
        point = next(point for point in points if not low <= point <= high)
        return f"zero point {point} is outside of {low} to {high}"
    return None


def _dead(tensor: Tensor, quantization: Quantization) -> str | None:
    zeros = quantization.scales.count(0.0) if tensor.dtype in RANGES else 0
    return f"{zeros} of its {len(quantization.scales)} scales are 0" if zeros else None
