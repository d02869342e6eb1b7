"""CMP011 newer-runtime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompiledModel

INT8_RUNTIME = 12  # the lowest that knows int8 (libedgetpu, api/runtime_version.h)


class NewerRuntime(Rule):
    """A compiled file that asks for a newer Edge TPU runtime than the target has.

    ## Why it matters
    The package inside says which runtime it needs. An older one refuses to load it: `Package requires
    runtime version (14), which is newer than this runtime version (13)`. Compiler 16.0 writes packages for
    runtime 14 unless told otherwise. The target is what `--target-compiler` and `min-runtime-version` say.

    ## How to fix
    Compile with `-m` and the device's runtime version (12 or higher: older ones have no int8, and the
    compiler then maps nothing and still succeeds), or update libedgetpu on the device.

    ## References
    - https://github.com/google-coral/edgetpu/issues/435
    - https://github.com/jsk-ros-pkg/coral_usb_ros/pull/78
    """

    meta = RuleMeta(
        "CMP011", "newer-runtime", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://github.com/google-coral/edgetpu/issues/435",), covers=("V007",),
    )  # fmt: skip

    def check_compiled(self, compiled: CompiledModel, context: Context) -> Iterator[Finding]:
        needed, device = compiled.min_runtime, context.target.runtime
        if needed is None or needed <= device:
            return
        version = max(device, INT8_RUNTIME)
        yield self.finding(
            [part.operator for part in compiled.parts] if context.is_compiled else None,
            f"the compiled file needs Edge TPU runtime {needed}, the target has {device}",
            cost="it does not load: 'Package requires runtime version "
            f"({needed}), which is newer than this runtime version ({device})'",
            evidence={"min_runtime": needed, "runtime": device},
            fix=Fix(
                f"Compile for runtime {version}, or update libedgetpu on the device",
                how=f"edgetpu_compiler -m {version} model.tflite",
            ),
        )
