"""What must be known when the compiler runs: filters, biases, alpha."""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Grey, Seen, Status, constraint, documented, measured
from .evidence import Case

# Operator -> number of its input that is a filter.
FILTERS = {"CONV_2D": 1, "DEPTHWISE_CONV_2D": 1, "TRANSPOSE_CONV": 1}

# Operator -> the inputs that must be constant.
PARAMETERS = {"CONV_2D": (1, 2), "DEPTHWISE_CONV_2D": (1, 2), "TRANSPOSE_CONV": (0, 1, 3), "PRELU": (1,)}

RECURRENT = ("LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM")


@constraint(
    "CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "PRELU", *RECURRENT,
    status=Status.NOT_CONSTANT,
    source=documented("coral.ai/docs/edgetpu/models-intro, model requirements; google-coral/edgetpu issue 684"),
    cases=(
        Case("TRANSPOSE_CONV", False, ((1, 32, 32, 1024), (512, 2, 2, 1024)), ((1, 64, 64, 512),),
             "transpose_conv", "google-coral/edgetpu issue 684, first export"),
        Case("TRANSPOSE_CONV", True, ((1, 32, 32, 1024),), ((1, 64, 64, 512),),
             "transpose_conv", "google-coral/edgetpu issue 684, second export"),
    ),
)  # fmt: skip
def parameters_are_constant(operator: Operator, facts: Facts) -> str | None:
    """Filters, biases and other parameters are constants, stored inside the flatbuffer. A constant in an
    external buffer, as ai-edge-quantizer writes them, is none for the compiler's parser of 2021."""
    numbers = PARAMETERS.get(operator.kind, range(1, len(operator.inputs)))
    for number in numbers:
        tensor = operator.input(number)
        if tensor is None or facts.is_constant(tensor) or tensor.is_variable:
            continue
        stored = " lies behind the flatbuffer" if facts.model.is_constant(tensor) else " is computed"
        return f"'{tensor.name}'{stored}"
    return None


COMPUTED_WEIGHTS = (
    Case(
        "FULLY_CONNECTED", True, ((256, 11),), ((12, 256),), "forest_gemm", "R-e-d-a-X_model_1_4_2_256, 16.0"
    ),
    Case("FULLY_CONNECTED", True, ((1, 14),), ((15, 1),), "forest_gemm", "R-e-d-a-X_model_16_4_2_1, 16.0"),
)


@constraint(
    "FULLY_CONNECTED",
    status=Status.NOT_CONSTANT,
    source=measured(
        "142 of 142 FULLY_CONNECTED with computed weights map in 16.0; issue 25 for older compilers"
    ),
    cases=COMPUTED_WEIGHTS,
)
def weights_are_constant_or_the_only_computed_operand(operator: Operator, facts: Facts) -> Seen:
    """One of the two matrices of FULLY_CONNECTED is a constant, and so is the bias. In 16.0 the constant
    one may be the input and the weights computed; before, the weights are constant."""
    values, weights, bias = operator.input(0), operator.input(1), operator.input(2)
    if bias is not None and not facts.is_constant(bias):
        return f"the bias '{bias.name}' is computed"
    if weights is None or facts.is_constant(weights):
        return None
    stored = "lie behind the flatbuffer" if facts.model.is_constant(weights) else "are computed"
    if facts.target.compiler < (16, 0) or not facts.knows(COMPUTED_WEIGHTS):
        return f"the weights '{weights.name}' {stored}"
    if facts.is_constant(values):
        return None
    return Grey(f"the weights '{weights.name}' {stored} and so is the input: never seen", refused=True)


CONSTRAINTS = (parameters_are_constant, weights_are_constant_or_the_only_computed_operand)
