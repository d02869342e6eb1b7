"""CMP016 damaged-package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompiledModel


class DamagedPackage(Rule):
    """A compiled file whose part for the Edge TPU cannot be loaded.

    ## Why it matters
    The operator `edgetpu-custom-op` carries a package for the device. Where it is missing or damaged, the
    runtime fails with `Failed to prepare a custom op`. Tools that edit a compiled file, exporters that
    ignore the compiler's exit status, and truncated downloads leave such files.

    ## How to fix
    Compile the model again, and copy the file as it is.

    ## References
    - https://github.com/google-coral/libedgetpu/blob/master/executable/executable.fbs
    - https://github.com/ultralytics/ultralytics/pull/25068
    """

    meta = RuleMeta(
        "CMP016", "damaged-package", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/libedgetpu/blob/master/executable/executable.fbs",),
        covers=("A007",),
    )  # fmt: skip

    def check_compiled(self, compiled: CompiledModel, context: Context) -> Iterator[Finding]:
        for part in compiled.parts:
            if part.problem is None:
                continue
            yield self.finding(
                [part.operator] if context.is_compiled else None,
                f"the part for the Edge TPU cannot be loaded: {part.problem}",
                cost="the runtime refuses the file: 'Failed to prepare a custom op'",
                evidence={"problem": part.problem},
                fix=Fix("Compile the model again", how="edgetpu_compiler -s model.tflite"),
            )
