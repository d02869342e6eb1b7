"""OPS023 unpack."""

from __future__ import annotations

from collections.abc import Iterator

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
    subject,
)

from .refusal import consequences, refused


class Unpack(Rule):
    """An UNPACK, which takes a tensor apart along one dimension.

    ## Why it matters
    UNPACK is not in Coral's table. `tf.unstack` becomes one, and so does the time axis of a Keras LSTM or GRU
    with `unroll=True`: it is the first operator of the layer, so the whole layer stays on the CPU.

    ## How to fix
    SPLIT and RESHAPE give the same parts and are in the table; write `tf.split` and `tf.squeeze` in the source, or
    let it be done in the file.

    ## Fix safety
    Safe. SPLIT and RESHAPE copy the same integers.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/461
    """

    meta = RuleMeta(
        "OPS023", "unpack", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro", "https://github.com/google-coral/edgetpu/issues/461",
        ),
        covers=("O001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [operator for operator in refused(context, "UNPACK") if _is_8_bit(operator)]
        if not operators:
            return
        first = operators[0]
        source = first.inputs[0]
        assert source is not None
        shape, axis = list(source.shape), _axis(first)
        edits = tuple(Edit("split-unpack", operator.ref) for operator in operators if _can_be_split(operator))
        yield self.finding(
            operators,
            f"{subject(operators)} {'takes' if len(operators) == 1 else 'take'} {shape} apart into "
            f"{len(first.outputs)} parts; the Edge TPU has no UNPACK",
            **consequences(context, operators),
            evidence={
                "operators": len(operators),
                "shape": shape,
                "axis": axis,
                "parts": len(first.outputs),
            },
            fix=Fix(
                "Write SPLIT and RESHAPE, which give the same parts",
                Safety.SAFE if edits else Safety.MANUAL,
                ("tflint-edgetpu fix model.tflite\n" if edits else "")
                + f"parts = [tf.squeeze(part, {axis}) for part in tf.split(x, {len(first.outputs)}, axis={axis})]"
                "   # in place of tf.unstack",
                edits,
            ),
        )


def _axis(operator: Operator) -> int:
    source = operator.inputs[0]
    rank = len(source.shape) if source is not None else 0
    return int(operator.option("axis", 0)) % rank if rank else 0


def _is_8_bit(operator: Operator) -> bool:
    source = operator.input(0)
    return source is not None and bool(source.shape) and source.dtype in ("INT8", "UINT8")


def _can_be_split(operator: Operator) -> bool:
    """A batch of whole images cannot: SPLIT does not cut it, and there is no dimension left to make it rows."""
    source = operator.input(0)
    return source is not None and (_axis(operator) > 0 or len(source.shape) < 4 or source.shape[0] == 1)
