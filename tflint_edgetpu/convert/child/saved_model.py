"""A SavedModel: its tags, its signatures, and the function behind one of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import CannotConvert
from ..source import Source
from .loaded import Loaded, frozen_inputs, parameter_bytes
from .safety import refuse_graph_that_reaches_out

_INIT = "__saved_model_init_op"


def load_saved_model(source: Source, shapes: Mapping[str, tuple[int, ...]], *, check: bool = True) -> Loaded:
    """One signature of it; raises CannotConvert. ``check``: not one that we wrote ourselves."""
    tf: Any = import_module("tensorflow")
    path = Path(source.path)
    tags = source.tags or _tags(path)
    if check and not source.trust:
        refuse_graph_that_reaches_out(_graph(path, tags))
    try:
        model = tf.saved_model.load(str(path), tags=list(tags))
    except Exception as error:
        raise CannotConvert(f"TensorFlow cannot load {path}: {_first_line(error)}") from None
    key = _signature(source.signature, list(model.signatures), path)
    call = model.signatures[key]
    specs = {name: (spec.shape, spec.dtype.name) for name, spec in call.structured_input_signature[1].items()}
    inputs = frozen_inputs(specs, shapes)
    return Loaded(
        call, model, key, inputs, parameter_bytes(call), path, tags, (), ()
    )  # fmt: skip


def _proto(path: Path) -> Any:
    proto: Any = import_module("tensorflow.core.protobuf.saved_model_pb2").SavedModel()
    try:
        proto.ParseFromString((path / "saved_model.pb").read_bytes())
    except Exception as error:
        raise CannotConvert(f"{path / 'saved_model.pb'} is damaged: {_first_line(error)}") from None
    return proto


def _tags(path: Path) -> tuple[str, ...]:
    sets = [tuple(graph.meta_info_def.tags) for graph in _proto(path).meta_graphs]
    if ("serve",) in sets:
        return ("serve",)
    if len(sets) == 1:
        return sets[0]
    shown = "; ".join(",".join(tags) for tags in sets) or "none"
    raise CannotConvert(f"{path} holds graphs with these tags: {shown}. Choose with --tags")


def _graph(path: Path, tags: tuple[str, ...]) -> Any:
    graphs = _proto(path).meta_graphs
    for graph in graphs:
        if set(graph.meta_info_def.tags) == set(tags):
            return graph
    shown = "; ".join(",".join(graph.meta_info_def.tags) for graph in graphs) or "none"
    raise CannotConvert(f"{path} holds no graph with the tags {','.join(tags)}; there are: {shown}")


def _signature(wanted: str | None, keys: list[str], path: Path) -> str:
    keys = [key for key in keys if key != _INIT]
    if wanted is not None:
        if wanted in keys:
            return wanted
        raise CannotConvert(f"{path} has no signature '{wanted}'; there are: {', '.join(keys) or 'none'}")
    if "serving_default" in keys:
        return "serving_default"
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise CannotConvert(f"{path} has several signatures, choose with --signature: {', '.join(keys)}")
    raise CannotConvert(
        f"{path} has no signature, so nobody knows its inputs: save it with signatures=, or model.export() in Keras"
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
