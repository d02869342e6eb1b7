"""QNT011 constant-size-mismatch."""

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
    others_like_it,
    quoted,
)

# Packed types: whether a writer fills up each byte depends on the tool.
PACKED = frozenset(("INT4", "UINT4", "INT2"))


class ConstantSizeMismatch(Rule):
    """A constant whose bytes do not fit its shape and type.

    ## Why it matters
    The interpreter inside `edgetpu_compiler` compares the two for every constant and refuses to load the
    model. Such files come from tools that change shapes or types by hand, or from an interrupted copy.

    Strings, sparse and packed 4-bit tensors have sizes of their own and are not compared.

    ## How to fix
    Convert the model again from its source. If a tool edited the file, let it write the constant anew with
    the type and shape that the tensor claims.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/core/subgraph.cc
    """

    meta = RuleMeta(
        "QNT011", "constant-size-mismatch", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/core/subgraph.cc",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        model = context.model
        found: list[tuple[Tensor, int, int]] = []
        for subgraph in model.subgraphs:
            for tensor in subgraph.tensors:
                needed = None if tensor.is_sparse or tensor.dtype in PACKED else tensor.bytes
                if needed is None or not model.is_constant(tensor):
                    continue
                stored = model.buffers[tensor.buffer].length
                if stored != needed:
                    found.append((tensor, needed, stored))
        if not found:
            return
        tensor, needed, stored = found[0]
        yield self.finding(
            [tensor for tensor, _, _ in found],
            f"constant {quoted(tensor)} holds {stored:,} bytes, but {list(tensor.shape)} of {tensor.dtype} "
            f"takes {needed:,}{others_like_it(len(found), 'constant')}",
            cost="the model does not load: the interpreter inside edgetpu_compiler compares the two",
            evidence={"tensors": len(found), "stored": stored, "needed": needed},
            fix=Fix(
                "Convert the model again from its source",
                how="the file was changed after it was converted, or is damaged: what belongs there is lost",
            ),
        )
