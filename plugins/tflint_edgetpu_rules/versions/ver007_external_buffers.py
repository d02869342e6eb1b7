"""VER007 external-buffers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Tensor,
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
        behind = {number for number, buffer in enumerate(model.buffers) if buffer.external}
        if behind:
            readers = _readers(context, lambda tensor: tensor.buffer in behind)
            size = sum(model.buffers[number].length for number in behind)
            yield self.finding(
                readers or None,
                f"{counted(len(behind), 'constant')} ({size:,} bytes) {_stand(len(behind))} behind the flatbuffer, "
                "where a compiler of 2021 does not look",
                cost=_cost(context, readers),
                evidence={"buffers": len(behind), "bytes": size, "operators": len(readers)},
                fix=Fix(
                    "Move the constants into the flatbuffer",
                    Safety.SAFE,
                    "tflint-edgetpu fix model.tflite   # the same bytes in another place\n"
                    "# before any other tool rewrites the file: those that read it into objects lose such constants",
                    edits=(Edit("inline-buffers", (readers or list(context.operators()))[0].ref),),
                ),
            )
        elsewhere = [
            tensor for graph in model.subgraphs for tensor in graph.tensors if tensor.external_buffer
        ]
        if elsewhere:
            readers = _readers(context, lambda tensor: tensor.external_buffer != 0)
            yield self.finding(
                readers or elsewhere,
                f"{counted(len(elsewhere), 'constant')} {_stand(len(elsewhere))} in a file of their own, which a "
                "compiler of 2021 does not open",
                cost=_cost(context, readers),
                evidence={"tensors": len(elsewhere), "operators": len(readers)},
                fix=Fix(
                    "Write a model that holds its weights",
                    how="convert again without the option that puts weights into a separate file",
                ),
            )


def _readers(context: Context, is_outside: Callable[[Tensor], bool]) -> list[Operator]:
    return [o for o in context.operators() if any(t is not None and is_outside(t) for t in o.inputs)]


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"


def _cost(context: Context, readers: list[Operator]) -> str:
    printed = "the compiler prints 'Filter, bias, or other param is not constant at compile-time'"
    return f"{printed}: {context.cost_of_loss(readers)}" if readers else printed
