"""Paddings written as int64 become int32, the type that every kernel reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..tree import Tree


def narrow(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is a PAD or PADV2 whose paddings are an int64 constant."""
    graph = tree.main
    node = tree.operator(ref)
    paddings = node.inputs[1] if len(node.inputs) > 1 else None
    if node not in graph.operators or node.kind not in ("PAD", "PADV2") or paddings is None:
        raise EditRefused("there is no PAD any more")
    if paddings.dtype != "INT64" or not paddings.is_constant:
        raise EditRefused("the paddings are no int64 constant")
    small = paddings.values()
    if small.size and abs(int(small.max())) > 2**31 - 1:
        raise EditRefused("a padding does not fit int32")
    narrowed = graph.add_tensor(f"{paddings.name}/int32", "INT32", small.shape, small.astype(np.int32))
    node.inputs[1] = narrowed


EDITS = (EditKind("narrow-paddings", Safety.SAFE, "the same numbers in the usual type", narrow),)
