"""IOB006 plain-integers."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    quoted,
    tensor_location,
)

WHOLE = frozenset(("INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "UINT64"))
INDICES = frozenset(("ARG_MAX", "ARG_MIN"))
# Between the operator that computes and the output.
MOVES = frozenset(("RESHAPE", "SQUEEZE", "EXPAND_DIMS", "CAST"))
MOST_MOVES = 8


class PlainIntegers(Rule):
    """Inputs or outputs that are plain integers: no scale, no real numbers behind them.

    ## Why it matters
    In a quantized model most integers stand for real numbers, `(q - zero_point) * scale`. These do not:
    they are class numbers, token numbers or counts, and an application that scales them gets nonsense.
    An ARG_MAX at the end gives no probabilities, always runs on the CPU, and as int64 its output is eight
    bytes a value.

    ## How to fix
    Nothing is wrong. Take the numbers as they are. Whoever needs scores, or a shorter tail on the CPU,
    exports the model without its ARG_MAX and calls `np.argmax` on the scores.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "IOB006", "plain-integers", Severity.INFO, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        main = context.model.main
        if not context.is_compiled and not any(tensor.is_quantized for tensor in main.tensors):
            return  # a float model: nobody expects scales
        inputs = [tensor for tensor in main.inputs if _is_plain(tensor)]
        outputs = [tensor for tensor in main.outputs if _is_plain(tensor)]
        indices = [tensor for tensor in outputs if _maker(context, tensor) in INDICES]
        known = frozenset(indices)
        others = [tensor for tensor in outputs if tensor not in known]
        if inputs:
            yield self._finding(inputs, "input", "plain integers, not quantized numbers")
        if indices:
            size = sum(tensor.bytes or 0 for tensor in indices)
            cost = f"{size:,} bytes for each inference, and the ARG_MAX runs on the CPU"
            yield self._finding(indices, "output", "class numbers from an ARG_MAX, not scores", cost)
        if others:
            yield self._finding(others, "output", "plain integers, not quantized numbers")

    def _finding(self, tensors: list[Tensor], side: str, what: str, cost: str | None = None) -> Finding:
        kinds = " and ".join(sorted({tensor.dtype.lower() for tensor in tensors}))
        one = len(tensors) == 1
        who = f"{side} {quoted(tensors[0])} is" if one else f"{len(tensors)} {side}s are"
        return self.finding(
            [tensor_location(tensor, side) for tensor in tensors],
            f"{who} {kinds}: {what}",
            cost=cost,
            evidence={"dtypes": sorted({tensor.dtype for tensor in tensors}), "tensors": len(tensors)},
            fix=Fix("Use the numbers as they are: there is no scale and no zero point to apply"),
        )


def _is_plain(tensor: Tensor) -> bool:
    return tensor.dtype in WHOLE and not tensor.is_quantized


def _maker(context: Context, tensor: Tensor) -> str | None:
    """The kind of the operator that computes ``tensor``."""
    producer = context.dataflow.producer(tensor)
    for _ in range(MOST_MOVES):
        if producer is None or producer.kind not in MOVES:
            break
        producer = context.dataflow.producer(producer.input(0))
    return producer.kind if producer is not None else None
