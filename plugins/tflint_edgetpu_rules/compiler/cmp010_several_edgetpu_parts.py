"""CMP010 several-edgetpu-parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Location, Rule, RuleMeta, Severity

from .evidence import about, field_place, is_of_this_model, logged_models

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompiledModel, CompilerLog


class SeveralEdgetpuParts(Rule):
    """A model compiled into more than one part for the Edge TPU.

    ## Why it matters
    With `-a` the compiler maps every supported part, not only the first. Between two parts the data go to
    the CPU and back, over USB or PCIe. That can be slower than fewer mapped operators: users measured up to
    ten times. It can also be faster; only a stopwatch tells.

    ## How to fix
    Mend the operators between the parts, so that one part is left. Until then compile both ways and
    measure; the file without `-a` is the one to compare with.

    ## References
    - https://github.com/google-coral/edgetpu/issues/342
    - https://github.com/google-coral/edgetpu/issues/317
    """

    meta = RuleMeta(
        "CMP010", "several-edgetpu-parts", Severity.WARNING, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/342",), covers=("L009",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        if context.compiled is not None:
            return  # the file itself says it
        for logged in logged_models(log, context):
            if logged.subgraphs is not None and logged.subgraphs > 1:
                yield self._finding([field_place(logged, "subgraphs")], about(logged, log), logged.subgraphs)
            elif logged.subgraphs is None and context.observed and context.observed.multiple_subgraphs:
                yield self._finding([field_place(logged, "subgraphs")], "", None)

    def check_compiled(self, compiled: CompiledModel, context: Context) -> Iterator[Finding]:
        if compiled.subgraphs > 1 and is_of_this_model(compiled, context):
            places = list(map(_part, compiled.parts)) if context.is_compiled else None
            yield self._finding(places, "", compiled.subgraphs)

    def _finding(self, places: list[Location] | None, prefix: str, parts: int | None) -> Finding:
        several = (
            f"in {parts} parts: {parts} ways there and back for each inference"
            if parts is not None
            else "in several parts: operators behind refused ones are mapped, which only -a does"
        )
        return self.finding(
            places,
            f"{prefix}the model runs on the Edge TPU {several}",
            cost="can be slower than mapping fewer operators in one part: users measured up to 10 times",
            evidence={"subgraphs": parts},
            fix=Fix(
                "Compile without -a as well, and measure both",
                how="edgetpu_compiler -s model.tflite       # one part\n"
                "edgetpu_compiler -s -a model.tflite    # all parts\n"
                "tflint-edgetpu lint --multiple-subgraphs model.tflite    # predicts the second",
            ),
        )


def _part(part: object) -> Location:
    from tflint_edgetpu.api import operator_location

    return operator_location(part.operator)  # type: ignore[attr-defined]
