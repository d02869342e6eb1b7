"""The inputs of a run on the device, as the integers that both models get."""

from __future__ import annotations

from pathlib import Path

from ..model.graph import Model
from .inputs import load_inputs

# Samples that are run: more say the same, and large models take their time on the CPU.
MOST_SAMPLES = 64


def save_samples(source: Path, model: Model, target: Path) -> tuple[list[str], int]:
    """Write the arrays of ``source`` to ``target`` in the types of the inputs of ``model``.

    ``source`` is what :func:`~tflint_edgetpu.verify.inputs.load_inputs` takes.  Floats are real numbers: an integer
    input gets them by its scale and zero point.

    Returns the inputs' tensor names in the model's order and the number of samples; raises
    :class:`~tflint_edgetpu.verify.inputs.InputsError`.
    """
    import numpy as np

    found = load_inputs(str(source), model, real_numbers=True)
    names = [tensor.name for tensor in model.main.inputs]
    np.savez(
        target,
        **{
            tensor.name: found[tensor.name][:MOST_SAMPLES].astype(tensor.dtype.lower())
            for tensor in model.main.inputs
        },
    )
    return names, min(len(found[names[0]]), MOST_SAMPLES)
