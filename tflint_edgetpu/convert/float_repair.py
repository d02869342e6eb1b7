"""What LiteRT's quantizer leaves behind, repaired with the edits of ``fix``.

Large constants stand behind the flatbuffer; integer operators stand under version 1, from before they existed; a
QUANTIZE stands before a CONCATENATION for every input that came in another scale; and layers that share weights may
still have a scale a channel.
"""

from __future__ import annotations

from contextlib import suppress

from ai_edge_litert import schema_py_generated as schema

from ..edgetpu.versions import needed_version
from ..fix.edit import EditRefused
from ..fix.edits.dense_weights import per_tensor
from ..fix.nodes import Graph, OperatorNode, SignatureNode, TensorNode
from ..fix.tree import Tree
from ..model.reader import read_model

# Their output may have any scale: it is part of the rounding they do anyway.
_ANY_OUTPUT_SCALE = frozenset(
    ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED", "ADD", "SUB", "MUL", "BATCH_MATMUL")
)
# They move values and round nothing: in and out have one scale.
_MOVES = frozenset(
    ("RESHAPE", "TRANSPOSE", "SQUEEZE", "EXPAND_DIMS", "PAD", "MAX_POOL_2D", "AVERAGE_POOL_2D",
     "RESIZE_NEAREST_NEIGHBOR", "RESIZE_BILINEAR", "STRIDED_SLICE", "SLICE")
)  # fmt: skip


def repair_quantized(data: bytes) -> bytes:
    """The same model in the form that TensorFlow's converter would have given it.

    Packing puts external constants into the file; the outputs of everything but the merged QUANTIZEs stay bit for bit
    what they were.
    """
    tree = Tree(data)
    refs = {id(node): ref for ref, node in _refs(tree)}
    for node in list(tree.main.operators):
        weights = node.inputs[1] if node.kind == "FULLY_CONNECTED" and len(node.inputs) > 1 else None
        if weights is not None and len(weights.scales) > 1:
            # What is refused is left to the rules: they name every per-channel dense layer.
            with suppress(EditRefused):
                per_tensor(tree, refs[id(node)], {})
    merge_requantization(tree.main)
    packed = Tree(tree.pack())
    # Asked of the finished model: versions depend on the types and options that it has now.
    model = read_model(packed.pack())
    for node, operator in zip(packed.main.operators, model.main.operators, strict=True):
        if node.kind != "CUSTOM":
            node.version = max(node.version, needed_version(operator))
    packed.had_external_buffers = False
    return packed.pack()


def merge_requantization(graph: Graph) -> int:
    """Let the layer before a QUANTIZE from int8 to int8 give the scale behind it; returns how many are gone.

    The quantizer puts one before each input of a CONCATENATION whose scale is not the common one.  The layer rounds
    once instead of twice, so that the result is at least as near to the float model.
    """
    merged = 0
    for node in list(graph.operators):
        source, result = node.inputs[0] if node.inputs else None, node.outputs[0] if node.outputs else None
        if node.kind != "QUANTIZE" or source is None or result is None:
            continue
        if source.dtype != "INT8" or result.dtype != "INT8" or len(result.scales) != 1:
            continue
        path = _path_to_layer(graph, source)
        if path is None or result in graph.outputs:
            continue
        for tensor in path:
            tensor.set_quantization(result.scales, result.zero_points)
        for reader in graph.consumers(result):
            reader.replace_input(result, source)
        graph.operators.remove(node)
        merged += 1
    return merged


def _path_to_layer(graph: Graph, tensor: TensorNode) -> list[TensorNode] | None:
    """``tensor`` and those before it that only move values, up to the layer that makes them; ``None`` where one of
    them has another reader, is part of the interface, or where the layer's scale is not free."""
    path: list[TensorNode] = []
    while tensor not in path:
        if len(graph.consumers(tensor)) != 1 or tensor in graph.outputs or tensor in graph.inputs:
            return None
        path.append(tensor)
        producer = graph.producer(tensor)
        if producer is None or len(producer.outputs) != 1:
            return None
        if producer.kind in _ANY_OUTPUT_SCALE:
            return path
        before = producer.inputs[0]
        if producer.kind not in _MOVES or before is None or before.scales != tensor.scales:
            return None
        tensor = before
    return None


def _refs(tree: Tree) -> list[tuple[str, OperatorNode]]:
    return [(f"subgraph[0].op[{index}]", node) for index, node in enumerate(tree.main.operators)]


def add_signature(tree: Tree) -> None:
    """Give the model a signature by the names of its tensors: quantizer and comparison go by it."""
    table = schema.SignatureDefT()
    table.signatureKey = "serving_default"
    table.subgraphIndex = 0
    node = SignatureNode(table, tree.main)
    node.inputs = [(tensor.name, tensor) for tensor in tree.main.inputs]
    node.outputs = [(tensor.name, tensor) for tensor in tree.main.outputs]
    tree.signatures.append(node)
    tree.table.signatureDefs = [entry.table for entry in tree.signatures]
