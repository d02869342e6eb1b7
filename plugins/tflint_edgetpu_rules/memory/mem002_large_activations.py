"""MEM002 large-activations."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    quoted,
    tensor_location,
)

MIB = 2**20

# On-chip memory, for parameters, code and activations together. It is no limit: 24.1 MiB ([1, 513, 513, 96],
# MobileNetV2 at 1024 px) compiled with 1.0. Above it no tensor can lie on the chip as a whole, and the
# compiler's message about large activations becomes worth knowing.
ON_CHIP = 8 * MIB

# Elements of a channels-first input from which the whole compilation failed: [64, 32, 32] did, [4, 128, 128]
# of the same size and [32, 32, 32] did not (onnxsim's measurements with compiler 16.0).
CHANNELS_FIRST_ELEMENTS = 65_536

GIVES_UP = "'Compilation failed due to large activation tensors in model.'"


class LargeActivations(Rule):
    """Activations that may be too large for the compiler; when it gives up is not known.

    ## Why it matters
    Some models end with `Compilation failed due to large activation tensors in model.` or a timeout. There
    is no threshold to predict it by: activations of 24 MiB have compiled (with 1.0), YOLOv5s fails at 352
    and 480 pixels and compiles at 384 and 512, and behind a channels-first input 64 KiB can be too much where
    the same model with channels last maps. So this is an info: what to try if it happens.

    ## How to fix
    Only if the compiler gives up: a smaller input, channels-last inputs, `edgetpu_compiler -d` (searches for
    a shorter part that compiles), `-i TENSOR` (ends the compiled part there) or `-t SECONDS` against the
    timeout.

    ## References
    - https://github.com/google-coral/edgetpu/issues/512
    - https://github.com/google-coral/edgetpu/issues/653
    - https://coral.ai/docs/edgetpu/compiler/
    """

    meta = RuleMeta(
        "MEM002", "large-activations", Severity.INFO, Certainty.GUESS,
        references=(
            "https://github.com/google-coral/edgetpu/issues/512",
            "https://github.com/google-coral/edgetpu/issues/653",
            "https://coral.ai/docs/edgetpu/compiler/",
        ),
        covers=("M002",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        largest, size = _largest(context)
        if largest is not None and size > ON_CHIP:
            output = largest.outputs[0]
            yield self.finding(
                [output],
                f"the largest activation is {size / MIB:.1f} MiB ({list(output.shape)} at {quoted(output)})",
                cost=f"perhaps nothing: 24 MiB have compiled, and {GIVES_UP} has come from less",
                evidence={"bytes": size, "shape": list(output.shape)},
                fix=_if_it_fails(),
            )
            return
        for operator in context.operators("TRANSPOSE"):
            picture = _large_channels_first_input(operator, context)
            if picture is not None:
                yield self.finding(
                    [tensor_location(picture, "input")],
                    f"input {quoted(picture)} is channels-first and has {picture.elements:,} elements "
                    f"({list(picture.shape)})",
                    cost=f"models like it have ended with {GIVES_UP} where channels last compiled",
                    evidence={"elements": picture.elements, "shape": list(picture.shape)},
                    fix=Fix("Export with channels-last inputs", how="onnx2tf -i model.onnx -b 1 -oiqt"),
                )


def _largest(context: Context) -> tuple[Operator | None, int]:
    """The operator on the Edge TPU with the largest result, and its bytes."""
    found, most = None, 0
    for placed in context.placement.operators:
        size = placed.operator.outputs[0].bytes if placed.operator.outputs else None
        if placed.on == "edgetpu" and size is not None and size > most:
            found, most = placed.operator, size
    return found, most


def _large_channels_first_input(operator: Operator, context: Context) -> Tensor | None:
    """The input that a TRANSPOSE on the Edge TPU turns to channels-last, where it is large."""
    from tflint_edgetpu.api import turns_channels_first_input

    picture = operator.input(0)
    if (
        picture is None
        or picture.elements < CHANNELS_FIRST_ELEMENTS
        or context.placed(operator).on != "edgetpu"
    ):
        return None
    return picture if turns_channels_first_input(context.model, context.dataflow, operator) else None


def _if_it_fails() -> Fix:
    return Fix(
        "Only if the compiler gives up: try a smaller input or a shorter part",
        how=(
            "edgetpu_compiler -s -d model.tflite            # search for a shorter part that compiles\n"
            'edgetpu_compiler -s -i "TENSOR" model.tflite   # end the compiled part at this tensor\n'
            "edgetpu_compiler -s -t 600 model.tflite        # against the timeout of 180 seconds"
        ),
    )
