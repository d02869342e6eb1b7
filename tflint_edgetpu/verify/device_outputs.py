"""The outputs of the Edge TPU beside those of the CPU, in quantization steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..model.dataflow import Dataflow
from ..model.graph import Model


class OutputSteps(NamedTuple):
    """One output over all samples."""

    name: str
    elements: int
    different: int
    worst_steps: float
    step: float | None  # size of a step of a float output; None: the output is an integer
    step_is_guessed: bool  # a float output without a scale: a step is a 255th of its range
    exercised: bool  # False: always the same on the CPU, or one value throughout, so it proves nothing


def compare_outputs(
    model: Model, cpu_names: Sequence[str], cpu: Path, device_names: Sequence[str], device: Path
) -> tuple[OutputSteps, ...] | str:
    """One comparison an output of ``model``, the one that ran on the CPU; a text where they do not match.

    The compiler keeps names and order of the outputs; they are matched by name, else by place.
    """
    import numpy as np

    if len(cpu_names) != len(device_names):
        return f"the compiled model has {len(device_names)} outputs, the model on the CPU {len(cpu_names)}"
    steps = _steps(model)
    found = []
    with np.load(cpu, allow_pickle=False) as here, np.load(device, allow_pickle=False) as there:
        for place, name in enumerate(cpu_names):
            other = device_names.index(name) if device_names.count(name) == 1 else place
            a, b = here[str(place)], there[str(other)]
            if a.size != b.size:
                return f"output '{name}' has {b.size:,} values on the Edge TPU, {a.size:,} on the CPU"
            if np.issubdtype(a.dtype, np.integer) != np.issubdtype(b.dtype, np.integer):
                return f"output '{name}' is {b.dtype} on the Edge TPU, {a.dtype} on the CPU"
            found.append(_compare(np, name, a, b.reshape(a.shape), steps.get(name)))
    return tuple(found)


def _compare(np: Any, name: str, a: Any, b: Any, step: float | None) -> OutputSteps:
    """``a`` of the CPU, ``b`` of the device, both [samples, ...]."""
    exercised = bool((a != (a[:1] if len(a) > 1 else a.flat[0])).any()) if a.size else False
    if np.issubdtype(a.dtype, np.integer) or a.dtype == np.bool_:
        worst = float(np.abs(a.astype(np.int64) - b.astype(np.int64)).max(initial=0))
        return OutputSteps(name, a.size, int(np.count_nonzero(a != b)), worst, None, False, exercised)
    left, right = a.astype(np.float64), b.astype(np.float64)
    guessed = step is None
    if step is None:
        step = float(left.max(initial=0) - left.min(initial=0)) / 255 or 1.0
    with np.errstate(invalid="ignore"):
        error = np.abs(left - right)
    error[(left == right) | (np.isnan(left) & np.isnan(right))] = 0
    # A NaN on one side alone is no small difference.
    error[np.isnan(error)] = np.inf
    worst = float(error.max(initial=0)) / step
    return OutputSteps(name, a.size, int(np.count_nonzero(error)), worst, step, guessed, exercised)


def _steps(model: Model) -> dict[str, float]:
    """Size of a step of the float outputs that a DEQUANTIZE makes of an integer tensor."""
    flow = Dataflow(model.main)
    found = {}
    for tensor in model.main.outputs:
        producer = flow.producer(tensor)
        source = producer.input(0) if producer is not None and producer.kind == "DEQUANTIZE" else None
        if source is not None and source.quantization is not None and len(source.quantization.scales) == 1:
            found[tensor.name] = source.quantization.scales[0]
    return found
