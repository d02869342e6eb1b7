"""QNT008 mixed-range-output-concat."""

from __future__ import annotations

from collections.abc import Iterator

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
    has_scale,
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
# Operators to look at while walking back from one output: heads have a few dozen.
LONGEST_WALK = 1_000

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
        reported: set[Operator] = set()
        for output in context.model.main.outputs:
            for concat, scale in _joined(output, context):
                if concat in reported or not scale * ENOUGH_STEPS > 1:
                    continue
                parts = [tensor for tensor in concat.inputs if tensor is not None]
                scores = [tensor for tensor in parts if _is_score(tensor, context)]
                if scores and len(scores) < len(parts):
                    reported.add(concat)
                    yield self._report(output, concat, scale, context)

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


def _joined(output: Tensor, context: Context) -> Iterator[tuple[Operator, float]]:
    """The CONCATENATIONs whose values an output consists of, each with the coarsest scale on the way."""
    todo: list[tuple[Tensor, float]] = [(output, 0.0)]
    seen = {output}
    for _ in range(LONGEST_WALK):
        if not todo:
            return
        tensor, scale = todo.pop()
        if has_scale(tensor) and tensor.quantization is not None:
            scale = max(scale, tensor.quantization.scale)
        operator = context.dataflow.producer(tensor)
        if operator is None:
            continue
        if operator.kind == "CONCATENATION":
            yield operator, scale
        for source in _moved_from(operator, tensor):
            if source not in seen:
                seen.add(source)
                todo.append((source, scale))


def _moved_from(operator: Operator, result: Tensor) -> list[Tensor]:
    """The inputs whose values ``result`` consists of; none where the operator computes new ones."""
    if operator.kind in JOINERS:
        return [tensor for tensor in operator.inputs if tensor is not None]
    if operator.kind not in MOVERS or (operator.kind == "TOPK_V2" and result is not operator.outputs[0]):
        return []
    source = operator.input(1 if operator.kind == "SPLIT" else 0)
    return [] if source is None else [source]


def _is_score(tensor: Tensor, context: Context) -> bool:
    """Whether all values of a tensor come from LOGISTIC or SOFTMAX, moved or multiplied with each other."""
    todo = [tensor]
    for _ in range(LONGEST_WALK):
        if not todo:
            return True
        result = todo.pop()
        operator = context.dataflow.producer(result)
        if operator is None:
            return False
        if operator.kind in SCORES:
            continue
        sources = _moved_from(operator, result)
        if operator.kind == "MUL":
            sources = [source for source in operator.inputs if source is not None]
        if not sources:
            return False
        todo.extend(sources)
    return False


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
