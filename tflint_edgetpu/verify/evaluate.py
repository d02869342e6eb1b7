"""What an interpreter computes for a model without inputs, and the shapes it gives to every tensor."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from .child_process import run_child
from .numeric import MEMORY_FLOOR, MEMORY_PER_BYTE, TIMEOUT_SECONDS, CannotVerify, litert_is_installed

CHILD = Path(__file__).with_name("evaluate_child.py")


class Evaluation(NamedTuple):
    outputs: tuple[Any, ...]  # numpy arrays; empty for a model that has inputs
    shapes: dict[int, tuple[int, ...]]  # of the first subgraph's tensors, by index


def evaluate(model: bytes) -> Evaluation:
    """Run ``model`` in a child process; raises :class:`CannotVerify` where the interpreter refuses it."""
    if not litert_is_installed():
        raise CannotVerify("LiteRT is not installed: pip install 'tflint-edgetpu[fix]'")
    import numpy as np

    with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-") as folder:
        file, result = Path(folder, "model.tflite"), Path(folder, "result.npz")
        file.write_bytes(model)
        memory = MEMORY_FLOOR + MEMORY_PER_BYTE * len(model)
        job = {"model": str(file), "result": str(result), "memory": memory}
        answer = run_child(CHILD, job, TIMEOUT_SECONDS)
        if answer.result is None:
            raise CannotVerify(f"the model does not run in LiteRT: {answer.why}")
        with np.load(result, allow_pickle=False) as arrays:
            outputs = [
                arrays[f"output_{n}"] for n in range(len(arrays.files)) if f"output_{n}" in arrays.files
            ]
            shapes = {
                int(name[6:]): tuple(int(size) for size in arrays[name])
                for name in arrays.files
                if name.startswith("shape_")
            }
        return Evaluation(tuple(outputs), shapes)
