"""OPS009 computed-weights."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Status,
    reason_of,
    subject,
)

from .refusal import consequences, refused


class ComputedWeights(Rule):
    """Weights, a bias or another parameter that is computed while the model runs.

    ## Why it matters
    The Edge TPU loads parameters once, before the first inference, so they have to be constants. The
    compiler prints `Filter, bias, or other param is not constant at compile-time`. Compiler 16.0 does take
    FULLY_CONNECTED with computed weights (142 of 142 seen mapped); convolutions it has not been seen to.

    ## How to fix
    Find the operator that computes the parameter. If its own inputs are constants, it was left over by the
    converter: convert again with the weights frozen (from a SavedModel), or fold it. If it depends on the
    input (attention, a hypernetwork), keep that part for the CPU.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/25
    """

    meta = RuleMeta(
        "OPS009", "computed-weights", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O009",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        buffers = context.model.buffers
        operators = [
            operator
            for operator in refused(context)
            if context.placed(operator).status == Status.NOT_CONSTANT
            # Weights that stand behind the flatbuffer are constants; another rule names those.
            and not any(buffers[tensor.buffer].external for tensor in operator.tensors)
        ]
        if not operators:
            return
        reason = reason_of(context.placed(operators[0]))
        yield self.finding(
            operators,
            f"parameters of {subject(operators)} are computed at run time: {reason}",
            **consequences(context, operators),
            evidence={"operators": len(operators)},
            fix=Fix(
                "Make the parameters constants",
                Safety.MANUAL,
                "tf.lite.TFLiteConverter.from_saved_model(path)   # freezes variables\n"
                "or split the model before the operator that computes them",
            ),
        )
