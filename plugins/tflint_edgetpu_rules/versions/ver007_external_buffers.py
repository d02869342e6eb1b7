"""VER007 external-buffers."""

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
    counted,
)


class ExternalBuffers(Rule):
    """Constants that stand behind the flatbuffer instead of in it.

    ## Why it matters
    AI Edge Quantizer writes the constants of larger models (256 KiB and more) behind the flatbuffer and
    leaves offsets. The parser of 2021 does not know these fields and sees empty constants: every layer gets
    `Filter, bias, or other param is not constant at compile-time` (3 of 345 operators mapped in a report).

    ## How to fix
    Let the constants be moved into the file; `tflint-edgetpu fix` does it.

    ## Fix safety
    Safe. The same bytes in another place.

    ## References
    - https://github.com/google-ai-edge/ai-edge-quantizer
    """

    meta = RuleMeta(
        "VER007", "external-buffers", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-ai-edge/ai-edge-quantizer",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        model = context.model
        outside = {number for number, buffer in enumerate(model.buffers) if buffer.external}
        if not outside:
            return
        readers = [
            o for o in context.operators() if any(t is not None and t.buffer in outside for t in o.inputs)
        ]
        size = sum(model.buffers[number].length for number in outside)
        yield self.finding(
            readers or None,
            f"{counted(len(outside), 'constant')} ({size:,} bytes) stand behind the flatbuffer, where a compiler of "
            "2021 does not look",
            cost="every layer with such a weight stays on the CPU: 'Filter, bias, or other param is not constant at "
            "compile-time'",
            evidence={"buffers": len(outside), "bytes": size, "operators": len(readers)},
            fix=Fix(
                "Move the constants into the flatbuffer",
                Safety.SAFE,
                edits=(Edit("inline-buffers", (readers or list(context.operators()))[0].ref),),
            ),
        )
