"""VER003 unknown-builtin."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    FIRST_UNKNOWN_CODE,
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
    introduced_in,
    parser_limit,
    subject,
)

from .refused_file import by_kind, parser_line

CURES = {
    "GELU": "x * tf.sigmoid(1.702 * x)   # LOGISTIC, MUL: within 0.02 of GELU; fine-tune\n"
    "or train with ReLU6 or SiLU",
    "RELU_0_TO_1": "tf.minimum(tf.nn.relu(x), 1.0)   # RELU, MINIMUM: the same function",
    "SIGN": "tf.clip_by_value(x * 1e4, -1.0, 1.0)   # MUL, MINIMUM, MAXIMUM; or leave it to the application",
    "BROADCAST_ARGS": "fix the input shape before converting: the shape is then a constant",
    "DYNAMIC_UPDATE_SLICE": "tf.concat([x[:, :a], update, x[:, b:]], axis=1)   # for constant a and b\n"
    "or keep the buffer (a KV cache, a ring of frames) in the application",
    "CUMSUM": "a dense layer with a constant triangle of ones",
}
IN_FILE = "\ntflint-edgetpu fix --unsafe-fixes model.tflite   # the former, in the file: outputs move by a few steps"
STABLEHLO = (
    "a converter passed it through instead of lowering it: convert with tf.lite.TFLiteConverter, or with a newer "
    "litert-torch\nSTABLEHLO_COMPOSITE: litert-torch's own layers write it, configure them with enable_hlfb=False"
)


class UnknownBuiltin(Rule):
    """An operator that did not exist when the compiler was built.

    ## Why it matters
    The parser of edgetpu_compiler 16.0 ends at builtin code 149. GELU is 150. A file with a later one is
    refused as a whole; no older converter setting brings it back.

    ## How to fix
    Write the operator with older ones before converting. GELU: `x * tf.sigmoid(1.702 * x)` is within 0.02 of
    it; ReLU6 or SiLU after some fine-tuning cost less. STABLEHLO operators come from a converter that did not
    lower them: use the TensorFlow Lite converter, or a newer release of the one you have.

    ## Fix safety
    Unsafe. GELU in 8 bit becomes `x * sigmoid(1.702 * x)` in the file: another function, within 0.0204 of it, with
    its gate rounded to 8 bit. Outputs move by a few steps.

    ## References
    - https://github.com/google-coral/edgetpu/issues/667
    - https://github.com/google-coral/edgetpu/issues/818
    """

    meta = RuleMeta(
        "VER003", "unknown-builtin", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-coral/edgetpu/issues/667",), covers=("V003", "O005"),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [
            operator for operator in context.operators_everywhere() if _is_unknown(operator, context)
        ]
        for kind, same in by_kind(operators).items():
            code = same[0].builtin_code
            if code >= FIRST_UNKNOWN_CODE:
                line = f"Op builtin_code out of range: {code}"
            else:
                line = parser_line(kind, same[0].version)
            since = introduced_in(kind, same[0].version)
            edits = _edits(same)
            yield self.finding(
                same,
                f"{subject(same)} did not exist when compiler {context.target.name} was built (builtin code {code}"
                + (f", since TensorFlow {since})" if since else ")"),
                certainty=Certainty.MEASURED if code >= FIRST_UNKNOWN_CODE else Certainty.DOCUMENTED,
                cost=f'no part of the model is compiled: edgetpu_compiler stops with "{line}"',
                evidence={"builtin_code": code, "since": since, "operators": len(same)},
                fix=Fix(
                    f"Write {kind} with older operators",
                    Safety.UNSAFE if edits else Safety.MANUAL,
                    _cure(kind) + (IN_FILE if edits else ""),
                    edits,
                ),
            )


def _is_unknown(operator: Operator, context: Context) -> bool:
    if operator.kind == "CUSTOM":
        return False
    return operator.builtin_code >= FIRST_UNKNOWN_CODE or parser_limit(operator.kind, context.target) is None


def _edits(operators: list[Operator]) -> tuple[Edit, ...]:
    """Where every one of them is a GELU of integers in the main graph."""
    for operator in operators:
        tensors = (operator.input(0), operator.output())
        if operator.kind != "GELU" or operator.subgraph != 0:
            return ()
        if any(t is None or t.dtype not in ("INT8", "UINT8") or t.quantization is None for t in tensors):
            return ()
    return tuple(Edit("gelu-to-logistic", operator.ref) for operator in operators)


def _cure(kind: str) -> str:
    if kind.startswith("STABLEHLO_"):
        return STABLEHLO
    return CURES.get(
        kind, "rewrite the layer with operators of Coral's table, or leave it to the application"
    )
