"""Do two models compute the same? Run in a child process on LiteRT's built-in kernels."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ..model.graph import Model, Tensor
from ..model.reader import read_model
from .child_process import Answer, run_child
from .inputs import InputsError, load_inputs
from .matching import outputs_by_name

CHILD = Path(__file__).with_name("compare_child.py")
DEFAULT_SAMPLES = 8
DEFAULT_SEED = 20210703
# Interpreters map what they allocate; a hostile model may ask for any amount.
MEMORY_FLOOR = 4 * 2**30
MEMORY_PER_BYTE = 64
TIMEOUT_SECONDS = 300


class CannotVerify(Exception):
    """No verdict: LiteRT is missing, or the interpreter refuses the reference model. One line."""


class OutputComparison(NamedTuple):
    """One output over all samples; differences in quantization steps of the output."""

    name: str
    dtype: str
    elements: int
    different: int
    worst_steps: float | None  # None: shapes differ
    sqnr_db: float | None  # None: no difference
    cosine: float | None
    exercised: bool  # False: the output never changed, so it proves nothing


class Comparison(NamedTuple):
    """What running both models showed."""

    samples: int
    outputs: tuple[OutputComparison, ...]
    shared: int  # intermediate tensors that both models have
    shared_different: tuple[str, ...]  # names of those that differ
    failure: str | None  # the candidate does not run, or has other inputs or outputs

    @property
    def identical(self) -> bool:
        return (
            self.failure is None and not self.shared_different and not any(o.different for o in self.outputs)
        )

    def within(self, steps: float) -> bool:
        """Whether every output stays within ``steps`` quantization steps."""
        return self.failure is None and all(
            output.worst_steps is not None and output.worst_steps <= steps for output in self.outputs
        )


def litert_is_installed() -> bool:
    return find_spec("ai_edge_litert") is not None


def compare(
    reference: bytes,
    candidate: bytes,
    *,
    samples: int = DEFAULT_SAMPLES,
    seed: int = DEFAULT_SEED,
    inputs: str | None = None,
) -> Comparison:
    """Run both models on the same inputs; raises :class:`CannotVerify`.

    ``samples`` inputs are drawn from four distributions in turn; a user's own ``inputs`` (see
    :func:`~tflint_edgetpu.verify.inputs.load_inputs`) come before them.  Across a change of type of an input
    or output the values are converted by its scale and zero point.
    """
    if not litert_is_installed():
        raise CannotVerify("LiteRT is not installed: pip install 'tflint-edgetpu[fix]'")
    old, new = read_model(reference), read_model(candidate)
    if len(old.main.inputs) != len(new.main.inputs):
        return _failed(f"{len(new.main.inputs)} inputs instead of {len(old.main.inputs)}")
    outputs = outputs_by_name(old, new)
    if outputs is None:
        return _failed(
            f"{len(new.main.outputs)} outputs that the other model's {len(old.main.outputs)} do not match"
        )
    given = _given(inputs, old)
    with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-") as folder:
        if given is not None:
            import numpy as np

            np.savez(Path(folder, "inputs.npz"), **given)
        count = 0 if given is None else len(next(iter(given.values())))
        job = {
            "reference": str(Path(folder, "reference.tflite")),
            "candidate": str(Path(folder, "candidate.tflite")),
            "outputs": outputs,
            "pairs": _shared_tensors(old, new),
            "samples": samples + count,
            "seed": seed,
            "given": count,
            "inputs": str(Path(folder, "inputs.npz")) if count else None,
            "memory": MEMORY_FLOOR + MEMORY_PER_BYTE * (len(reference) + len(candidate)),
        }
        Path(folder, "reference.tflite").write_bytes(reference)
        Path(folder, "candidate.tflite").write_bytes(candidate)
        return _interpret(run_child(CHILD, job, TIMEOUT_SECONDS))


def _given(inputs: str | None, model: Model) -> dict[str, Any] | None:
    if inputs is None:
        return None
    try:
        return load_inputs(inputs, model)
    except InputsError as error:
        raise CannotVerify(str(error)) from None


def _interpret(answer: Answer) -> Comparison:
    if answer.result is not None:
        return _comparison(answer.result)
    if "candidate" in answer.stage:
        return _failed(f"{answer.stage}: {answer.why}")
    raise CannotVerify(f"the model does not run in LiteRT ({answer.stage}): {answer.why}")


def _failed(why: str) -> Comparison:
    return Comparison(0, (), 0, (), why)


def _comparison(result: dict[str, Any]) -> Comparison:
    outputs = tuple(
        OutputComparison(
            found["name"], found["dtype"], found["elements"], found["different"], found["worst_steps"],
            found["sqnr_db"], found["cosine"], found["exercised"],
        )
        for found in result["outputs"]
    )  # fmt: skip
    return Comparison(
        result["samples"],
        outputs,
        result["shared"],
        tuple(found["name"] for found in result["shared_different"]),
        None,
    )


def _shared_tensors(old: Model, new: Model) -> list[tuple[int, int]]:
    """Indices of the computed tensors that both models have under one name, alike in all that matters."""
    ours, theirs = _computed_by_name(old), _computed_by_name(new)
    return [
        (tensor.index, theirs[name].index)
        for name, tensor in ours.items()
        if name in theirs and _alike(tensor, theirs[name])
    ]


def _computed_by_name(model: Model) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    twice: set[str] = set()
    for operator in model.main.operators:
        for tensor in operator.outputs:
            if tensor.name in found:
                twice.add(tensor.name)
            if (
                tensor.dtype in ("INT8", "UINT8", "INT16", "INT32", "FLOAT32")
                and tensor not in model.main.outputs
            ):
                found[tensor.name] = tensor
    return {name: tensor for name, tensor in found.items() if name not in twice and name}


def _alike(a: Tensor, b: Tensor) -> bool:
    return a.dtype == b.dtype and a.elements == b.elements and a.quantization == b.quantization
