"""Nearest-neighbour upsampling that an exporter wrote as copies and reshapes.

Seen: the TF2 Object Detection API stacks a feature map with itself twice and reshapes (rank 5 and 6;
later releases reshape after each stack, rank 5 twice), and ``tf.repeat`` becomes RESHAPE, TILE, RESHAPE.
Both are what RESIZE_NEAREST_NEIGHBOR does with a whole factor.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator, Tensor
from ...model.record import NamedTuple

LONGEST = 8  # operators of one chain; tf.repeat in both directions takes five


class NearestUpsampling(NamedTuple):
    operators: tuple[Operator, ...]  # in the order in which they run
    source: Tensor  # [batch, height, width, channels]
    result: Tensor
    height: int  # factor
    width: int  # factor


class _Axis(NamedTuple):
    """A part of the index of an element, outermost first. ``name`` is n, h, w, c or, for a copy, r."""

    name: str
    size: int


def find_nearest_upsamplings(model: Model, dataflow: Dataflow) -> Iterator[NearestUpsampling]:
    """Each such chain of the subgraph, in file order. A map of one pixel is not counted: spreading that is
    broadcasting.
    """
    taken: set[Operator] = set()
    for operator in dataflow.subgraph.operators:
        if operator not in taken and operator.kind in ("PACK", "RESHAPE", "EXPAND_DIMS", "TILE"):
            found = _follow(model, dataflow, operator)
            if found is not None:
                taken.update(found.operators)
                yield found


def _follow(model: Model, dataflow: Dataflow, start: Operator) -> NearestUpsampling | None:
    source = _source(start)
    if source is None or len(source.shape) != 4 or source.shape[1] * source.shape[2] <= 1:
        return None
    axes: list[_Axis] | None = [_Axis(*pair) for pair in zip("nhwc", source.shape, strict=True)]
    chain: list[Operator] = []
    longest: NearestUpsampling | None = None
    operator: Operator | None = start
    while operator is not None and axes is not None and len(chain) < LONGEST:
        tensor = _source(operator)
        if tensor is None:
            break
        axes = _step(model, operator, tensor, axes)
        chain.append(operator)
        result = operator.outputs[0]
        factors = None if axes is None else _factors(axes, source, result)
        if factors is not None:
            longest = NearestUpsampling(tuple(chain), source, result, *factors)
        readers = dataflow.consumers(result)
        operator = readers[0] if len(readers) == 1 and not dataflow.is_output(result) else None
    return longest


def _source(operator: Operator) -> Tensor | None:
    """The one tensor that the operator lays out anew; ``None`` where there is no such tensor."""
    if not operator.outputs or not operator.inputs:
        return None
    if operator.kind == "PACK" and any(tensor is not operator.inputs[0] for tensor in operator.inputs):
        return None
    return operator.inputs[0]


def _step(model: Model, operator: Operator, tensor: Tensor, axes: list[_Axis]) -> list[_Axis] | None:
    """The axes of the output, ``None`` where the operator is not one that copies or reshapes."""
    if operator.kind in ("RESHAPE", "EXPAND_DIMS", "SQUEEZE"):
        return axes  # the order of the elements stays
    groups = _group(axes, tensor.shape)
    if groups is None:
        return None
    if operator.kind == "PACK":
        axis = operator.option("axis", 0)
        axis += len(tensor.shape) + 1 if axis < 0 else 0
        if not 0 <= axis <= len(groups):
            return None
        groups.insert(axis, [_Axis("r", len(operator.inputs))])
    elif operator.kind == "TILE":
        multiples = model.values(operator.input(1), 8)
        if multiples is None or len(multiples) != len(groups):
            return None
        groups = [[_Axis("r", int(times)), *group] for times, group in zip(multiples, groups, strict=True)]
    else:
        return None
    return [axis for group in groups for axis in group]


def _group(axes: list[_Axis], shape: tuple[int, ...]) -> list[list[_Axis]] | None:
    """The axes that make up each dimension of ``shape``; ``None`` where a dimension cuts one in two."""
    left = [axis for axis in axes if axis.size != 1]
    groups: list[list[_Axis]] = []
    for size in shape:
        group: list[_Axis] = []
        product = 1
        while product < size and left:
            group.append(left.pop(0))
            product *= group[-1].size
        if product != size:
            return None
        groups.append(group)
    return None if left else groups


def _factors(axes: list[_Axis], source: Tensor, result: Tensor) -> tuple[int, int] | None:
    """By how much height and width grew if ``result`` is ``source`` with every pixel repeated."""
    if len(result.shape) != 4:
        return None
    groups = _group(axes, result.shape)
    if groups is None:
        return None
    factors = []
    for group, name, size in zip(groups, "nhwc", source.shape, strict=True):
        own = [axis for axis in group if axis.name != "r"]
        if own != ([_Axis(name, size)] if size != 1 else []) or group[: len(own)] != own:
            return None
        factor = 1
        for axis in group[len(own) :]:
            factor *= axis.size
        factors.append(factor)
    batch, height, width, channels = factors
    return (height, width) if batch == channels == 1 and height * width > 1 else None
