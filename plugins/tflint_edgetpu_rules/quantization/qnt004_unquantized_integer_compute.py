"""QNT004 unquantized-integer-compute."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    others_like_it,
    quoted,
)

from .whole_model import cost_of, severity_of

# Operators that calculate; those that move, compare, count or convert integers have other reasons to do so.
CALCULATING = frozenset(
    (
        "ABS", "ADD", "ADD_N", "AVERAGE_POOL_2D", "BATCH_MATMUL", "CONV_2D", "CONV_3D", "CUMSUM",
        "DEPTHWISE_CONV_2D", "DIV", "FULLY_CONNECTED", "HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "MAXIMUM",
        "MAX_POOL_2D", "MEAN", "MINIMUM", "MUL", "NEG", "POW", "PRELU", "REDUCE_MAX", "REDUCE_MIN", "RELU",
        "RELU6", "RELU_N1_TO_1", "SOFTMAX", "SQUARE", "SQUARED_DIFFERENCE", "SUB", "SUM", "TANH",
        "TRANSPOSE_CONV",
    )
)  # fmt: skip

# What these compute are sizes and indices ...
INDEX_SOURCES = frozenset(
    (
        "ARG_MAX", "ARG_MIN", "NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5", "RANGE", "RANK", "SHAPE",
        "TOPK_V2", "UNIQUE", "WHERE",
    )
)  # fmt: skip
# ... and what these read at these positions.
INDEX_OPERANDS = {
    "BATCH_TO_SPACE_ND": (1, 2), "BROADCAST_ARGS": (0, 1), "BROADCAST_TO": (1,), "CUMSUM": (1,),
    "DYNAMIC_UPDATE_SLICE": (2,), "EMBEDDING_LOOKUP": (0,), "EXPAND_DIMS": (1,), "FILL": (0,), "GATHER": (1,),
    "GATHER_ND": (1,), "MEAN": (1,), "MIRROR_PAD": (1,), "ONE_HOT": (0, 1), "PAD": (1,), "PADV2": (1,),
    "RANGE": (0, 1, 2), "REDUCE_MAX": (1,), "REDUCE_MIN": (1,), "RESHAPE": (1,), "RESIZE_BILINEAR": (1,),
    "RESIZE_NEAREST_NEIGHBOR": (1,), "REVERSE_V2": (1,), "SCATTER_ND": (0, 2), "SLICE": (1, 2), "SPLIT": (0,),
    "SPACE_TO_BATCH_ND": (1, 2), "STRIDED_SLICE": (1, 2, 3), "SUM": (1,), "TILE": (1,), "TRANSPOSE": (1,),
    "TRANSPOSE_CONV": (0,),
}  # fmt: skip


class UnquantizedIntegerCompute(Rule):
    """Operators that calculate on integers without a scale.

    ## Why it matters
    An int8 tensor without a scale is no quantized tensor: nobody knows which real numbers it stands for,
    and neither do the kernels. int32 and int64 arithmetic is not for the Edge TPU at all. Such operators
    run on the CPU (`working on an unsupported data type`) or stop the interpreter.

    Models get that way when layers are built with `dtype=tf.int8`. Arithmetic on sizes and indices is
    something else and is not meant here.

    ## How to fix
    Build and train the model in float and let the converter quantize it. Scale uint8 pictures by the
    quantization of the input, not by integer layers inside the model.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#model-requirements
    - https://ai.google.dev/edge/litert/models/quantization_spec
    """

    meta = RuleMeta(
        "QNT004", "unquantized-integer-compute", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro/#model-requirements",
            "https://ai.google.dev/edge/litert/models/quantization_spec",
        ),
        covers=("Q007",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        found = [operator for operator in context.arithmetic.of("integer") if operator.kind in CALCULATING]
        if not found:
            return
        indices = _index_tensors(context)
        found = [operator for operator in found if indices.isdisjoint(operator.outputs)]
        if not found:
            return
        first = found[0]
        output = first.outputs[0]
        more = others_like_it(len(found), "operator")
        # An 8-bit number without a scale means nothing, wherever the operator runs.
        meaningless = any(operator.outputs[0].dtype in ("INT8", "UINT8") for operator in found)
        yield self.finding(
            found,
            f"{first.label} {quoted(output)} calculates on {output.dtype} without a scale{more}",
            severity=Severity.ERROR if meaningless else severity_of(found, context),
            cost="nobody knows which real numbers these stand for"
            if meaningless
            else cost_of(found, context),
            evidence={"operators": len(found), "dtypes": sorted({op.outputs[0].dtype for op in found})},
            fix=Fix(
                "Build the model in float and let the converter quantize it",
                how="no dtype=tf.int8 or tf.int32 on layers; convert with a representative dataset and\n"
                "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]",
            ),
        )


def _index_tensors(context: Context) -> set[Tensor]:
    """Integers that are sizes or indices: computed from such, or read as such. Two passes over the operators,
    which stand in the order in which they run."""
    found: set[Tensor] = set()
    operators: list[Operator] = list(context.operators())
    for operator in operators:
        if operator.kind in INDEX_SOURCES or not found.isdisjoint(_present(operator)):
            found.update(tensor for tensor in operator.outputs if _is_plain_integer(tensor))
    for operator in reversed(operators):
        if not found.isdisjoint(operator.outputs):
            found.update(tensor for tensor in _present(operator) if _is_plain_integer(tensor))
        for position in INDEX_OPERANDS.get(operator.kind, ()):
            operand = operator.input(position)
            if operand is not None:
                found.add(operand)
    return found


def _present(operator: Operator) -> Iterator[Tensor]:
    return (tensor for tensor in operator.inputs if tensor is not None)


def _is_plain_integer(tensor: Tensor) -> bool:
    return tensor.dtype in ("INT32", "INT64", "UINT32") and not tensor.is_quantized
