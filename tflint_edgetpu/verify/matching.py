"""Which input and output of one model is which of another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..model.graph import Model, Tensor


def outputs_by_name(old: Model, new: Model) -> list[tuple[int, int]] | None:
    """Which tensor of the reference each output of the candidate is held against: the one of its name
    (outputs may have been reordered, or moved before a tail that was cut), else the one in its place."""
    by_name = {tensor.name: tensor for tensor in old.main.tensors}
    by_name.update((tensor.name, tensor) for tensor in old.main.outputs)
    if all(tensor.name in by_name for tensor in new.main.outputs):
        return [(by_name[tensor.name].index, tensor.index) for tensor in new.main.outputs]
    if len(old.main.outputs) != len(new.main.outputs):
        return None
    return [(a.index, b.index) for a, b in zip(old.main.outputs, new.main.outputs, strict=True)]


def match_interface(
    old: Model, new: Model, side: str, names: Mapping[str, str] | None = None
) -> list[tuple[str, Tensor, Tensor]] | None:
    """(name, tensor of ``old``, tensor of ``new``) for each of the new model's ``side``, inputs or outputs.

    By ``names`` (name in ``old`` -> name in ``new``), else by the names of the signatures, else by those of the
    tensors, else by place; ``None`` where that is not possible.  Converters change the order of both inputs and
    outputs, so the place comes last.
    """
    ours, theirs = _named(old, side), _named(new, side)
    if names:
        found = [
            (name, ours[name], theirs[other])
            for name, other in names.items()
            if name in ours and other in theirs
        ]
        if len(found) == len(_interface(new, side)):
            return found
    if _from_signature(old, side) and set(_from_signature(old, side)) == set(_from_signature(new, side)):
        return [(name, ours[name], theirs[name]) for name in _from_signature(new, side)]
    tensors, others = _interface(old, side), _interface(new, side)
    known = {tensor.name: tensor for tensor in old.main.tensors} if side == "outputs" else {}
    known.update((tensor.name, tensor) for tensor in tensors)
    if all(tensor.name in known for tensor in others):
        return [(tensor.name, known[tensor.name], tensor) for tensor in others]
    if len(tensors) != len(others):
        return None
    return [(a.name, a, b) for a, b in zip(tensors, others, strict=True)]


def _interface(model: Model, side: str) -> Sequence[Tensor]:
    return model.main.inputs if side == "inputs" else model.main.outputs


def _from_signature(model: Model, side: str) -> dict[str, Tensor]:
    """Argument name -> tensor of the first signature of the main subgraph; empty where it does not name them all."""
    signature = next((entry for entry in model.signatures if entry.subgraph == 0), None)
    if signature is None:
        return {}
    found = dict(signature.inputs if side == "inputs" else signature.outputs)
    return found if set(found.values()) == set(_interface(model, side)) else {}


def _named(model: Model, side: str) -> dict[str, Tensor]:
    return {**{tensor.name: tensor for tensor in _interface(model, side)}, **_from_signature(model, side)}
