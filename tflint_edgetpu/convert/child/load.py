"""Load a source and wrap what it computes at batch 1."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from ..calibration.request import InputSpec
from ..errors import CannotConvert
from ..source import LARGEST_BYTES, Source
from .function import load_function
from .keras_file import load_keras
from .safety import refuse_graph_that_reaches_out
from .versions import overlaid

_INIT = "__saved_model_init_op"


class Loaded(NamedTuple):
    """A source in memory: one signature of it."""

    call: Any  # takes tensors by name, returns a dict of tensors by name
    keep: Any  # what holds the variables
    signature: str
    inputs: tuple[InputSpec, ...]  # batch frozen
    parameter_bytes: int
    folder: Path | None  # the SavedModel, where there is one
    tags: tuple[str, ...]
    recurrent: tuple[str, ...]  # Keras layers that loop
    notes: tuple[str, ...]

    def frozen(self) -> tuple[Any, Any]:
        """A concrete function with fixed shapes, and the module that keeps its variables.

        A Keras 3 model itself must not be that module (the converter then finds variables it cannot read), and
        ``set_shape`` on a signature changes nothing: a new function around the signature does.
        """
        tf: Any = import_module("tensorflow")
        names = [spec.name for spec in self.inputs]
        specs = [
            tf.TensorSpec(spec.shape, tf.as_dtype(spec.dtype), name=_word(spec.name)) for spec in self.inputs
        ]

        @tf.function(input_signature=specs, autograph=False)  # type: ignore[untyped-decorator]
        def serving(*tensors: Any) -> Any:
            return self.call(**dict(zip(names, tensors, strict=True)))

        holder = tf.Module()
        holder.loaded = self.keep
        return serving.get_concrete_function(), holder

    def converter_of_source(self) -> Any:
        """A converter of the source as it is, its batch open where it leaves it open."""
        if self.folder is None:
            raise CannotConvert("a function has no SavedModel that could be converted as it is")
        tf: Any = import_module("tensorflow")
        return tf.lite.TFLiteConverter.from_saved_model(
            str(self.folder), signature_keys=[self.signature], tags=set(self.tags)
        )


def _word(name: str) -> str:
    """A name that TensorFlow takes for a node."""
    return "".join(c if c.isalnum() or c in "_./-" else "_" for c in name) or "input"


def load_source(
    source: Source,
    folder: Path,
    *,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    unroll: bool = False,
    largest_bytes: int = LARGEST_BYTES,
) -> Loaded:
    """Load ``source``; ``folder`` is where a SavedModel may be written. Raises CannotConvert."""
    if source.kind == "float_tflite":
        from .float_file import load_float_model

        return load_float_model(source)
    notes = [note] if (note := overlaid()) else []
    if source.kind == "function":
        loaded = load_function(source, shapes or {}, folder, unroll=unroll)
    elif source.kind == "keras":
        exported = load_keras(source, folder, shapes=shapes or {}, unroll=unroll)
        loaded = load_saved_model(source._replace(path=str(folder)), shapes or {}, check=False)
        loaded = loaded._replace(recurrent=exported.recurrent, notes=exported.notes)
    else:
        loaded = load_saved_model(source, shapes or {})
    if loaded.parameter_bytes > largest_bytes:
        raise CannotConvert(
            f"the model has {loaded.parameter_bytes / 2**30:.1f} GiB of parameters; a .tflite ends at 2 GiB, "
            "and the float model that calibration runs must fit into one"
        )
    return loaded._replace(notes=(*notes, *loaded.notes))


def load_saved_model(source: Source, shapes: Mapping[str, tuple[int, ...]], *, check: bool = True) -> Loaded:
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


def parameter_bytes(function: Any) -> int:
    """Bytes of the variables that a concrete function reads."""
    return sum(
        v.shape.num_elements() * v.dtype.size for v in function.variables if v.shape.is_fully_defined()
    )


def frozen_inputs(
    specs: Mapping[str, tuple[Any, str]], shapes: Mapping[str, tuple[int, ...]]
) -> tuple[InputSpec, ...]:
    """Inputs by name with all sizes known, from (TensorShape, dtype name)."""
    unknown = [name for name in shapes if name not in specs and name]
    if unknown:
        raise CannotConvert(f"--shape names '{unknown[0]}', but the inputs are {', '.join(specs) or 'none'}")
    found = []
    for name, (shape, dtype) in specs.items():
        if dtype == "string":
            raise CannotConvert(
                f"input '{name}' takes encoded strings, which no .tflite for the Edge TPU can: choose a signature "
                "that takes numbers (--signature)"
            )
        told = shapes.get(name) or (shapes.get("") if len(specs) == 1 else None)
        if told is not None and not shape.is_compatible_with(told):
            raise CannotConvert(
                f"input '{name}' is {_shown(shape)}, --shape says [{','.join(map(str, told))}]: only sizes that the "
                "model leaves open can be told"
            )
        found.append(InputSpec(name, told or _fixed(name, shape), dtype))
    return tuple(found)


def _fixed(name: str, shape: Any) -> tuple[int, ...]:
    sizes = None if shape.rank is None else shape.as_list()
    if sizes is not None:
        sizes = [1 if size is None and axis == 0 else size for axis, size in enumerate(sizes)]
        if None not in sizes:
            return tuple(sizes)
    example = (
        "1,SIZE,SIZE,3"
        if sizes is None or len(sizes) == 4
        else ",".join("SIZE" if s is None else str(s) for s in sizes)
    )
    raise CannotConvert(
        f"input '{name}' is {_shown(shape)}, and the Edge TPU needs fixed sizes: say --shape {name}={example}"
    )


def _shown(shape: Any) -> str:
    if shape.rank is None:
        return "of any rank"
    return "[" + ",".join("?" if size is None else str(size) for size in shape.as_list()) + "]"


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
