"""OPS010 nearest-upsampling-as-copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    described,
    reason_of,
)

from .refusal import consequences, is_refused

if TYPE_CHECKING:
    from tflint_edgetpu.api import NearestUpsampling


class NearestUpsamplingAsCopies(Rule):
    """Nearest-neighbour upsampling written as PACK or TILE and RESHAPE.

    ## Why it matters
    The TF2 Object Detection API upsamples the top-down path of a feature pyramid (FPN) by stacking a map
    with itself and reshaping. `tf.repeat` does the same with TILE. The stacks have five or six dimensions,
    of which the Edge TPU takes three; everything that depends on them stays on the CPU, the finest and most
    expensive levels of the pyramid among it. Nothing in the model's configuration hints at it.

    ## How to fix
    RESIZE_NEAREST_NEIGHBOR gives the same numbers and is in Coral's table. `tf.compat.v1.image.
    resize_nearest_neighbor` becomes exactly that. `tf.image.resize` and `UpSampling2D` set
    half_pixel_centers, which compiler 16.0 takes and older ones refuse. The Object Detection API has a
    switch in its code (`use_native_resize_op`), but none in pipeline.config.

    ## Fix safety
    Safe. Each output pixel is a copy of the same input pixel as before.

    ## References
    - https://github.com/tensorflow/models/blob/master/research/object_detection/utils/ops.py
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS010", "nearest-upsampling-as-copies", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("S003", "O001"),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if not any(context.operators("PACK", "TILE")):
            return
        from tflint_edgetpu.api import NATIVE_UPSAMPLING, find_nearest_upsamplings

        found = [
            upsampling
            for upsampling in find_nearest_upsamplings(context.model, context.dataflow)
            if any(is_refused(context, operator) for operator in upsampling.operators)
        ]
        if not found:
            return
        operators = [operator for upsampling in found for operator in upsampling.operators]
        first = found[0]
        kinds = ", ".join(operator.kind for operator in first.operators)
        breaker = next(operator for operator in first.operators if is_refused(context, operator))
        times = f" x{len(found)}" if len(found) > 1 else ""
        target = list(first.result.shape[1:3])
        edits = tuple(
            Edit("fuse-nearest-upsampling", one.operators[0].ref)
            for one in found
            if [operator.kind for operator in one.operators] == ["PACK", "PACK", "RESHAPE"]
        )
        yield self.finding(
            operators,
            f"nearest-neighbour upsampling{times} ({_sizes(found)}) is written as {kinds}, which the Edge TPU "
            f"refuses: {reason_of(context.placed(breaker))}",
            **consequences(context, operators),
            evidence={
                "upsamplings": len(found),
                "operators": described(operators),
                "factors": [[one.height, one.width] for one in found],
            },
            fix=Fix(
                "Use RESIZE_NEAREST_NEIGHBOR, which gives the same numbers",
                Safety.SAFE if edits else Safety.MANUAL,
                f"{NATIVE_UPSAMPLING}own code:\n"
                f"    tf.compat.v1.image.resize_nearest_neighbor(x, {target})\n"
                "    # tf.image.resize and UpSampling2D set half_pixel_centers: for compiler 16.0 only",
                edits,
            ),
        )


def _sizes(found: list[NearestUpsampling]) -> str:
    """``10x10 to 20x20``, of the first four."""
    words = [
        f"{'x'.join(map(str, one.source.shape[1:3]))} to {'x'.join(map(str, one.result.shape[1:3]))}"
        for one in found[:4]
    ]
    return ", ".join(words) + (f" and {len(found) - 4} more" if len(found) > 4 else "")
