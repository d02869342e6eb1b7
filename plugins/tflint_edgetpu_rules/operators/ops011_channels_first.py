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
    counted,
    described,
    reason_of,
)

from .refusal import consequences, refused

if TYPE_CHECKING:
    from tflint_edgetpu.api import TransposedIsland, TransposePair


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
    `AdaptiveAvgPool2d(1)` as `x.mean((2, 3))`. Pairs that undo each other can be taken out of the file, also
    where operators stand between them that work in any order of dimensions.

    ## Fix safety
    Safe. A pair of transposes that undo each other moves the data there and back; what stands between computes
    the same numbers in another order.

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
        from tflint_edgetpu.api import (
            find_transpose_pairs,
            find_transposed_islands,
            turns_channels_first_input,
        )

        islands = [
            island
            for island in find_transposed_islands(context.model, context.dataflow)
            if not broken.isdisjoint(_shores(island))
        ]
        moved = {operator for island in islands for operator in _shores(island)}
        pairs = [
            pair
            for pair in find_transpose_pairs(context.model, context.dataflow)
            if (pair.first in broken or pair.second in broken) and not {pair.first, pair.second} <= moved
        ]
        entries = [
            operator
            for operator in broken
            if turns_channels_first_input(context.model, context.dataflow, operator)
        ]
        ends = {end for pair in pairs for end in (pair.first, pair.second)}
        operators = sorted(
            {*entries, *((ends | moved) & broken)},
            key=lambda operator: operator.index,
        )
        if not operators:
            return
        edits = (
            *(Edit("cancel-transposes", pair.second.ref) for pair in pairs if not pair.between),
            *(_move(island) for island in islands),
        )
        yield self.finding(
            operators,
            f"{_where(entries, pairs, islands)}: {described(operators)} of a channels-first model "
            f"{'does' if len(operators) == 1 else 'do'} not map ({reason_of(context.placed(operators[0]))})",
            **consequences(context, operators),
            evidence={
                "operators": len(operators),
                "pairs": len(pairs),
                "islands": len(islands),
                "entries": len(entries),
            },
            fix=Fix(
                "Convert to channels-last",
                Safety.SAFE if edits else Safety.MANUAL,
                ("the file: tflint-edgetpu fix model.tflite\n" if edits else "")
                + "ONNX:     onnx2tf -i model.onnx -oiqt\n"
                "PyTorch:  litert_torch.to_channel_last_io(model, args=[0]), then litert_torch.convert(...)\n"
                "          x.mean((2, 3)) in place of AdaptiveAvgPool2d(1)",
                edits,
            ),
        )


def _shores(island: TransposedIsland) -> tuple[Operator, ...]:
    return (*island.entries, *island.exits)


def _move(island: TransposedIsland) -> Edit:
    return Edit(
        "move-transposed-island",
        island.entries[0].ref,
        {
            "members": [operator.ref for operator in island.members],
            "exits": [operator.ref for operator in island.exits],
        },
    )


def _where(entries: list[Operator], pairs: list[TransposePair], islands: list[TransposedIsland]) -> str:
    words = ["the input is channels-first"] if entries else []
    if pairs:
        words.append(f"{counted(len(pairs), 'pair')} of transposes undo each other")
    if islands:
        inside = sum(len(island.members) for island in islands)
        words.append(f"{counted(inside, 'operator')} between transposes that undo each other")
    return " and ".join(words)
