"""Put the outputs of a detection postprocess into the order that a consumer expects.

The order in the file is the converter's; what an output is, the slot of ``TFLite_Detection_PostProcess``
tells: boxes, classes, scores, count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import TensorNode
from ..tree import Tree


def reorder(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the postprocess; ``values["order"]`` the wanted slots, by default 0, 1, 2, 3."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.custom_code != "TFLite_Detection_PostProcess":
        raise EditRefused("there is no TFLite_Detection_PostProcess any more")
    order = list(values.get("order", range(len(node.outputs))))
    slots = [_slot(tree, tensor, list(node.outputs)) for tensor in graph.outputs]
    if sorted(slots) != sorted(order):
        raise EditRefused("the model's outputs are not exactly the postprocess's")
    if slots == order:
        raise EditRefused("the outputs are in this order already")
    by_slot = dict(zip(slots, graph.outputs, strict=True))
    graph.outputs = [by_slot[slot] for slot in order]


def _slot(tree: Tree, tensor: TensorNode, results: list[TensorNode]) -> int:
    """The output slot of the postprocess that ``tensor`` comes from, through changes of type."""
    while tensor not in results:
        producer = tree.main.producer(tensor)
        source = None if producer is None else producer.inputs[0]
        if producer is None or producer.kind not in ("QUANTIZE", "DEQUANTIZE") or source is None:
            raise EditRefused(f"output '{tensor.name}' does not come from the postprocess")
        tensor = source
    return results.index(tensor)


EDITS = (
    EditKind(
        "reorder-detections",
        Safety.SAFE,
        "the same four tensors in another order; signatures keep their names",
        reorder,
    ),
)
