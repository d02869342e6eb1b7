"""OPS004 unsupported-activation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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


class Equivalent(NamedTuple):
    title: str
    how: str
    edit: str | None = None


# The forms survive TensorFlow's converter (tried with 2.21): it turns x * relu6(x + 3) / 6 back into
# HARD_SWISH unless the sixth stands with x.
EQUIVALENTS = {
    "HARD_SWISH": Equivalent(
        "Write it with operators of the Edge TPU, or train with ReLU6",
        "TensorFlow:  (x * (1 / 6)) * tf.nn.relu6(x + 3)\n"
        "             # the same function; x * relu6(x + 3) / 6 would be turned back into HARD_SWISH\n"
        "MobileNetV3: keras.applications.MobileNetV3Small(minimalistic=True) has ReLU instead",
        "expand-hard-swish",
    ),
    "ELU": Equivalent(
        "Train with ReLU6 instead",
        "Keras:  layers.ReLU(6.0) in place of layers.ELU() or activation='elu', then fine-tune\n"
        "# exp() is not in Coral's table either: there is no exact form to paste",
    ),
    "LOG_SOFTMAX": Equivalent(
        "Leave the logarithm to the application",
        "TensorFlow:  tf.nn.softmax(x) in place of tf.nn.log_softmax(x); the order of the classes stays\n"
        "application: numpy.log(probabilities)",
    ),
}


class UnsupportedActivation(Rule):
    """An activation that the Edge TPU does not have: HARD_SWISH, ELU or LOG_SOFTMAX.

    ## Why it matters
    These activations are not in Coral's table. One behind an early layer leaves nearly the whole network to
    the CPU, since only the part before it is compiled.

    ## How to fix
    HARD_SWISH is exactly `(x * (1 / 6)) * relu6(x + 3)`; MUL, ADD and RELU6 are in the table. Write it in
    this form: TensorFlow's converter turns `x * relu6(x + 3) / 6` back into HARD_SWISH (seen with 2.21). ELU
    needs an exponential, which is not in the table: train with ReLU6. LOG_SOFTMAX at an output can be a
    SOFTMAX. SiLU (Swish) needs no cure: it is LOGISTIC and MUL.

    ## Fix safety
    Unsafe. HARD_SWISH in parts rounds to 8 bit on the way: outputs may move by a few steps.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/272
    """

    meta = RuleMeta(
        "OPS004", "unsupported-activation", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O005",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        for kind, equivalent in EQUIVALENTS.items():
            operators = refused(context, kind)
            if not operators:
                continue
            edits: tuple[Edit, ...] = ()
            if equivalent.edit:
                edits = tuple(Edit(equivalent.edit, operator.ref) for operator in operators)
            yield self.finding(
                operators,
                f"{subject(operators)} cannot run on the Edge TPU",
                **consequences(context, operators),
                evidence={"operators": len(operators)},
                fix=Fix(equivalent.title, Safety.UNSAFE if edits else Safety.MANUAL, equivalent.how, edits),
            )
