"""SHP003 dilation-as-space-to-batch."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
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
    counted,
    named,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import SpreadConvolution


class DilationAsSpaceToBatch(Rule):
    """A dilated convolution written as SPACE_TO_BATCH_ND, convolution and BATCH_TO_SPACE_ND.

    ## Why it matters
    The picture is cut into pieces that become a batch. Neither of the two operators is in Coral's table, and
    the convolution between them has a batch larger than 1, which the Edge TPU refuses
    (`Tensor has unsupported rank`). The dilated convolution itself would map.

    ## How to fix
    Fix the batch to 1 before converting: with an open batch the converter cannot know that a dilated
    convolution would do. TensorFlow 2.5 and 2.6 wrote it this way always. `fuse-dilation` puts the three back
    together in the file.

    ## Fix safety
    Safe. The same taps of the same integers are summed.

    ## References
    - https://github.com/google-coral/edgetpu/issues/75
    - https://github.com/tensorflow/tensorflow/issues/52290
    """

    meta = RuleMeta(
        "SHP003", "dilation-as-space-to-batch", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://github.com/google-coral/edgetpu/issues/75",
            "https://github.com/tensorflow/tensorflow/issues/52290",
        ),
        covers=("S004",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if not any(code.kind == "SPACE_TO_BATCH_ND" for code in context.model.operator_codes):
            return
        from tflint_edgetpu.api import find_spread_convolutions

        found = list(find_spread_convolutions(context.model, context.dataflow))
        if not found:
            return
        operators = [operator for spread in found for operator in spread.operators]
        first = found[0]
        batch = first.convolution.outputs[0].shape[:1] if first.convolution.outputs else ()
        size = f" over a batch of {batch[0]}" if batch else ""
        more = f", and {counted(len(found) - 1, 'more convolution')} like it" if len(found) > 1 else ""
        edits = tuple(Edit("fuse-dilation", spread.operators[0].ref) for spread in found if _is_plain(spread))
        yield self.finding(
            operators,
            f"{first.convolution.label} {named(first.convolution)} stands between SPACE_TO_BATCH_ND and "
            f"BATCH_TO_SPACE_ND{size}: it is a {first.convolution.label}{_dilation(first)}{more}",
            severity=context.severity_of_loss(operators),
            cost=context.cost_of_loss(operators),
            evidence={
                "convolutions": len(found),
                "dilation": list(first.dilation) if first.dilation else None,
                "batch": prod(batch),
            },
            fix=Fix(
                "Write them as dilated convolutions",
                Safety.SAFE if edits else Safety.MANUAL,
                "fix the batch to 1 before converting, e.g. keras.Input(batch_shape=(1, 224, 224, 3)),\n"
                "and do not convert with TensorFlow 2.5 or 2.6",
                edits,
            ),
        )


def _dilation(spread: SpreadConvolution) -> str:
    return f" with dilation {' x '.join(map(str, spread.dilation))}" if spread.dilation else " with dilation"


def _is_plain(spread: SpreadConvolution) -> bool:
    """Whether nothing but the convolution stands between the two."""
    return len(spread.operators) == 3 and spread.dilation is not None
