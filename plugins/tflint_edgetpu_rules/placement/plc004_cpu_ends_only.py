"""PLC004 cpu-ends-only."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Rule, RuleMeta, Severity, counted, described


class CpuEndsOnly(Rule):
    """Only the usual ends of the graph run on the CPU: nothing to mend.

    ## Why it matters
    The compiler lists these operators as not mapped, and people ask why. A QUANTIZE from a float input and a
    DEQUANTIZE to a float output never map. `TFLite_Detection_PostProcess` has no quantized version: it always
    runs on the CPU and its outputs are float; no setting of the converter changes that. What follows it stays
    on the CPU, too. Everything between runs on the Edge TPU.

    ## How to fix
    Nothing to fix.

    ## References
    - https://github.com/google-coral/edgetpu/issues/515
    - https://github.com/tensorflow/models/issues/9371
    """

    meta = RuleMeta(
        "PLC004", "cpu-ends-only", Severity.INFO, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/515",), covers=("O003",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        placement = context.placement
        on_cpu = [placed.operator for placed in placement.operators if placed.on == "cpu"]
        ends = placement.tail | placement.entry
        if not placement.edgetpu or not on_cpu or not ends.issuperset(on_cpu):
            return
        total = counted(len(placement.operators), "operator")
        yield self.finding(
            on_cpu,
            f"{placement.edgetpu} of {total}, with all of the arithmetic, "
            f"{'runs' if placement.edgetpu == 1 else 'run'} on the Edge TPU; {described(on_cpu)} "
            f"{'stays' if len(on_cpu) == 1 else 'stay'} on the CPU in every model of this kind",
            evidence={"operators": len(on_cpu), "mapped": placement.edgetpu},
        )
