"""The summary of a model as plain data."""

from __future__ import annotations

from typing import Any

from ..lint.quantization_kind import quantization_kind
from ..model.graph import Model, Tensor


def model_data(model: Model) -> dict[str, Any]:
    """What the file is, in numbers; the interface that of the main subgraph."""
    counts: dict[str, int] = {}
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            counts[operator.label] = counts.get(operator.label, 0) + 1
    return {
        "schema_version": model.version,
        "description": model.description,
        "bytes": model.size,
        "constant_bytes": sum(buffer.length for buffer in model.buffers),
        "quantization": quantization_kind(model),
        "subgraphs": len(model.subgraphs),
        "operators": sum(counts.values()),
        "tensors": sum(len(subgraph.tensors) for subgraph in model.subgraphs),
        "operator_counts": dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        "inputs": [_tensor_data(tensor) for tensor in model.main.inputs],
        "outputs": [_tensor_data(tensor) for tensor in model.main.outputs],
        "signatures": [
            {
                "key": signature.key,
                "subgraph": signature.subgraph,
                "inputs": [name for name, _ in signature.inputs],
                "outputs": [name for name, _ in signature.outputs],
            }
            for signature in model.signatures
        ],
        "metadata": [entry.name for entry in model.metadata],
    }


def _tensor_data(tensor: Tensor) -> dict[str, Any]:
    quantization = tensor.quantization
    single = quantization is not None and len(quantization.scales) == 1
    return {
        "ref": tensor.ref,
        "name": tensor.name,
        "shape": list(tensor.signature),
        "dtype": tensor.dtype,
        "scale": _finite(quantization.scale) if quantization is not None and single else None,
        "zero_point": quantization.zero_point if quantization is not None and single else None,
    }


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
