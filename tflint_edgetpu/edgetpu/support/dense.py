"""FULLY_CONNECTED."""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Grey, Seen, Status, constraint, documented, guess, within
from .evidence import Band, Case
from .operators import TABLE


@constraint("FULLY_CONNECTED", status=Status.UNSPECIFIED, source=documented(TABLE))
def weights_have_the_default_format(operator: Operator, facts: Facts) -> str | None:
    """The weights of FULLY_CONNECTED have the default format, not a shuffled one."""
    weights_format = operator.option("weights_format", 0)
    return f"weights format {weights_format}" if weights_format else None


OUTPUTS = Band(
    lambda inputs, outputs: max((shape[-1] if shape else 1 for shape in outputs), default=1),
    "outputs",
    (
        Case("FULLY_CONNECTED", True, ((1, 12288),), ((1, 12288),), "matmul",
             "LibrEdgeTPU, docs/HARDWARE_ANALYSIS.md, 16.0"),
        Case("FULLY_CONNECTED", False, ((1, 1024),), ((1, 100_000),), "matmul", "libcoral CHANGES.md, split_fc tool"),
    ),
)  # fmt: skip


@constraint(
    "FULLY_CONNECTED",
    status=Status.UNSPECIFIED,
    source=guess("between 12,288 outputs, which map, and 100,000, for which libcoral has the tool split_fc"),
    cases=OUTPUTS.cases,
)
def outputs_are_few_enough(operator: Operator, facts: Facts) -> Seen:
    """FULLY_CONNECTED has no more outputs than the compiler can place."""
    return within(OUTPUTS, operator, facts, "it has")


@constraint(
    "FULLY_CONNECTED",
    status=Status.UNSPECIFIED,
    source=guess(
        "the CPU kernel of TensorFlow 2.5, the compiler's base, outputs its zero point for such weights"
    ),
)
def weights_are_quantized_per_tensor(operator: Operator, facts: Facts) -> Seen:
    """The weights of FULLY_CONNECTED have one scale. Nobody has shown what the compiler makes of one scale a
    channel, as TensorFlow 2.17 and later write it."""
    weights = operator.input(1)
    if weights is None or weights.quantization is None or not weights.quantization.per_channel:
        return None
    return Grey(
        f"'{weights.name}' has {len(weights.quantization.scales)} scales: never seen compiled", refused=False
    )


CONSTRAINTS = (weights_have_the_default_format, outputs_are_few_enough, weights_are_quantized_per_tensor)
