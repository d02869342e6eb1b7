"""OPS020 constant-gather."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
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

if TYPE_CHECKING:
    from tflint_edgetpu.api import ConstantGather

ACTIVATIONS = ("INT8", "UINT8", "INT16", "FLOAT32", "FLOAT16")  # a gather of integers is shape arithmetic


class GatherByConstants(Rule):
    """GATHER or GATHER_ND by constant indices that are only a slice, or nothing at all.

    ## Why it matters
    GATHER and GATHER_ND are not in Coral's table, STRIDED_SLICE is. Converters from PyTorch write slices,
    and even identities (RESHAPE, GATHER_ND by 0, 1, 2 ..., RESHAPE), as gathers. One of them in the middle of
    a network cuts off everything behind it.

    ## How to fix
    Index by slices instead of lists or tensors: `x[:, 2:6]`, not `x[:, [2, 3, 4, 5]]`. A gather that changes
    nothing can go.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS020", "constant-gather", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        candidates = refused(context, "GATHER", "GATHER_ND")
        if not candidates:
            return
        from tflint_edgetpu.api import constant_gather

        slices: list[tuple[Operator, ConstantGather]] = []
        for operator in candidates:
            cut = constant_gather(context.model, operator)
            output = operator.output()
            if cut is not None and output is not None and output.dtype in ACTIVATIONS:
                slices.append((operator, cut))
        if not slices:
            return
        operators = [operator for operator, _ in slices]
        idle = sum(cut.is_identity for _, cut in slices)
        cut = slices[0][1]
        who = "it" if len(operators) == 1 else "the first"
        what = "changes nothing" if cut.is_identity else f"only takes {_slice(cut)} of axis {cut.axis}"
        yield self.finding(
            operators,
            f"{subject(operators)} cannot run on the Edge TPU, and {who} {what}",
            **consequences(context, operators),
            evidence={"operators": len(operators), "identities": idle},
            fix=Fix(
                "Leave it out" if cut.is_identity else "Write it as a slice",
                Safety.MANUAL,
                "index by slices, not by lists or tensors: a slice that takes all leaves no operator"
                if cut.is_identity
                else f"x[{':, ' * cut.axis}{_slice(cut)}] in place of tf.gather",
            ),
        )


def _slice(cut: ConstantGather) -> str:
    return f"{cut.start}:{cut.stop}" + (f":{cut.step}" if cut.step != 1 else "")
