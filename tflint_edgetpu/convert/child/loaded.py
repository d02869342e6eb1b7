"""A source in memory: what it computes, and its inputs at batch 1."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from ..calibration.request import InputSpec
from ..errors import CannotConvert


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
