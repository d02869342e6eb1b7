"""PLC002 nothing-mapped."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity, counted


class NothingMapped(Rule):
    """No operator of the model runs on the Edge TPU.

    ## Why it matters
    The compiler takes this for a success: it prints `Number of Edge TPU subgraphs: 0` and writes a file that
    is the CPU model under another name (google-coral/edgetpu issues 438, 609 and 708). A model without
    8-bit tensors it refuses instead, with `Model not quantized`.

    ## How to fix
    The other findings name the cause, most often a model that is not fully quantized. Mend that and lint
    again: only then the rest of the placement means something.

    ## References
    - https://github.com/google-coral/edgetpu/issues/438
    - https://github.com/google-coral/edgetpu/issues/609
    """

    meta = RuleMeta(
        "PLC002", "nothing-mapped", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/438",), covers=("O003",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = context.placement.operators
        # Where a specific rule found an error, that is the cause, and this would say it twice.
        if not operators or context.placement.edgetpu or context.has_error:
            return
        activations = [
            tensor
            for placed in operators
            for tensor in placed.operator.outputs
            if tensor.dtype in ("INT8", "UINT8") and tensor.is_quantized
        ]
        ending = "'Number of Edge TPU subgraphs: 0', and the file it writes is the CPU model"
        if not activations:
            ending = "'Model not quantized', or maps nothing"
        yield self.finding(
            None,
            f"nothing of the model runs on the Edge TPU ({counted(len(operators), 'operator')})",
            cost=f"edgetpu_compiler ends with {ending}",
            evidence={"operators": len(operators), "quantized_activations": len(activations)},
            fix=Fix("Mend what the other findings name, then lint again", Safety.MANUAL),
        )
