"""A model that reads back is not yet one that makes sense: what an interpreter would stumble over."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.errors import ReadError
from ..model.graph import Model, Subgraph, Tensor
from ..model.reader import read_model


def structure_problems(data: bytes) -> list[str]:
    """One line for each defect; empty where the bytes are a well-formed model."""
    try:
        model = read_model(data)
    except ReadError as error:
        return [f"the model cannot be read back: {error}"]
    return [problem for subgraph in model.subgraphs for problem in _problems(model, subgraph)]


def _problems(model: Model, subgraph: Subgraph) -> Iterator[str]:
    known: set[Tensor] = {*subgraph.inputs}
    known.update(t for t in subgraph.tensors if model.is_constant(t) or t.is_variable)
    produced: dict[Tensor, str] = {}
    # An empty constant has no bytes to show, and a resource lives outside the graph.
    known.update(t for t in subgraph.tensors if t.elements == 0 or t.dtype in ("RESOURCE", "VARIANT"))
    for operator in subgraph.operators:
        for tensor in operator.inputs:
            if tensor is not None and tensor not in known:
                yield f"{operator.ref} ({operator.label}) reads {tensor.ref} '{tensor.name}', which nothing made"
        for tensor in operator.outputs:
            if tensor in produced:
                yield f"{tensor.ref} '{tensor.name}' is made twice, by {produced[tensor]} and {operator.ref}"
            produced[tensor] = operator.ref
            known.add(tensor)
    for tensor in subgraph.outputs:
        if tensor not in known:
            yield f"output {tensor.ref} '{tensor.name}' is never made"
    for tensor in subgraph.tensors:
        yield from _constant_problem(model, tensor)


def _constant_problem(model: Model, tensor: Tensor) -> Iterator[str]:
    length = model.buffers[tensor.buffer].length
    wanted = tensor.bytes
    if length and wanted is not None and not tensor.is_sparse and length != wanted and not tensor.is_dynamic:
        yield f"{tensor.ref} '{tensor.name}' needs {wanted:,} bytes, its buffer has {length:,}"
