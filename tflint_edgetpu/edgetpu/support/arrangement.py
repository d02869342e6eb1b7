"""Operators that join, cut and pad: which axes, which options."""

from __future__ import annotations

from ...model.graph import Operator, Tensor
from .constraint import Facts, Grey, Seen, Status, constraint, documented, guess, measured
from .evidence import Case
from .operators import TABLE


@constraint("CONCATENATION", status=Status.UNSPECIFIED, source=documented(TABLE))
def a_constant_joined_is_zero_padding(operator: Operator, facts: Facts) -> str | None:
    """If CONCATENATION joins a constant, it has exactly two inputs and the constant holds zeros only: it is
    a padding."""
    constants = [
        tensor for tensor in operator.inputs if tensor is not None and facts.model.is_constant(tensor)
    ]
    if not constants:
        return None
    if len(operator.inputs) != 2:
        return f"'{constants[0].name}' is constant and there are {len(operator.inputs)} inputs"
    if not _is_zero(constants[0], facts):
        return f"the constant '{constants[0].name}' is not all zeros"
    return None


def _is_zero(tensor: Tensor, facts: Facts) -> bool:
    values = facts.model.values(tensor, limit=1 << 16)
    zero = tensor.quantization.zero_point if tensor.quantization else 0
    return values is not None and all(value == zero for value in values)


PACK_AXIS_0 = (
    Case("PACK", True, ((2, 1),) * 8, ((8, 2, 1),), "forest_gemm", "R-e-d-a-X_model_8_2_2_1, 16.0"),
    Case("PACK", True, ((15, 1),) * 16, ((16, 15, 1),), "forest_gemm", "R-e-d-a-X_model_16_4_2_1, 16.0"),
)


@constraint("PACK", status=Status.UNSPECIFIED, source=documented(TABLE), cases=PACK_AXIS_0)
def pack_does_not_stack_along_axis_0(operator: Operator, facts: Facts) -> str | None:
    """Up to compiler 15.0, PACK does not stack along axis 0. 16.0 was seen to map it where the result has
    three dimensions; with four, axis 0 is the batch and stacking two makes it larger than 1."""
    output = operator.output()
    if output is None or not output.shape or operator.option("axis", 0) % len(output.shape) != 0:
        return None
    if facts.target.compiler >= (16, 0) and facts.knows(PACK_AXIS_0):
        return None
    return f"it stacks along axis 0 of {list(output.shape)}"


@constraint(
    "SPLIT",
    status=Status.TWO_D_OUTPUT,
    source=documented(f"{TABLE}; 10 of 10 refused in five logs of 16.0"),
    cases=(
        Case("SPLIT", False, ((8, 2, 1),), ((1, 2, 1),) * 8, "forest_gemm", "R-e-d-a-X_model_8_2_2_1, 16.0"),
        Case(
            "SPLIT",
            True,
            ((1, 40, 40, 64),),
            ((1, 40, 40, 32),) * 2,
            "yolov9",
            "yolov9-s relu6 320 px, public log, 16.0",
        ),
    ),
)
def split_does_not_cut_batches(operator: Operator, facts: Facts) -> str | None:
    """SPLIT does not cut along axis 0, whatever the number of dimensions. Along the channels it maps."""
    values = operator.input(1)
    axis = facts.model.values(operator.input(0), limit=1)
    if values is None or not axis or not values.shape:
        return None
    return f"it cuts axis 0 of {list(values.shape)}" if axis[0] % len(values.shape) == 0 else None


@constraint(
    "PAD",
    status=Status.UNSPECIFIED,
    source=guess(
        "the kernel of TensorFlow 2.5 reads paddings as int32; 128 of 128 PADs in compiled models have such"
    ),
)
def paddings_are_int32(operator: Operator, facts: Facts) -> Seen:
    """The paddings of PAD are INT32: the compiler's kernel misreads INT64, as litert-torch writes them."""
    paddings = operator.input(1)
    if paddings is None or paddings.dtype == "INT32":
        return None
    return Grey(f"'{paddings.name}' is {paddings.dtype}", refused=True)


@constraint("STRIDED_SLICE", status=Status.UNSPECIFIED, source=documented(TABLE))
def no_ellipsis_and_no_new_axis(operator: Operator, facts: Facts) -> str | None:
    """STRIDED_SLICE has neither an ellipsis mask nor a new-axis mask."""
    for mask in ("ellipsis_mask", "new_axis_mask"):
        value = operator.option(mask, 0)
        if value:
            return f"{mask} {value}"
    return None


STRIDES = (
    Case("STRIDED_SLICE", False, ((1, 640, 640, 3),), ((1, 320, 640, 3),), "yolov5",
         "public log, yolov5s, 4 of 4, 15.0"),
    Case("STRIDED_SLICE", True, ((1, 224, 224, 3),), ((1, 112, 224, 3),), "yolov5",
         "jveitchmichaelis/edgetpu-yolo, yolov5s 224 px, 13 of 13, 16.0"),
)  # fmt: skip


@constraint(
    "STRIDED_SLICE",
    status=Status.UNIT_STRIDES,
    source=measured(f"{TABLE}; public logs of yolov5s with its focus layer: refused by 15.0, mapped by 16.0"),
    until=(15, 99),
    cases=STRIDES,
)
def strides_are_1(operator: Operator, facts: Facts) -> str | None:
    """Up to compiler 15.0, STRIDED_SLICE has strides of 1 only. 16.0 was seen to map strides of 2, against
    Coral's table."""
    strides = facts.model.values(operator.input(3), limit=16)
    if strides is None or all(stride == 1 for stride in strides):
        return None
    return f"strides {list(strides)}"


CONSTRAINTS = (
    a_constant_joined_is_zero_padding,
    pack_does_not_stack_along_axis_0,
    split_does_not_cut_batches,
    paddings_are_int32,
    no_ellipsis_and_no_new_axis,
    strides_are_1,
)
