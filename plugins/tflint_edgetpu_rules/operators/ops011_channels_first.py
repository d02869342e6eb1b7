"""OPS011 channels-first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
    reason_of,
)

from .refusal import consequences, refused

if TYPE_CHECKING:
    from tflint_edgetpu.api import TransposePair


class ChannelsFirst(Rule):
    """Transposes of a channels-first (NCHW) model that the Edge TPU refuses.

    ## Why it matters
    PyTorch and ONNX models keep channels before height and width, TensorFlow Lite behind. A converter that
    does not move the whole graph over writes a TRANSPOSE before and behind the layers. Compilers before
    16.0 have no TRANSPOSE at all; 16.0 takes it up to a size (seen mapped with 69,696 elements, refused from
    112,000). TRANSPOSEs that map are no finding, however many there are.

    ## How to fix
    Convert with onnx2tf, which writes channels-last graphs, or with litert-torch and
    `to_channel_last_io`, and give the model channels-last images. In PyTorch, write
    `AdaptiveAvgPool2d(1)` as `x.mean((2, 3))`. Pairs that undo each other can be taken out of the file.

    ## Fix safety
    Safe. A pair of transposes that undo each other moves the data there and back.

    ## References
    - https://github.com/google-coral/edgetpu/issues/193
    - https://github.com/PINTO0309/onnx2tf
    """

    meta = RuleMeta(
        "OPS011", "channels-first", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-coral/edgetpu/issues/193",), covers=("O006",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        broken = set(refused(context, "TRANSPOSE"))
        if not broken:
            return
        from tflint_edgetpu.api import find_transpose_pairs

        pairs = [
            pair
            for pair in find_transpose_pairs(context.model, context.dataflow)
            if pair.first in broken or pair.second in broken
        ]
        entries = [operator for operator in broken if _reads_channels_first_input(context, operator)]
        operators = sorted(
            {*entries, *(end for pair in pairs for end in (pair.first, pair.second) if end in broken)},
            key=lambda operator: operator.index,
        )
        if not operators:
            return
        edits = tuple(Edit("cancel-transposes", pair.second.ref) for pair in pairs if not pair.between)
        yield self.finding(
            operators,
            f"{_where(entries, pairs)}: TRANSPOSE x{len(operators)} of a channels-first model does not map "
            f"({reason_of(context.placed(operators[0]))})",
            **consequences(context, operators),
            evidence={"operators": len(operators), "pairs": len(pairs), "entries": len(entries)},
            fix=Fix(
                "Convert to channels-last",
                Safety.SAFE if edits else Safety.MANUAL,
                "ONNX:     onnx2tf -i model.onnx -oiqt\n"
                "PyTorch:  litert_torch.to_channel_last_io(model, args=[0]), then litert_torch.convert(...)\n"
                "          x.mean((2, 3)) in place of AdaptiveAvgPool2d(1)",
                edits,
            ),
        )


def _reads_channels_first_input(context: Context, operator: Operator) -> bool:
    """Whether the operator moves an image from channels-first, as the model takes it, to channels-last."""
    source = operator.input(0)
    order = context.model.values(operator.input(1), 8)
    return source is not None and context.dataflow.is_input(source) and order == (0, 2, 3, 1)


def _where(entries: list[Operator], pairs: list[TransposePair]) -> str:
    if entries and pairs:
        return f"the input is channels-first and {len(pairs)} pairs of transposes undo each other"
    if entries:
        return "the input is channels-first"
    return f"{len(pairs)} pair{'s' if len(pairs) > 1 else ''} of transposes undo each other"
