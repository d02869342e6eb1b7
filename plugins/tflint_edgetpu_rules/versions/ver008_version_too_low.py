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
    parser_limit,
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
        low = [operator for operator in context.operators() if _is_low(operator, context)]
        if low:
            one = len(low) == 1
            yield self.finding(
                low,
                f"{counted(len(low), 'int8 operator')} ({described(low)}) {'stands' if one else 'stand'} under "
                "version 1, from before int8",
                cost="nobody has published what the compiler makes of it; LiteRT ignores the number",
                evidence={"operators": len(low)},
                fix=Fix(
                    f"Write the version{'' if one else 's'} that the types need",
                    Safety.SAFE,
                    "tflint-edgetpu fix model.tflite",
                    tuple(Edit("own-operator-code", operator.ref) for operator in low),
                ),
            )


def _is_low(operator: Operator, context: Context) -> bool:
    """Version 1 where int8 asks for more, and for no more than the compiler knows."""
    limit = parser_limit(operator.kind, context.target)
    if operator.version != 1 or limit is None or not 1 < needed_version(operator) <= limit:
        return False
    first = next((tensor for tensor in operator.inputs if tensor is not None and tensor.is_quantized), None)
    return first is not None and first.dtype == "INT8"
