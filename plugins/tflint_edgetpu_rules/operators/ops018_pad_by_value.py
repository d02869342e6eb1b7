"""OPS018 pad-by-value."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    subject,
)

from .refusal import consequences, refused


class PadByValue(Rule):
    """PADV2, a padding with a value of its own.

    ## Why it matters
    Coral's table has PAD, which fills with zeros, but not PADV2. PyTorch exports use PADV2 for zeros as well,
    and with the lowest value in front of a max pool (timm's `SAME` padding). Everything behind the first one
    stays on the CPU.

    ## How to fix
    Where the value is the zero point, PAD does the same. In front of a MAX_POOL_2D, pad inside the pool with
    `padding="same"`. Any other value: subtract it before a PAD with zeros and add it again behind.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS018", "pad-by-value", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        groups: dict[str, list[Operator]] = {}
        for operator in refused(context, "PADV2"):
            groups.setdefault(_cure(context, operator), []).append(operator)
        for cure, operators in groups.items():
            first = operators[0]
            value = _value(context, first)
            shown = "a computed value" if value is None else f"{value:.4g}"
            shown = "0, as PAD does" if cure == "zero" else shown
            yield self.finding(
                operators,
                f"{subject(operators)} cannot run on the Edge TPU; "
                f"{'it fills' if len(operators) == 1 else 'they fill'} with {shown}",
                **consequences(context, operators),
                evidence={"operators": len(operators), "fills_with_zero": cure == "zero"},
                fix=Fix(*CURES[cure]),
            )


LOWEST = {"INT8": -128, "UINT8": 0, "FLOAT32": -3.4e38}  # below it, a value is no maximum of anything
CURES = {
    "zero": (
        "Use PAD, which fills with zeros and is in Coral's table",
        Safety.MANUAL,
        "tf.pad(x, paddings)   # without constant_values",
    ),
    "pool": (
        "Let the pool do the padding",
        Safety.MANUAL,
        "layers.MaxPooling2D(..., padding='same')   # a max pool never takes what it padded",
    ),
    "other": (
        "Pad with zeros",
        Safety.MANUAL,
        "tf.pad(x - value, paddings) + value   # SUB, PAD and ADD are in Coral's table",
    ),
}


def _cure(context: Context, operator: Operator) -> str:
    if _value(context, operator) == 0.0:
        return "zero"
    output = operator.output()
    fills = context.model.values(operator.input(2), 1)
    if output is None or not fills or fills[0] > LOWEST.get(output.dtype, -math.inf):
        return "other"
    readers = list(context.dataflow.successors(operator))
    return "pool" if readers and all(reader.kind == "MAX_POOL_2D" for reader in readers) else "other"


def _value(context: Context, operator: Operator) -> float | None:
    """The real value that the padding has, ``None`` where it is computed."""
    tensor = operator.input(2)
    values = context.model.values(tensor, 1)
    if tensor is None or not values:
        return None
    if tensor.quantization is None:
        return float(values[0])
    return float(values[0] - tensor.quantization.zero_point) * tensor.quantization.scale
