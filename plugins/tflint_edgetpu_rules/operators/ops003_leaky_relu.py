"""OPS003 leaky-relu."""

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

from .refusal import consequences, refused


class LeakyRelu(Rule):
    """LEAKY_RELU, which the Edge TPU does not have.

    ## Why it matters
    LEAKY_RELU is not in Coral's table. In a YOLO it stands behind every convolution, so the first one ends
    the part that runs on the Edge TPU. On the CPU, TFLite runtimes up to about 2.4 have no int8 kernel for
    it and stop with `Only float32 and uint8 is supported currently, got INT8`.

    ## How to fix
    `max(x, alpha * x)` is the same function for `0 <= alpha <= 1`, and MUL and MAXIMUM are in the table.
    Write the operands in this order: TensorFlow's converter turns `max(alpha * x, x)` back into LEAKY_RELU
    (seen with 2.21). In Keras a PReLU with a fixed slope is the same function, too. ReLU6 is cheaper than
    both, after some epochs of fine-tuning.

    ## Fix safety
    Unsafe. The function is the same but the slope becomes an 8-bit number: outputs may move by a step.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/165
    - https://github.com/google-coral/edgetpu/issues/597
    """

    meta = RuleMeta(
        "OPS003", "leaky-relu", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O004",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = refused(context, "LEAKY_RELU")
        if not operators:
            return
        slope = f"{operators[0].option('alpha', 0.0):.4g}"
        yield self.finding(
            operators,
            f"{subject(operators)} cannot run on the Edge TPU",
            **consequences(context, operators),
            evidence={"operators": len(operators)},
            fix=Fix(
                "Write it with operators of the Edge TPU",
                Safety.UNSAFE,
                f"TensorFlow:  tf.maximum(x, {slope} * x)   # the converter turns max({slope} * x, x) back\n"
                f"Keras:       layers.PReLU(alpha_initializer=initializers.Constant({slope}),\n"
                "                          shared_axes=[1, 2], trainable=False)\n"
                "or train with ReLU6, which is cheaper than both",
                tuple(Edit("leaky-relu-to-prelu", operator.ref) for operator in operators),
            ),
        )
