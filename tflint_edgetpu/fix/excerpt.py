"""A model of some operators alone: to run them, or to read them as the file would show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from .nodes import AlignedBuffer, OperatorNode, TensorNode
from .tree import Tree


def excerpt(operators: Sequence[OperatorNode], outputs: Iterable[TensorNode] = ()) -> bytes:
    """The bytes of a model that holds ``operators`` in this order and has ``outputs``, but no inputs."""
    model = Tree(_empty_model())
    graph = model.main
    graph.operators = list(operators)
    graph.outputs = list(outputs)
    graph.tensors = list(
        dict.fromkeys(
            tensor for node in operators for tensor in (*node.inputs, *node.outputs) if tensor is not None
        )
    )
    return model.pack()


def _empty_model() -> bytes:
    table = schema.ModelT()
    table.version = 3
    table.subgraphs = [schema.SubGraphT()]
    table.buffers = [AlignedBuffer()]
    builder = flatbuffers.Builder(256)
    builder.Finish(table.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
