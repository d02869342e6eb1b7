"""Run a float model and an integer model on the same inputs: the program of the child process of agreement.

Started by :mod:`tflint_edgetpu.verify.agreement` as a script.  The job comes on standard input, messages go out as
those of :mod:`.compare_child`.
"""

from __future__ import annotations

import json
import math
import sys
import time
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


class OutputStatistics:
    """One output over all samples, as real numbers."""

    def __init__(self, output: dict[str, Any], reference: dict[str, Any], candidate: dict[str, Any]) -> None:
        self.name = output["name"]
        self.reference, self.candidate = reference, candidate
        self.step, self.limits = output["step"], output["limits"]
        self.is_labels = all(
            is_integer(detail) and quantization(detail) is None for detail in (reference, candidate)
        )
        self.plain = Statistics(1.0)
        # Per element over the samples; None before the first.
        self.low: Array = None
        self.high: Array = None
        self.total: Array = None
        self.squares: Array = None
        self.low_candidate: Array = None
        self.high_candidate: Array = None
        self.samples = self.clipped = 0
        self.margins: list[Array] = []
        self.kept: list[Array] = []
        self.shape_differs = False

    def add(self, reference: Array, candidate: Array) -> None:
        a, b = _real(reference, self.reference), _real(candidate, self.candidate)
        if a.size != b.size:
            self.shape_differs = True
            return
        b = b.reshape(a.shape)
        self.plain.add(a, b)
        self.samples += 1
        if self.low is None:
            self.low, self.high, self.total, self.squares = a.copy(), a.copy(), a.copy(), a * a
            self.low_candidate, self.high_candidate = b.copy(), b.copy()
        else:
            self.low, self.high = np.minimum(self.low, a), np.maximum(self.high, a)
            self.total, self.squares = self.total + a, self.squares + a * a
            self.low_candidate = np.minimum(self.low_candidate, b)
            self.high_candidate = np.maximum(self.high_candidate, b)
        if self.limits is not None and self.step:
            # Half a step beyond the limit still rounds to it.
            beyond = (a < self.limits[0] - self.step / 2) | (a > self.limits[1] + self.step / 2)
            self.clipped += int(np.count_nonzero(beyond))
        self._decide(a, b)

    def _decide(self, a: Array, b: Array) -> None:
        """Remember each decision of the float model, its margin, and whether the candidate decides alike.

        A decision is the greatest value along the last axis of a classifier ([1, classes]) or of a map ([1, height,
        width, classes]).  Along the last axis of three dimensions boxes stand as often as classes.
        """
        if a.ndim not in (2, 4) or a.shape[-1] < 2:
            return
        ordered = np.partition(a, -2, axis=-1)
        self.margins.append((ordered[..., -1] - ordered[..., -2]).ravel())
        self.kept.append((a.argmax(-1) == b.argmax(-1)).ravel())

    def as_dict(self) -> dict[str, Any]:
        found = self.plain.as_dict()
        step = self.step or self._step_of_range()
        spread = 0.0 if self.low is None else float((self.high - self.low).max(initial=0.0))
        moved = (
            0.0 if self.low is None else float((self.high_candidate - self.low_candidate).max(initial=0.0))
        )
        top1, decisions = self._top1(step)
        worst = found["worst_steps"]
        usable = worst is not None and found["finite"] and not self.shape_differs
        return {
            "name": self.name,
            "sqnr_db": found["sqnr_db"] if self.plain.noise else None,
            "cosine": found["cosine"],
            "worst_steps": worst / step if usable else None,
            "top1": top1,
            "exercised": spread >= step,
            "varying_db": self._varying_db(),
            "clipped": self.clipped / self.plain.elements if self.plain.elements else 0.0,
            "step": step,
            "decisions": decisions,
            "frozen": moved == 0 and spread >= 2 * step and self.samples > 1,
            "is_labels": self.is_labels,
        }

    def _step_of_range(self) -> float:
        """For an output without a scale: the step that 8 bits would have over the range that was seen."""
        if self.low is None:
            return 1.0
        if self.is_labels:
            return 1.0
        width = float(self.high.max(initial=0.0)) - float(self.low.min(initial=0.0))
        return width / 255 or 1.0

    def _top1(self, step: float) -> tuple[float | None, int]:
        """Share of the decisions kept, of those whose margin exceeds a step, and how many those are."""
        if self.is_labels:
            return 1 - self.plain.different / max(self.plain.elements, 1), self.plain.elements
        if not self.margins:
            return None, 0
        clear = np.concatenate(self.margins) > step
        count = int(np.count_nonzero(clear))
        return (float(np.concatenate(self.kept)[clear].mean()), count) if count else (None, 0)

    def _varying_db(self) -> float | None:
        """10 log10 of the variance over the samples against the error."""
        if self.samples < 2 or not self.plain.noise:
            return None
        mean = self.total / self.samples
        varying = float((self.squares - self.samples * mean * mean).sum())
        return 10 * math.log10(varying / self.plain.noise) if varying > 0 else None


def _real(value: Array, detail: dict[str, Any]) -> Array:
    """``value`` as real numbers, in double."""
    parameters = quantization(detail) if is_integer(detail) else None
    if parameters is None:
        return value.astype(np.float64)
    scale, point = parameters
    return scale * (value.astype(np.float64) - point)


def main() -> None:
    job = json.load(sys.stdin)
    limit_memory(job["memory"])
    say(stage="load reference")
    reference = load(job["reference"])
    say(stage="load candidate")
    candidate = load(job["candidate"])
    ours = {detail["index"]: detail for detail in reference.get_tensor_details()}
    theirs = {detail["index"]: detail for detail in candidate.get_tensor_details()}
    inputs = [(ours[a], theirs[b]) for a, b in job["inputs"]]
    result = {}
    for name, path in job["sets"].items():
        with np.load(path, allow_pickle=False) as arrays:
            given = {int(key.removeprefix("input_")): arrays[key] for key in arrays.files}
        count = len(next(iter(given.values()), ()))
        statistics = [
            OutputStatistics(o, ours[o["reference"]], theirs[o["candidate"]]) for o in job["outputs"]
        ]
        start, done = time.monotonic(), 0
        for sample in range(count):
            if sample >= job["fewest"] and time.monotonic() - start > job["seconds"]:
                break
            say(stage="run reference", set=name, sample=sample)
            values = [given[a["index"]][sample].astype(a["dtype"]).reshape(a["shape"]) for a, _ in inputs]
            run(reference, [(a, value) for (a, _), value in zip(inputs, values, strict=True)])
            say(stage="run candidate", set=name, sample=sample)
            run(candidate, [(b, convert(value, a, b)) for (a, b), value in zip(inputs, values, strict=True)])
            for found in statistics:
                found.add(
                    reference.get_tensor(found.reference["index"]),
                    candidate.get_tensor(found.candidate["index"]),
                )
            done += 1
        result[name] = {"samples": done, "outputs": [found.as_dict() for found in statistics]}
    say(result=result)


if __name__ == "__main__":
    main()
