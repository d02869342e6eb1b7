"""Run two models on the same inputs and compare them: the program of the child process.

It is started by :mod:`tflint_edgetpu.verify.numeric` as a script of its own, because an interpreter can
crash on odd models and must not take the caller down.  Standard input is the job (JSON), standard output
one JSON object a line: ``{"stage": ...}`` before each step, so that the caller knows what a crash
interrupted, and ``{"result": ...}`` at the end.  It imports nothing of the package.

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


def random_input(detail: dict[str, Any], generator: np.random.Generator, distribution: int) -> Array:
    """One input. The distributions take turns: uniform, around the middle, extremes, mostly zero."""
    shape, dtype = tuple(detail["shape"]), detail["dtype"]
    values: Array
    if dtype == np.bool_:
        return generator.integers(0, 2, shape).astype(np.bool_)
    if is_integer(detail):
        limits = np.iinfo(dtype)
        parameters = quantization(detail)
        if parameters is None:  # indices, counts: small and not negative
            return generator.integers(0, 8, shape).astype(dtype)
        middle = parameters[1]
        if distribution == 0:
            values = generator.integers(limits.min, limits.max + 1, shape)
        elif distribution == 1:
            values = np.round(generator.normal(middle, 30, shape))
        elif distribution == 2:
            values = generator.choice([limits.min, limits.max], shape)
        else:
            values = middle + generator.integers(-40, 41, shape) * (generator.random(shape) < 0.1)
        return np.clip(values, limits.min, limits.max).astype(dtype)
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(f"no random values for an input of type {np.dtype(dtype).name}")
    if distribution == 0:
        values = generator.uniform(-1, 1, shape)
    elif distribution == 1:
        values = generator.normal(0, 1, shape)
    elif distribution == 2:
        values = generator.choice([-1.0, 0.0, 1.0], shape)
    else:
        values = generator.random(shape) * (generator.random(shape) < 0.1)
    return values.astype(dtype)


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


def main() -> None:
    job = json.load(sys.stdin)
    limit_memory(job["memory"])
    say(stage="load reference")
    reference = load(job["reference"])
    say(stage="load candidate")
    candidate = load(job["candidate"])
    inputs = list(zip(reference.get_input_details(), candidate.get_input_details(), strict=False))
    tensors = {detail["index"]: detail for detail in reference.get_tensor_details()}
    other = {detail["index"]: detail for detail in candidate.get_tensor_details()}
    outputs = [(tensors[a], other[b]) for a, b in job["outputs"]]
    pairs = [(tensors[a], other[b]) for a, b in job["pairs"] if a in tensors and b in other]
    given = np.load(job["inputs"], allow_pickle=False) if job["inputs"] else None
    statistics = [Statistics(_step(a, b)) for a, b in outputs]
    shared = [Statistics(1.0) for _ in pairs]
    for sample in range(job["samples"]):
        say(stage="choose inputs", sample=sample)
        own = given if sample < job["given"] else None
        values = _inputs(inputs, own, sample, np.random.default_rng([job["seed"], sample]))
        say(stage="run reference", sample=sample)
        _run(reference, [(a, value[0]) for (a, _), value in zip(inputs, values, strict=True)])
        say(stage="run candidate", sample=sample)
        _run(candidate, [(b, value[1]) for (_, b), value in zip(inputs, values, strict=True)])
        for (a, b), found in zip(outputs, statistics, strict=True):
            _compare(reference, candidate, a, b, found)
        for (a, b), found in zip(pairs, shared, strict=True):
            _compare(reference, candidate, a, b, found)
    say(
        result={
            "samples": job["samples"],
            "outputs": [
                {"name": a["name"], "dtype": np.dtype(a["dtype"]).name, **found.as_dict()}
                for (a, _), found in zip(outputs, statistics, strict=True)
            ],
            "shared": len(pairs),
            "shared_different": [
                {"name": a["name"], **found.as_dict()}
                for (a, _), found in zip(pairs, shared, strict=True)
                if found.different
            ],
        }
    )


def _step(a: dict[str, Any], b: dict[str, Any]) -> float:
    """One quantization step in the unit in which the outputs are compared."""
    if is_integer(a) or is_integer(b):
        return 1.0
    parameters = quantization(a) or quantization(b)
    return parameters[0] if parameters and parameters[0] > 0 else 1.0


def _inputs(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]],
    given: Any,
    sample: int,
    generator: np.random.Generator,
) -> list[tuple[Array, Array]]:
    """The value of each input for the reference and for the candidate."""
    values = []
    for a, b in pairs:
        if given is not None:
            value = given[a["name"]][sample].astype(a["dtype"]).reshape(a["shape"])
            values.append((value, convert(value, a, b)))
        elif not is_integer(a) and is_integer(b):
            # On the grid of the integer type, so that rounding ties are not part of the question.
            value = random_input(b, generator, sample % 4)
            values.append((convert(value, b, a), value))
        else:
            value = random_input(a, generator, sample % 4)
            values.append((value, convert(value, a, b)))
    return values


def _run(interpreter: Any, values: list[tuple[dict[str, Any], Array]]) -> None:
    for detail, value in values:
        interpreter.set_tensor(detail["index"], value.reshape(tuple(detail["shape"])))
    interpreter.invoke()


def _compare(reference: Any, candidate: Any, a: dict[str, Any], b: dict[str, Any], found: Statistics) -> None:
    left, right = reference.get_tensor(a["index"]), candidate.get_tensor(b["index"])
    if a["dtype"] != b["dtype"]:
        # Compared as integers: a DEQUANTIZE rounds in its own way, the integers behind it are exact.
        if is_integer(b):
            left = convert(left, a, b)
        else:
            right = convert(right, b, a)
    found.add(left, right)


if __name__ == "__main__":
    main()
