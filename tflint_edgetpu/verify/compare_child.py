"""Run two models on the same inputs and compare them: the program of the child process.

It is started by :mod:`tflint_edgetpu.verify.numeric` as a process of its own, because an interpreter can
crash on odd models and must not take the caller down.  Standard input is the job (JSON), standard output
one JSON object a line: ``{"stage": ...}`` before each step, so that the caller knows what a crash
interrupted, and ``{"result": ...}`` at the end.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from tflint_edgetpu.verify.interpreter import (
    Array,
    Statistics,
    convert,
    is_integer,
    limit_memory,
    load,
    quantization,
    run,
    say,
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
        run(reference, [(a, value[0]) for (a, _), value in zip(inputs, values, strict=True)])
        say(stage="run candidate", sample=sample)
        run(candidate, [(b, value[1]) for (_, b), value in zip(inputs, values, strict=True)])
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
