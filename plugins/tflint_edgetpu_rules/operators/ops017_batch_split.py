"""OPS017 batch-split."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    subject,
)

from .refusal import consequences, refused


class BatchSplit(Rule):
    """A SPLIT along the first dimension.

    ## Why it matters
    Coral's table has SPLIT, but not along the batch; the compiler prints the odd status `For example, a
    fully-connected or softmax layer with 2D output` for it. Converters write such a SPLIT when they take a
    stack of matrices apart (`unfold_batchmatmul`, decision forests as matrix products). PACK and SUM along
    the same dimension do map.

    ## How to fix
    Keep the parts apart from the start: compute each one by a layer of its own instead of computing a stack
    and splitting it. Slices in place of the split (`x[i : i + 1]`) become STRIDED_SLICE, which is in the
    table; that it maps along the first dimension was not seen. In the file this is done for tensors of up
    to three dimensions, where the first one is no batch.

    ## Fix safety
    Unsafe. The slices copy the same integers; that the compiler maps them is a guess (16.0 maps STRIDED_SLICE
    along the rows of an image, and PACK and SUM along the first of three dimensions).

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS017", "batch-split", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O002",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [operator for operator in refused(context, "SPLIT") if _splits_batch(context, operator)]
        if not operators:
            return
        first = operators[0]
        shape = list(first.inputs[1].shape) if first.inputs[1] is not None else []
        edits = tuple(Edit("slice-batch", operator.ref) for operator in operators if _has_no_batch(operator))
        yield self.finding(
            operators,
            f"{subject(operators)} {'cuts' if len(operators) == 1 else 'cut'} along the first dimension, "
            f"{shape} into {len(first.outputs)} parts; "
            "the Edge TPU does not split the batch",
            **consequences(context, operators),
            evidence={"operators": len(operators), "shape": shape, "parts": len(first.outputs)},
            fix=Fix(
                "Cut the stack by slices"
                if edits
                else "Compute the parts apart instead of splitting a stack",
                Safety.UNSAFE if edits else Safety.MANUAL,
                "one tf.matmul or Dense for each part instead of one for the stack\n"
                "or x[i : i + 1] for each part (STRIDED_SLICE; not seen to map along the first dimension)"
                + ("\ntflint-edgetpu fix --unsafe-fixes model.tflite   # does the latter" if edits else ""),
                edits,
            ),
        )


def _splits_batch(context: Context, operator: Operator) -> bool:
    axis = context.model.values(operator.input(0), 1)
    source = operator.input(1)
    if axis is None or source is None or not source.shape or source.dtype not in ("INT8", "UINT8"):
        return False
    return int(axis[0]) % len(source.shape) == 0 and source.shape[0] > 1


def _has_no_batch(operator: Operator) -> bool:
    """Whether the first dimension is rows or less to the Edge TPU, which counts the innermost three."""
    source = operator.input(1)
    return source is not None and len(source.shape) < 4
