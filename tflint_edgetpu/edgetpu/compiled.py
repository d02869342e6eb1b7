"""A compiled file, ``*_edgetpu.tflite``: what went to the Edge TPU and what stayed outside.

Source: ``tflite/custom_op_data.cc`` and ``tflite/public/edgetpu.h`` of google-coral/libedgetpu.  Each part
that was mapped is one operator ``edgetpu-custom-op``, whose options are a FlexBuffer map: key ``"4"``
holds the package.  The operators inside can no longer be counted; the tensor names outside survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..model.errors import ReadError
from ..model.graph import Model, Operator
from ..model.record import NamedTuple
from .custom_op import CUSTOM_OP
from .darwinn import Executable, Layer, Package, read_package

_PACKAGE_KEY = "4"
_FURTHER_EXECUTABLES_KEY = "7"  # the runtime refuses a file that has any

_SEGMENT = re.compile(r"_segment_(\d{1,3})_of_(\d{1,3})")


class CompiledPart(NamedTuple):
    """One ``edgetpu-custom-op``; without a package, ``problem`` says why."""

    operator: Operator
    package: Package | None
    problem: str | None

    def to_dict(self) -> dict[str, Any]:
        package = self.package
        return {
            "ref": self.operator.ref,
            "problem": self.problem,
            "min_runtime": package.min_runtime if package else None,
            "compiler_version": package.compiler_version if package else None,
            "bytes": package.bytes if package else None,
            "executables": [_executable(executable) for executable in package.executables] if package else [],
            "inputs": [_layer(layer) for layer in package.runner.inputs] if package else [],
            "outputs": [_layer(layer) for layer in package.runner.outputs] if package else [],
        }


class CompiledModel:
    """What one compiled file says about itself."""

    __slots__ = ("cpu_operators", "model", "parts")

    def __init__(
        self, model: Model, parts: tuple[CompiledPart, ...], cpu_operators: tuple[Operator, ...]
    ) -> None:
        self.model = model
        self.parts = parts
        self.cpu_operators = cpu_operators  # everything outside the Edge TPU's parts, in file order

    @property
    def packages(self) -> tuple[Package, ...]:
        return tuple(part.package for part in self.parts if part.package is not None)

    @property
    def subgraphs(self) -> int:
        """Number of Edge TPU parts: the log's 'Number of Edge TPU subgraphs'."""
        return len(self.parts)

    @property
    def min_runtime(self) -> int | None:
        """The runtime the device needs at least; ``None`` where no package can be read."""
        return max((package.min_runtime for package in self.packages), default=None)

    @property
    def cached_bytes(self) -> int:
        """Parameters that stay on the chip."""
        return sum(package.cached_bytes for package in self.packages)

    @property
    def streamed_bytes(self) -> int:
        """Parameters that are sent to the device again for every inference."""
        return sum(package.streamed_bytes for package in self.packages)

    @property
    def caching_tokens(self) -> tuple[int, ...]:
        tokens = (package.caching_token for package in self.packages)
        return tuple(dict.fromkeys(token for token in tokens if token is not None))

    @property
    def estimated_cycles(self) -> int | None:
        """The compiler's own estimate for the Edge TPU's part; newer compilers write none."""
        cycles = [package.runner.estimated_cycles for package in self.packages]
        return sum(cycle or 0 for cycle in cycles) if any(cycles) else None

    @property
    def segment(self) -> tuple[int, int] | None:
        """``(index, count)`` for a segment of a pipeline; only its file name tells."""
        found = _SEGMENT.search(re.split(r"[/\\]", self.model.path or "")[-1])
        return (int(found[1]), int(found[2])) if found else None

    def to_dict(self) -> dict[str, Any]:
        segment = self.segment
        return {
            "subgraphs": self.subgraphs,
            "min_runtime": self.min_runtime,
            "parameters_cached": self.cached_bytes,
            "parameters_streamed": self.streamed_bytes,
            "caching_tokens": [f"{token:016x}" for token in self.caching_tokens],
            "estimated_cycles": self.estimated_cycles,
            "segment": {"index": segment[0], "count": segment[1]} if segment else None,
            "signatures": len(self.model.signatures),
            "parts": [part.to_dict() for part in self.parts],
            "cpu_operators": [
                {
                    "ref": operator.ref,
                    "operator": operator.label,
                    "outputs": [tensor.name for tensor in operator.outputs],
                }
                for operator in self.cpu_operators
            ],
        }


def read_compiled(model: Model) -> CompiledModel | None:
    """What the compiler put into ``model``; ``None`` for a file that was never compiled."""
    parts = []
    others = []
    for operator in model.main.operators:
        if operator.custom_code == CUSTOM_OP:
            parts.append(_part(model, operator))
        else:
            others.append(operator)
    return CompiledModel(model, tuple(parts), tuple(others)) if parts else None


def co_compiled(models: Iterable[CompiledModel]) -> list[list[CompiledModel]]:
    """The groups of files that share the on-chip memory: co-compiled models, segments of one pipeline.

    Files with different tokens throw each other's parameters out when a program alternates between them.
    """
    groups: dict[tuple[int, ...], list[CompiledModel]] = {}
    for model in models:
        if model.caching_tokens:
            groups.setdefault(model.caching_tokens, []).append(model)
    return [group for group in groups.values() if len(group) > 1]


def _part(model: Model, operator: Operator) -> CompiledPart:
    if operator.custom_options is None:
        return CompiledPart(
            operator, None, "the operator carries no options, so there is nothing to run in it"
        )
    options = model.custom_options(operator)
    if not isinstance(options, dict):
        return CompiledPart(operator, None, "its options are no FlexBuffer map: they are damaged")
    payload = options.get(_PACKAGE_KEY)
    if not isinstance(payload, bytes):
        return CompiledPart(operator, None, "its options hold no executable (key 4)")
    try:
        package = read_package(payload)
    except ReadError as error:
        return CompiledPart(operator, None, f"its payload is no valid Edge TPU package: {error}")
    if options.get(_FURTHER_EXECUTABLES_KEY):
        return CompiledPart(
            operator, package, "it holds several executables, which the runtime refuses to load"
        )
    return CompiledPart(operator, package, None)


def _executable(executable: Executable) -> dict[str, Any]:
    return {
        "kind": executable.kind,
        "chip": executable.chip,
        "batch_size": executable.batch_size,
        "parameter_bytes": executable.parameter_bytes,
        "scratch_bytes": executable.scratch_bytes,
        "caching_token": f"{executable.caching_token:016x}",
        "estimated_cycles": executable.estimated_cycles,
    }


def _layer(layer: Layer) -> dict[str, Any]:
    return {"name": layer.name, "shape": list(layer.shape), "dtype": layer.dtype, "bytes": layer.bytes}
