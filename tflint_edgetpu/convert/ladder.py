"""Which recipes are tried, in which order, and why the next one. Decided by what the last ones showed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import attempt as failures
from .attempt import Attempt
from .recipe import FLEX_OPS, FLOAT_OPS, INTEGER_OPS, Recipe

POSTPROCESS = "TFLite_Detection_PostProcess"
# Releases whose calibration has no Flex kernels; newer ones were not seen.
FLEX_BROKEN_SINCE = (2, 20)


class Step(NamedTuple):
    """A recipe to try, and why."""

    recipe: Recipe
    why: str


class Ground(NamedTuple):
    """What is known of the source before anything is quantized."""

    kind: str  # of the source
    tensorflow: str = ""
    operators: frozenset[str] = frozenset()  # labels in the float model; empty where there is none
    recurrent: tuple[str, ...] = ()  # Keras layers that loop
    choose_input: bool = True  # the user named no type of inputs
    choose_output: bool = True  # nor of outputs

    @property
    def is_detector(self) -> bool:
        return f"CUSTOM:{POSTPROCESS}" in self.operators

    @property
    def flex_works(self) -> bool:
        return _release(self.tensorflow) < FLEX_BROKEN_SINCE


def first_step(base: Recipe, ground: Ground) -> Step:
    """Integers only, batch 1, dense weights per tensor."""
    if ground.kind == "float_tflite":
        return Step(
            base, "a float .tflite has no graph for TensorFlow's converter; LiteRT's quantizer reads it"
        )
    if ground.is_detector and ground.choose_output:
        base = base._replace(output_type="float32")
    return Step(base, "integers only, batch 1: what the Edge TPU asks for")


def next_step(
    attempts: Sequence[Attempt], ground: Ground, *, integer_input_leaves_cpu: bool = False
) -> Step | None:
    """What to try after ``attempts``; ``None`` where nothing more can help.

    ``integer_input_leaves_cpu``: the QUANTIZE that a uint8 interface needs stays on the CPU in the best model
    so far.
    """
    if ground.kind == "float_tflite":
        return None  # there is one way, and the quantizer has no other settings
    base = attempts[0].recipe
    tried = {entry.recipe._replace(step="") for entry in attempts}
    done = [entry for entry in attempts if entry.data is not None]
    steps = (
        _improvements(done[0].recipe, ground, integer_input_leaves_cpu)
        if done
        else _fallbacks(base, attempts, ground)
    )
    return next((step for step in steps if step.recipe._replace(step="") not in tried), None)


def why_flex_is_refused(ground: Ground) -> str:
    """One sentence on SELECT_TF_OPS where this TensorFlow cannot quantize beside it."""
    return (
        f"SELECT_TF_OPS is no way out: TensorFlow {ground.tensorflow} cannot calibrate a model with it (2.20 and 2.21 "
        "dropped those kernels), and no such operator runs on the Edge TPU"
    )


def _improvements(found: Recipe, ground: Ground, integer_input_leaves_cpu: bool) -> list[Step]:
    steps = []
    if "BATCH_MATMUL" in ground.operators:
        steps.append(
            Step(
                found._replace(step="unfolded products", unfold_batchmatmul=True),
                "the model multiplies matrices (attention): as FULLY_CONNECTED they may map",
            )
        )
    if integer_input_leaves_cpu and ground.choose_input and found.input_type == "uint8":
        output = "int8" if found.output_type == "uint8" and ground.choose_output else found.output_type
        steps.append(
            Step(
                found._replace(step="int8 interface", input_type="int8", output_type=output),
                "the QUANTIZE behind a uint8 input stays on the CPU here: int8 needs none",
            )
        )
    return steps


def _fallbacks(base: Recipe, attempts: Sequence[Attempt], ground: Ground) -> list[Step]:
    last = attempts[-1].failure
    kinds = {entry.failure.kind for entry in attempts if entry.failure is not None}
    named = {name for entry in attempts if entry.failure is not None for name in entry.failure.operators}
    if last is None or kinds & {failures.TOLD, failures.MEMORY, failures.TIMEOUT}:
        return []
    steps = []
    looping = kinds & {failures.CRASHED, failures.OPEN_LIST}
    if looping and ground.recurrent:
        steps.append(
            Step(
                base._replace(step="unrolled", unroll=True),
                f"{', '.join(ground.recurrent[:3])}: without its loop a recurrent layer can be calibrated",
            )
        )
    if failures.OPEN_LIST in kinds:
        return steps  # whatever is set, the loop stays
    if failures.CUSTOM in kinds:
        if named != {POSTPROCESS}:
            return []
        steps.append(
            Step(
                base._replace(step="custom operator", allow_custom_ops=True),
                "the detection postprocess is a custom operator that every runtime has",
            )
        )
    if failures.FLEX in kinds:
        if not ground.flex_works:
            return []
        steps.append(
            Step(
                base._replace(step="TensorFlow kernels", supported_ops=(INTEGER_OPS, FLEX_OPS)),
                f"TFLite has no {', '.join(sorted(named)[:3]) or 'such operator'}: it stays, on the CPU",
            )
        )
        return steps
    steps.append(
        Step(
            base._replace(step="float where needed", supported_ops=(INTEGER_OPS, FLOAT_OPS)),
            "integers only did not work: operators without an integer kernel may stay float",
        )
    )
    if ground.kind in ("saved_model", "keras"):
        steps.append(
            Step(
                base._replace(step="source as it is", batch=None),
                "the signature at batch 1 did not convert: with the batch open, then a SAFE fix freezes it",
            )
        )
    steps.append(
        Step(
            base._replace(step="converter's defaults", per_channel_dense=True),
            "dense weights as the converter likes them; a fix makes them per-tensor afterwards",
        )
    )
    return steps


def _release(version: str) -> tuple[int, int]:
    numbers = version.split(".")
    try:
        return int(numbers[0]), int(numbers[1])
    except (ValueError, IndexError):
        return (0, 0)
