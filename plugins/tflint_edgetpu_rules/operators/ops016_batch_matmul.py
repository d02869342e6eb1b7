"""OPS016 batch-matmul."""

from __future__ import annotations

import math
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

ONE = "converter.unfold_batchmatmul = True   # writes FULLY_CONNECTED, with computed weights if need be"
SEVERAL = (
    "one product for each of the {batch} matrices, and the converter's switch:\n"
    "tf.stack([tf.matmul(a[{index}], b[{index}]) for i in range({batch})], axis={axis})\n"
    "converter.unfold_batchmatmul = True   # alone it splits the batch, which the Edge TPU refuses too"
)


class BatchMatmul(Rule):
    """BATCH_MATMUL, the matrix product of attention layers.

    ## Why it matters
    BATCH_MATMUL is not in Coral's table and was never seen mapped. Attention layers have two of them, in the
    middle of the network.

    ## How to fix
    `converter.unfold_batchmatmul = True` makes the converter write FULLY_CONNECTED instead; compiler 16.0
    maps that even with computed weights (142 of 142 seen). With more than one matrix (attention heads) the
    switch alone is not enough: the converter then cuts the batch apart by SPLIT, which the Edge TPU refuses.
    Write one product for each head. The slices map as long as they are small; that the whole does was not
    seen.

    ## Fix safety
    Unsafe. Where the right side is a constant, FULLY_CONNECTED does the same sums; an exact tie may round to
    the next step.

    ## References
    - https://github.com/google-coral/edgetpu/issues/24
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS016", "batch-matmul", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = refused(context, "BATCH_MATMUL")
        if not operators:
            return
        largest = max(operators, key=_matrices)
        batch = _matrices(largest)
        output = largest.output()
        index, axis = ("i", 0) if output is not None and len(output.shape) == 3 else (":, i", 1)
        edits = tuple(
            Edit("batch-matmul-to-dense", operator.ref)
            for operator in operators
            if context.is_constant(operator.input(1)) and _matrices(operator) == 1
        )
        yield self.finding(
            operators,
            f"{subject(operators)} cannot run on the Edge TPU",
            **consequences(context, operators),
            evidence={"operators": len(operators), "matrices": batch},
            fix=Fix(
                "Convert it to FULLY_CONNECTED",
                Safety.UNSAFE if edits else Safety.MANUAL,
                ONE if batch == 1 else SEVERAL.format(batch=batch, index=index, axis=axis),
                edits,
            ),
        )


def _matrices(operator: Operator) -> int:
    output = operator.output()
    return math.prod(output.shape[:-2]) if output is not None else 1
