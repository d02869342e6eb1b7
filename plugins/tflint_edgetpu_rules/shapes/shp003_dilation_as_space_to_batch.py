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
    named,
    others_like_it,
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
        first, batch = found[0], _batch(found[0])
        size = f" over a batch of {batch}" if batch else ""
        more = others_like_it(len(found), "convolution")
        edits = tuple(Edit("fuse-dilation", spread.operators[0].ref) for spread in found if _is_plain(spread))
        yield self.finding(
            operators,
            f"{first.convolution.label} {named(first.convolution)} stands between SPACE_TO_BATCH_ND and "
            f"BATCH_TO_SPACE_ND{size}: it is a {first.convolution.label}{_dilation(first)}{more}",
            cost=_cost(found, context),
            evidence={
                "convolutions": len(found),
                "dilation": list(first.dilation) if first.dilation else None,
                "batch": batch,
            },
            fix=Fix(
                "Write them as dilated convolutions",
                Safety.SAFE if edits else Safety.MANUAL,
                "fix the batch to 1 before converting, e.g. keras.Input(batch_shape=(1, 224, 224, 3)),\n"
                "and do not convert with TensorFlow 2.5 or 2.6",
                edits,
            ),
        )


def _batch(spread: SpreadConvolution) -> int | None:
    """The batch that the convolution meets. The shapes of the file do not tell: they say 1 for all sizes that
    were open."""
    source = spread.operators[0].input(0)
    if spread.dilation is None or source is None or not source.shape:
        return None
    return prod(spread.dilation) * max(1, source.shape[0])


def _cost(found: list[SpreadConvolution], context: Context) -> str:
    if any(context.placed(spread.convolution).on == "edgetpu" for spread in found):
        return "at run time the batch keeps the convolution and all that depends on it off the Edge TPU"
    return context.cost_of_loss([operator for spread in found for operator in spread.operators])


def _dilation(spread: SpreadConvolution) -> str:
    return f" with dilation {' x '.join(map(str, spread.dilation))}" if spread.dilation else " with dilation"


def _is_plain(spread: SpreadConvolution) -> bool:
    """Whether nothing but the convolution stands between the two."""
    return len(spread.operators) == 3 and spread.dilation is not None
