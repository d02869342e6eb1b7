"""QNT008 mixed-range-output-concat."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Tensor,
    quoted,
    tensor_location,
)

# What hands on the values of one input unchanged, but for their order and their scale ...
MOVERS = frozenset(
    (
        "DEQUANTIZE", "EXPAND_DIMS", "GATHER", "GATHER_ND", "QUANTIZE", "REDUCE_MAX", "RESHAPE", "SLICE",
        "SPLIT", "SPLIT_V", "SQUEEZE", "STRIDED_SLICE", "TOPK_V2", "TRANSPOSE", "UNPACK",
    )
)  # fmt: skip
# ... and of all its inputs.
JOINERS = frozenset(("CONCATENATION", "PACK"))
SCORES = frozenset(("LOGISTIC", "SOFTMAX"))  # their results lie between 0 and 1
# Steps that a score between 0 and 1 must be able to use. 64 steps are 0.016 apart, about what separates
# neighbouring detections; a guess. Coordinates of 0 to 1 in the same tensor leave about 250.
ENOUGH_STEPS = 64


class MixedRangeOutputConcat(Rule):
    """One output holds scores and much larger numbers, under one scale.

    ## Why it matters
    A quantized tensor has 256 steps for its whole range. Where pixel coordinates of 0 to 640 and scores of
    0 to 1 are joined, one step is 2.5 and every score becomes 0. The compiler is content, all operators map,
    and the application finds nothing.

    ## How to fix
    Divide the coordinates by the size of the picture inside the model, so that everything in the tensor lies
    between 0 and 1 (current Ultralytics exports do), or give coordinates and scores an output each.
    `separate-outputs` removes the last CONCATENATION from the file.

    ## Fix safety
    Unsafe. Each part keeps its own, finer scale, and the application gets several outputs instead of one.

    ## References
    - https://github.com/ultralytics/ultralytics/pull/1695
    - https://github.com/ultralytics/ultralytics/issues/1683
    - https://github.com/ultralytics/yolov5/pull/1127
    """

    meta = RuleMeta(
        "QNT008", "mixed-range-output-concat", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://github.com/ultralytics/ultralytics/pull/1695",
            "https://github.com/ultralytics/ultralytics/issues/1683",
            "https://github.com/ultralytics/yolov5/pull/1127",
        ),
        covers=("Q011",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if not any(context.operators("CONCATENATION")):
            return
        scores = _scores(context)
        ends = _ends(context)
        for concat in context.operators("CONCATENATION"):
            parts = [tensor for tensor in concat.inputs if tensor is not None]
            if scores.isdisjoint(parts) or scores.issuperset(parts) or not concat.outputs:
                continue
            end = ends.get(concat.outputs[0])
            if end is not None and end.scale * ENOUGH_STEPS > 1 and isfinite(end.scale):
                yield self._report(end.output, concat, end.scale, context)

    def _report(self, output: Tensor, concat: Operator, scale: float, context: Context) -> Finding:
        steps = round(1 / scale)
        if steps >= 2:
            can, cost = (
                f"only {steps} of its 256 steps",
                "detections lose their order and most of their scores",
            )
        elif steps == 1:
            can, cost = "only the steps 0 and 1", "every score is 0 or 1"
        else:
            can, cost = "no step but 0", "every score is 0: the application detects nothing"
        joined = concat.outputs[0]
        where = f"output {quoted(output)} has"
        if joined is not output:
            where = f"{quoted(joined)}, which output {quoted(output)} is made of, has"
        direct = _is_direct(concat, output, context)
        return self.finding(
            [tensor_location(output, "output")],
            f"{where} one scale ({scale:.4g}) for scores and larger numbers: "
            f"a score between 0 and 1 can use {can}",
            cost=cost,
            related=[concat],
            evidence={"scale": scale, "steps": steps, "joined": joined.name},
            fix=Fix(
                "Export normalized boxes, or boxes and scores as outputs of their own",
                Safety.UNSAFE if direct else Safety.MANUAL,
                "Ultralytics: update and export again, it divides the boxes by imgsz\n"
                "own export: boxes = boxes / image_size before the concat; pose models: keypoints too",
                (Edit("separate-outputs", concat.ref),) if direct else (),
            ),
        )


class _End:
    """Where the values of a tensor leave the model, and the coarsest scale on the way."""

    def __init__(self, output: Tensor, scale: float) -> None:
        self.output, self.scale = output, scale


def _ends(context: Context) -> dict[Tensor, _End]:
    """The tensors whose values an output consists of. One pass from the last operator to the first; where
    values leave twice, the coarser way counts."""
    ends = {output: _End(output, _scale(output)) for output in context.model.main.outputs}
    for operator in reversed(context.model.main.operators):
        for result in operator.outputs:
            end = ends.get(result)
            if end is None:
                continue
            for source in _moved_from(operator, result):
                scale = max(end.scale, _scale(source))
                if source not in ends or ends[source].scale < scale:
                    ends[source] = _End(end.output, scale)
    return ends


def _scale(tensor: Tensor) -> float:
    return tensor.quantization.scale if tensor.quantization and tensor.quantization.scales else 0.0


def _scores(context: Context) -> set[Tensor]:
    """The tensors all of whose values come from LOGISTIC or SOFTMAX, moved or multiplied with each other. One
    pass over the operators, which stand in the order in which they run."""
    found: set[Tensor] = set()
    for operator in context.operators():
        if operator.kind in SCORES:
            found.update(operator.outputs)
            continue
        for result in operator.outputs:
            sources = _moved_from(operator, result)
            if operator.kind == "MUL" and result is operator.outputs[0]:
                sources = [source for source in operator.inputs if source is not None]
            if sources and found.issuperset(sources):
                found.add(result)
    return found


def _moved_from(operator: Operator, result: Tensor) -> list[Tensor]:
    """The inputs whose values ``result`` consists of; none where the operator computes new ones."""
    is_first = result is operator.outputs[0]
    if operator.kind in JOINERS and is_first:
        return [tensor for tensor in operator.inputs if tensor is not None]
    if operator.kind not in MOVERS or (operator.kind == "TOPK_V2" and not is_first):
        return []
    source = operator.input(1 if operator.kind == "SPLIT" else 0)
    return [] if source is None else [source]


def _is_direct(concat: Operator, output: Tensor, context: Context) -> bool:
    """Whether only changes of type stand between the concat and the output."""
    tensor: Tensor | None = output
    for _ in range(3):  # DEQUANTIZE and QUANTIZE at most
        operator = context.dataflow.producer(tensor)
        if operator is concat:
            return True
        if operator is None or operator.kind not in ("QUANTIZE", "DEQUANTIZE"):
            return False
        tensor = operator.input(0)
    return False
