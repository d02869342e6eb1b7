"""OPS015 cpu-operator-without-kernel."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity, subject

# int8 kernels that TensorFlow Lite got with 2.5 or shortly before, and what an older one says.
# Sources: google-coral/edgetpu issues 504 and 464; TF 2.5.3 registers both (measured on its interpreter).
MESSAGES = {
    "RSQRT": "input->type != expected_type (9 != 1)",
    "REVERSE_V2": "Type INT8 is not supported by reverse",
}


class CpuOperatorWithoutKernel(Rule):
    """An 8-bit operator left to the CPU that old TensorFlow Lite runtimes cannot run.

    ## Why it matters
    What the Edge TPU does not take runs on the CPU of the device, by the kernels of its runtime. The compiler
    also writes version 1 to every operator it leaves there, so an old runtime loads the file and stops later,
    when it allocates tensors or at the first inference. Runtimes up to about 2.4 lack int8 kernels of RSQRT
    and REVERSE_V2; the tflite_runtime 2.5 that PyCoral 2.0 asks for has them.

    ## How to fix
    Use tflite_runtime 2.5 or newer on the device, or mend what keeps the operator off the Edge TPU (RSQRT is
    in Coral's table), or move it out of the model.

    ## References
    - https://github.com/google-coral/edgetpu/issues/504
    - https://github.com/google-coral/edgetpu/issues/464
    """

    meta = RuleMeta(
        "OPS015", "cpu-operator-without-kernel", Severity.INFO, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/464",), covers=("O011",),
    )  # fmt: skip
    general = True  # says what else to expect, and leaves the cause to the rule that names it

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [
            operator
            for operator in context.operators(*MESSAGES)
            if context.placed(operator).on == "cpu"
            and operator.outputs
            and operator.outputs[0].dtype == "INT8"
        ]
        if not operators:
            return
        first = operators[0]
        yield self.finding(
            operators,
            f"{subject(operators)} {'stays' if len(operators) == 1 else 'stay'} on the CPU as int8; "
            "TensorFlow Lite runtimes up to about 2.4 have "
            "no kernel for that",
            cost=f"compiling succeeds; on such a device the model then stops with '{MESSAGES[first.kind]}'",
            evidence={"operators": len(operators)},
            fix=Fix(
                "Use a runtime of 2.5 or newer on the device",
                Safety.MANUAL,
                "python3 -c 'import tflite_runtime; print(tflite_runtime.__version__)'   # on the device",
            ),
        )
