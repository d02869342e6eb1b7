"""VER008 version-too-low."""

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
    counted,
    described,
    needed_version,
)


class VersionTooLow(Rule):
    """Int8 operators under a version from before int8.

    ## Why it matters
    AI Edge Quantizer quantizes a float model and leaves its operators at version 1, which did not know int8
    yet. LiteRT ignores the number. What the compiler makes of it nobody has published.

    ## How to fix
    Let each operator get the version that its types need.

    ## Fix safety
    Safe. LiteRT takes the same kernel for either number.

    ## References
    - https://github.com/google-ai-edge/ai-edge-quantizer
    """

    meta = RuleMeta(
        "VER008", "version-too-low", Severity.INFO, Certainty.GUESS, fixable=True,
        references=("https://github.com/google-ai-edge/ai-edge-quantizer",),
    )  # fmt: skip
    explains = False  # such operators do map

    def check_model(self, context: Context) -> Iterator[Finding]:
        low = [operator for operator in context.operators() if _is_low(operator)]
        if low:
            yield self.finding(
                low,
                f"{counted(len(low), 'int8 operator')} ({described(low)}) carry a version from before int8",
                cost="unknown: the number says that the operators are not int8",
                evidence={"operators": len(low)},
                fix=Fix(
                    "Write the versions that the types need",
                    Safety.SAFE,
                    edits=tuple(Edit("own-operator-code", operator.ref) for operator in low),
                ),
            )


def _is_low(operator: Operator) -> bool:
    if operator.version >= needed_version(operator) or operator.kind == "CUSTOM":
        return False
    first = next((tensor for tensor in operator.inputs if tensor is not None and tensor.is_quantized), None)
    return first is not None and first.dtype == "INT8"
