"""QNT002 float-island."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

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
    counted,
    quoted,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import FloatIsland

# Rules of their own speak of these, in whatever type they stand.
KNOWN_ELSEWHERE = frozenset(("ELU", "HARD_SWISH", "LEAKY_RELU", "LOG_SOFTMAX"))

# What to write instead of operators that converters leave in float. TensorFlow 2.21 was seen to quantize each
# replacement into operators of Coral's table (and to leave NEG and SQUARE in float).
INSTEAD = {
    "NEG": "tf.negative(x), also the one inside Keras 3's LayerNormalization -> x * -1.0",
    "SQUARE": "tf.square(x) -> x * x",
    "DIV": "x / y -> x * tf.math.rsqrt(y) * tf.math.rsqrt(y) where y > 0; by a constant: x * (1 / y)",
    "ABS": "tf.abs(x) -> tf.maximum(x, x * -1.0)",
    "CAST": "tf.cast -> keep one type through the whole graph",
    "EQUAL": "tf.equal -> compare in the application",
    "EXP": "tf.exp -> end the model before it and compute it in the application",
}

# Alone between a DEQUANTIZE and a QUANTIZE, these are a MUL of the integers.
MULTIPLICATIONS = frozenset(("NEG", "SQUARE"))
# And these move the integers, where all of them have one scale.
MOVES = frozenset(("RESHAPE", "SLICE", "SPLIT", "STRIDED_SLICE", "TRANSPOSE"))

STRICT = (
    "to see what the converter cannot quantize:\n"
    "  converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n"
    "  converter.experimental_new_quantizer = False  # stops and names the operator"
)


class IslandInFloat(Rule):
    """Operators in the middle, at the start or at the end of a quantized model that compute in float.

    ## Why it matters
    The converter wraps an operator it cannot quantize into DEQUANTIZE and QUANTIZE, without a warning.
    The Edge TPU's part ends there: the compiler maps one connected part of the graph, and what depends on
    the island runs on the CPU. At the very end of the graph an island costs nothing more and is only
    mentioned.

    ## How to fix
    Replace the operator in the source model by ones that can be quantized, or end the model before it and
    compute the rest in the application. The finding names the replacement where one is known. NEG (of Keras 3's
    LayerNormalization) and SQUARE can be replaced in the file; so can operators that only move values, which the
    converter leaves in float now and then.

    The DEQUANTIZEs in front of `TFLite_Detection_PostProcess` are no island: that operator exists in float
    only and is the normal end of a detector.

    ## Fix safety
    Safe for operators that only move values between integers of one scale. Unsafe for NEG and SQUARE: MUL rounds in
    fixed point, the float detour once, which is up to one step of its result.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#model-requirements
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    """

    meta = RuleMeta(
        "QNT002", "float-island", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro/#model-requirements",), covers=("Q002",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        model, dataflow = context.model, context.dataflow
        if context.quantization_kind != "partly float" or context.arithmetic.is_mostly_float:
            return  # QNT001 speaks of the model as a whole
        from tflint_edgetpu.api import find_end_to_end_head, find_float_islands

        head = find_end_to_end_head(dataflow)
        elsewhere = frozenset(head.operators if head else ())
        alike: dict[tuple[tuple[str, ...], str], list[FloatIsland]] = {}
        for island in find_float_islands(model, dataflow):
            causes = [op for op in island.computing if op not in elsewhere and op.kind not in KNOWN_ELSEWHERE]
            if causes:
                key = tuple(sorted({operator.label for operator in island.computing})), _place(island)
                alike.setdefault(key, []).append(island)
        for (kinds, place), islands in alike.items():
            yield self._report(kinds, place, islands, context)

    def _report(
        self, kinds: tuple[str, ...], place: str, islands: list[FloatIsland], context: Context
    ) -> Finding:
        operators = [operator for island in islands for operator in island.operators]
        first = islands[0]
        # What could run on the Edge TPU is only carried along by what could not.
        guilty = [operator for operator in first.computing if not context.is_in_table(operator)]
        guilty = guilty or list(first.computing)
        names = _listed(dict.fromkeys(operator.label for operator in guilty))
        if place == "middle":
            where = f"leaves 8-bit arithmetic at {quoted(first.entries[0])} for {names}"
            where += f" and returns at {quoted(first.exits[0])}"
        elif place == "start":
            where = f"starts in float with {names} and becomes 8-bit at {quoted(first.exits[0])}"
        elif place == "end":
            where = f"ends in float: {names} behind {quoted(first.entries[0])}"
        else:
            where = f"has a branch that is float from end to end: {names}"
        edits = _edits(islands)
        more = f", and {counted(len(islands) - 1, 'more time')} in the same way" if len(islands) > 1 else ""
        return self.finding(
            operators,
            f"the graph {where}{more}",
            severity=context.severity_of_loss(operators),
            cost=context.cost_of_loss(operators),
            evidence={
                "kinds": list(kinds),
                "islands": len(islands),
                "operators": len(operators),
                "place": place,
            },
            fix=Fix(
                _title(names, edits, len(guilty)),
                _safety(edits),
                _advice(guilty, edits),
                edits,
            ),
        )


def _place(island: FloatIsland) -> str:
    if island.entries and island.exits:
        return "middle"
    if island.exits:
        return "start"
    return "end" if island.entries else "branch"


def _listed(names: Iterable[str]) -> str:
    """``A, B and C``; the first three where there are more than four."""
    *head, last = names
    if len(head) > 3:
        head, last = head[:3], f"{len(head) - 2} other kinds"
    return f"{', '.join(head)} and {last}" if head else last


def _edits(islands: list[FloatIsland]) -> tuple[Edit, ...]:
    """Where every one of ``islands`` can be left in the same way."""
    kinds = {_edit(island) for island in islands}
    kind = kinds.pop()
    return () if kind is None or kinds else tuple(Edit(kind, island.computing[0].ref) for island in islands)


def _edit(island: FloatIsland) -> str | None:
    (first, *more) = island.computing
    converts = {operator.kind for operator in island.operators} - {first.kind}
    if more or converts != {"DEQUANTIZE", "QUANTIZE"} or len(island.entries) != 1:
        return None
    source, *results = (*island.entries, *island.exits)
    if first.kind in MULTIPLICATIONS and all(tensor.dtype == "INT8" for tensor in (source, *results)):
        return "multiply-in-integers"
    same = all(
        (tensor.dtype, tensor.quantization) == (source.dtype, source.quantization) for tensor in results
    )
    return "move-in-integers" if first.kind in MOVES and same and source.dtype in ("INT8", "UINT8") else None


def _safety(edits: tuple[Edit, ...]) -> Safety:
    if not edits:
        return Safety.MANUAL
    return Safety.SAFE if edits[0].kind == "move-in-integers" else Safety.UNSAFE


def _title(names: str, edits: tuple[Edit, ...], guilty: int) -> str:
    if not edits:
        return f"Replace {names}, or end the model before {'it' if guilty == 1 else 'them'}"
    if edits[0].kind == "move-in-integers":
        return f"Let {names} move the integers"
    return f"Multiply the integers in place of {names}"


def _advice(operators: list[Operator], edits: tuple[Edit, ...]) -> str:
    command = {
        Safety.SAFE: [
            "tflint-edgetpu fix model.tflite   # or convert again: not every run leaves it in float"
        ],
        Safety.UNSAFE: ["tflint-edgetpu fix --unsafe-fixes model.tflite   # up to one step of its result"],
        Safety.MANUAL: [],
    }[_safety(edits)]
    known = [INSTEAD[kind] for kind in dict.fromkeys(op.kind for op in operators) if kind in INSTEAD]
    return "\n".join([*command, *known, STRICT])
