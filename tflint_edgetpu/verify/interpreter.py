"""What the child processes of this package share: messages, loading a model, types, statistics of outputs.

LiteRT's built-in kernels run without any default delegate: XNNPACK is wrong on some int8 attention
models, and the reference kernels abort on a large SOFTMAX.
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np

Array = Any  # np.ndarray of any type


def say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def limit_memory(size: int) -> None:
    """At most ``size`` bytes of address space, where the platform can say so."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def load(path: str) -> Any:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_path=path,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
        num_threads=1,
    )
    interpreter.allocate_tensors()
    return interpreter


def quantization(detail: dict[str, Any]) -> tuple[float, int] | None:
    """Scale and zero point of a per-tensor quantized tensor."""
    scales = detail["quantization_parameters"]["scales"]
    points = detail["quantization_parameters"]["zero_points"]
    if len(scales) != 1:
        return None
    return float(scales[0]), int(points[0]) if len(points) else 0


def is_integer(detail: dict[str, Any]) -> bool:
    return np.issubdtype(detail["dtype"], np.integer)


def convert(value: Array, source: dict[str, Any], target: dict[str, Any]) -> Array:
    """``value`` of tensor ``source`` as tensor ``target`` would hold it: an announced change of type."""
    if source["dtype"] == target["dtype"]:
        return value
    if is_integer(source) and is_integer(target):
        # int8 <-> uint8 with the zero point moved along: the same real number, 128 apart.
        shift = quantization(target)[1] - quantization(source)[1]  # type: ignore[index]
        return (value.astype(np.int64) + shift).astype(target["dtype"])
    if is_integer(source) and target["dtype"] == np.float32:
        scale, point = quantization(source)  # type: ignore[misc]
        # As the DEQUANTIZE kernel computes: the product in double, then rounded to float.
        return (np.float64(np.float32(scale)) * (value.astype(np.int64) - point)).astype(np.float32)
    scale, point = quantization(target)  # type: ignore[misc]
    limits = np.iinfo(target["dtype"])
    return np.clip(np.round(value / np.float32(scale)) + point, limits.min, limits.max).astype(
        target["dtype"]
    )


def run(interpreter: Any, values: list[tuple[dict[str, Any], Array]]) -> None:
    """Invoke with ``values`` by the details of their inputs."""
    for detail, value in values:
        interpreter.set_tensor(detail["index"], value.reshape(tuple(detail["shape"])))
    interpreter.invoke()


class Statistics:
    """What is known of one pair of tensors over all samples."""

    def __init__(self, step: float) -> None:
        self.step = step
        self.worst = 0.0
        self.elements = self.different = 0
        self.signal = self.noise = self.dot = self.left = self.right = 0.0
        self.first: Array | None = None
        self.varies = False
        self.finite = True

    def add(self, reference: Array, candidate: Array) -> None:
        if reference.shape != candidate.shape:
            if reference.size != candidate.size:
                self.worst, self.different = math.inf, self.different + 1
                self.elements += reference.size
                return
            candidate = candidate.reshape(reference.shape)
        if self.first is None:
            self.first = reference.copy()
        elif not np.array_equal(self.first, reference):
            self.varies = True
        self.elements += reference.size
        equal = reference == candidate
        if np.issubdtype(reference.dtype, np.floating):
            equal |= np.isnan(reference) & np.isnan(candidate)
        self.different += int(reference.size - np.count_nonzero(equal))
        a, b = reference.astype(np.float64), candidate.astype(np.float64)
        finite = np.isfinite(a) & np.isfinite(b)
        if not finite.all():
            self.finite = False
            a, b = a[finite], b[finite]
        if a.size:
            self.worst = max(self.worst, float(np.abs(a - b).max()) / self.step)
            self.signal += float((a * a).sum())
            self.noise += float(((a - b) ** 2).sum())
            self.dot += float((a * b).sum())
            self.left += float((a * a).sum())
            self.right += float((b * b).sum())

    def as_dict(self) -> dict[str, Any]:
        norm = math.sqrt(self.left * self.right)
        return {
            "elements": self.elements,
            "different": self.different,
            "worst_steps": self.worst if math.isfinite(self.worst) else None,
            "sqnr_db": 10 * math.log10(self.signal / self.noise) if self.noise and self.signal else None,
            "cosine": self.dot / norm if norm else None,
            "exercised": self.varies,
            "finite": self.finite,
        }
