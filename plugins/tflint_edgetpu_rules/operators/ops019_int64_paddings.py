"""OPS019 int64-paddings."""

from __future__ import annotations

from collections.abc import Iterator

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
    subject,
)


class Int64Paddings(Rule):
    """PAD with paddings of 64 bits.

    ## Why it matters
    litert-torch writes the paddings of PAD and PADV2 as INT64. The kernels inside edgetpu_compiler, of 2021,
    read them as INT32: every second number they see is the upper half of one. The padding comes out wrong,
    or the next convolution does not fit any more and the compiler stops with
    `input->dims->data[3] != filter->dims->data[3]`. TensorFlow's own converter writes INT32.

    ## How to fix
    Write the same numbers as INT32. The fix does it in the file.

    ## Fix safety
    Safe. The same numbers in the usual type.

    ## References
    - https://github.com/google-ai-edge/litert-torch
    """

    meta = RuleMeta(
        "OPS019", "int64-paddings", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-ai-edge/litert-torch",), covers=("V001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = []
        for operator in context.operators("PAD", "PADV2"):
            paddings = operator.input(1)
            if paddings is not None and paddings.dtype == "INT64":
                operators.append(operator)
        if not operators:
            return
        yield self.finding(
            operators,
            f"the paddings of {subject(operators)} are INT64; the kernels inside edgetpu_compiler "
            "read them as INT32",
            cost="wrong padding, or the compiler stops with 'input->dims->data[3] != filter->dims->data[3]'",
            evidence={"operators": len(operators)},
            fix=Fix(
                "Write the same paddings as INT32",
                Safety.SAFE,
                "nothing to change in PyTorch: litert-torch writes them this way; mend the file",
                tuple(Edit("narrow-paddings", operator.ref) for operator in operators),
            ),
        )
