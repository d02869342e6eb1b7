"""OPS005 flex-operator."""

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
    described,
    listed,
)


class FlexOperator(Rule):
    """An operator of full TensorFlow (Flex) in the file.

    ## Why it matters
    Flex operators run in TensorFlow itself. The interpreter inside edgetpu_compiler has no TensorFlow, so
    it stops for the whole file: `Regular TensorFlow ops are not supported by this interpreter. Make sure
    you apply/link the Flex delegate before inference.` The position of the operator does not matter.

    ## How to fix
    Take `tf.lite.OpsSet.SELECT_TF_OPS` out of `converter.target_spec.supported_ops`, convert again and
    rewrite the layer that the converter then names. Keras 3's `model.export(format="litert")` sets
    SELECT_TF_OPS by itself: convert with `tf.lite.TFLiteConverter` instead. For a detector that ends in
    `TFLite_Detection_PostProcess`, `TFLITE_BUILTINS_INT8` alone is enough.

    ## References
    - https://github.com/google-coral/edgetpu/issues/718
    - https://www.tensorflow.org/lite/guide/ops_select
    """

    meta = RuleMeta(
        "OPS005", "flex-operator", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/718",), covers=("O007",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [
            operator
            for operator in context.operators_everywhere("CUSTOM")
            if operator.custom_code is not None and operator.custom_code.startswith("Flex")
        ]
        if not operators:
            return
        names = sorted({str(operator.custom_code) for operator in operators})
        yield self.finding(
            operators,
            f"{described(operators)}: operators of full TensorFlow, which edgetpu_compiler cannot load",
            cost="no part of the model is compiled: the compiler stops with 'Regular TensorFlow ops are not "
            "supported by this interpreter'",
            evidence={"operators": len(operators), "names": names},
            fix=Fix(
                "Convert without SELECT_TF_OPS and rewrite the layers that need it",
                Safety.MANUAL,
                "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n"
                "# the converter then names each layer that has no TFLite operator: "
                + listed([name.removeprefix("Flex") for name in names]),
            ),
        )
