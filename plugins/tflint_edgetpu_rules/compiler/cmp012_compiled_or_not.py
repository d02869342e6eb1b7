"""CMP012 compiled-or-not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, counted

from .evidence import about, field_place, logged_models

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompiledModel, CompilerLog

COMPILED_NAME = re.compile(r"_edgetpu(?:_\d+)?\.tflite$")


class CompiledOrNot(Rule):
    """Which of the two files is this: the one for the compiler or the one for the Edge TPU.

    ## Why it matters
    The compiled file runs only where libedgetpu is loaded, and cannot be compiled, cut into segments or
    looked into again. The other one runs everywhere on the CPU and gives the same results, so only the time
    tells that the wrong one was deployed. A compile that maps nothing writes a `*_edgetpu.tflite` without a
    part for the Edge TPU.

    ## How to fix
    Deploy the file that ends in `_edgetpu.tflite` and load it with the delegate:
    `load_delegate('libedgetpu.so.1')` or `pycoral.utils.edgetpu.make_interpreter`. Lint, repair, compile and
    cut the other one.

    ## References
    - https://github.com/google-coral/edgetpu/issues/136
    - https://github.com/google-coral/edgetpu/issues/159
    - https://github.com/google-coral/project-posenet/issues/75
    """

    meta = RuleMeta(
        "CMP012", "compiled-or-not", Severity.WARNING, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/136",), covers=("A007",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if context.model.path is None or not COMPILED_NAME.search(context.model.path):
            return
        yield self.finding(
            None,
            "the file is named like a compiled one, but nothing in it is for the Edge TPU",
            cost="it runs on the CPU, with the delegate as well",
            evidence={"operators": len(context.model.main.operators)},
            fix=Fix(
                "Compile it, and look at how many operators map",
                how="edgetpu_compiler -s model.tflite\ntflint-edgetpu placement model.tflite",
            ),
        )

    def check_compiled(self, compiled: CompiledModel, context: Context) -> Iterator[Finding]:
        if not context.is_compiled:
            return  # a twin; the file under examination is the right one
        left = len(compiled.cpu_operators)
        segment = compiled.segment
        what = (
            f"segment {segment[0]} of {segment[1]} of a compiled pipeline" if segment else "a compiled model"
        )
        outside = f"{counted(left, 'operator')} outside of it" if left else "nothing outside of it"
        yield self.finding(
            [part.operator for part in compiled.parts],
            f"this is {what} with {counted(compiled.subgraphs, 'part')} for the Edge TPU and {outside}",
            severity=Severity.INFO,
            cost="it needs libedgetpu to run, and its operators can no longer be looked at",
            evidence={
                "subgraphs": compiled.subgraphs,
                "min_runtime": compiled.min_runtime,
                "cpu_operators": [operator.label for operator in compiled.cpu_operators],
                "cached_bytes": compiled.cached_bytes,
                "streamed_bytes": compiled.streamed_bytes,
                "estimated_cycles": compiled.estimated_cycles,
            },
            fix=Fix(
                "Lint the model it was made from to see what maps and why",
                how="tflint-edgetpu lint model.tflite --compiled model_edgetpu.tflite",
            ),
        )

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        for logged in logged_models(log, context):
            if logged.input_model is None or not COMPILED_NAME.search(logged.input_model):
                continue
            yield self.finding(
                [field_place(logged, "input_model")],
                f"{about(logged, log)}the compiler was given '{logged.input_model}', which by its name is compiled "
                "already",
                certainty=Certainty.GUESS,
                cost="compiling or cutting a compiled model again does nothing",
                evidence={"input_model": logged.input_model},
                fix=Fix("Compile the model it was made from", how="edgetpu_compiler -s model.tflite"),
            )
