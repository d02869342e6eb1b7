"""SHP002 too-many-dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Status,
    Tensor,
    described,
    quoted,
    reason_of,
    subject,
)

BATCH_1 = """\
Convert with batch 1 and call the model once for each input.
Keras 3:     inputs = keras.Input(batch_shape=(1, 224, 224, 3)); model = keras.Model(inputs, model(inputs))
tf.keras 2:  model.input.set_shape((1,) + model.input.shape[1:])
onnx2tf:     onnx2tf -i model.onnx -b 1 -oiqt
Ultralytics: yolo export format=edgetpu batch=1
A RESHAPE with the batch written into its shape has to be changed in the model too."""

FEWER = """\
Fold dimensions together before the operator, so that at most three are larger than 1: anchors into channels
([1, 19, 19, 3, 85] -> [1, 19, 19, 255]), frames into channels or into several calls. Write stack and sum as
additions, and upsampling as tf.image.resize(method="nearest")."""


class TooManyDimensions(Rule):
    """A tensor with more than three dimensions larger than 1.

    ## Why it matters
    The Edge TPU maps the three innermost dimensions; everything further left must be 1. That is why a batch
    of 2 already sends the first convolution to the CPU, with all that follows, and why the five-dimensional
    tensors of some detection heads and video models do not map: `Tensor has unsupported rank (up to 3
    innermost dimensions mapped)`.

    Tensors with up to three dimensions have no batch in this sense: [256, 2] maps.

    ## How to fix
    Convert with batch 1 and call the model once for each input. Inside the model fold dimensions together.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#model-requirements
    - https://github.com/google-coral/edgetpu/issues/30
    - https://github.com/google-coral/edgetpu/issues/700
    """

    meta = RuleMeta(
        "SHP002", "too-many-dimensions", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro/#model-requirements",
            "https://github.com/google-coral/edgetpu/issues/30",
            "https://github.com/google-coral/edgetpu/issues/700",
        ),
        covers=("S002", "S003"),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        refused = [
            operator
            for operator in context.operators()
            if context.placed(operator).status == Status.RANK
            and not context.is_explained(operator)
            and operator not in context.placement.tail
        ]
        if not refused:
            return
        batches = [tensor for tensor in context.model.main.inputs if _is_batch(tensor)]
        if batches:
            yield self._batch(batches, refused, context)
            return
        for operators in _grouped(refused, context):
            yield self._ranks(operators, context)

    def _batch(self, inputs: list[Tensor], operators: list[Operator], context: Context) -> Finding:
        first = inputs[0]
        return self.finding(
            operators,
            f"input {quoted(first)} has batch {first.shape[0]} ({list(first.shape)}), but only the three "
            f"innermost dimensions may be larger than 1: that refuses {described(operators)}",
            severity=context.severity_of_loss(operators),
            cost=context.cost_of_loss(operators),
            related=inputs,
            evidence={"batch": first.shape[0], "shape": list(first.shape), "operators": len(operators)},
            fix=Fix("Convert with batch 1", how=BATCH_1),
        )

    def _ranks(self, operators: list[Operator], context: Context) -> Finding:
        first = context.placed(operators[0])
        return self.finding(
            operators,
            f"{subject(operators)} {'is' if len(operators) == 1 else 'are'} refused for the rank of a tensor: "
            f"{reason_of(first)}",
            severity=context.severity_of_loss(operators),
            certainty=Certainty(first.certainty),
            cost=context.cost_of_loss(operators),
            evidence={"operators": len(operators), "status": first.status},
            fix=Fix("Use tensors with at most three dimensions larger than 1", how=FEWER),
        )


def _is_batch(tensor: Tensor) -> bool:
    return len(tensor.shape) > 3 and any(size > 1 for size in tensor.shape[:-3])


def _grouped(operators: Sequence[Operator], context: Context) -> list[list[Operator]]:
    """Operators that feed each other are one cause, and so are all groups of the same kinds."""
    alike: dict[tuple[str, ...], list[Operator]] = {}
    for group in context.dataflow.groups(operators):
        alike.setdefault(tuple(sorted({operator.kind for operator in group})), []).extend(group)
    return list(alike.values())
