"""VER001 version-too-new."""

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
    introduced_in,
    needed_version,
    parser_limit,
    subject,
    why_version,
)

from .refused_file import by_kind, cost_of

# Kinds with a rule of their own for the version in question.
ELSEWHERE = {("CONV_2D", 6), ("TRANSPOSE_CONV", 4)}

CURES = {
    "EXP": "train without softplus and mish: SiLU, x * tf.sigmoid(x), or ReLU6 are made of operators of the table",
    "LOG": "train without softplus and mish: SiLU, x * tf.sigmoid(x), or ReLU6 are made of operators of the table",
    "SQRT": "x * tf.math.rsqrt(x)   # RSQRT, MUL",
    "TILE": "tf.concat([x] * n, axis)   # CONCATENATION",
    "QUANTIZE": "converter.optimizations = [tf.lite.Optimize.DEFAULT]   # folds fake-quantization nodes",
    "FULLY_CONNECTED": "converter._experimental_disable_per_channel_quantization_for_dense_layers = True",
    "STRIDED_SLICE": "slice without tf.newaxis and ...: x[:, a:b, :], then tf.reshape",
    "TRANSPOSE": "transpose four dimensions at most: reshape before and after",
    "PAD": "pad four dimensions at most: reshape before and after",
}


class VersionTooNew(Rule):
    """An operator in a version that the compiler's parser does not know.

    ## Why it matters
    edgetpu_compiler 16.0 carries the TensorFlow Lite of 2021 (about 2.6). One operator whose version came
    later, and the whole file is refused. The version comes from a feature of the operator, so an older
    TensorFlow helps only if it writes the operator without that feature.

    ## How to fix
    Avoid the feature in the source model; the message names it. Lowering the number in the file is no fix:
    the old kernel then computes something else (measured for FULLY_CONNECTED), or stops.

    ## References
    - https://github.com/google-coral/edgetpu/issues/879
    - https://github.com/google-coral/libedgetpu/issues/71
    """

    meta = RuleMeta(
        "VER001", "version-too-new", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/879",), covers=("V001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        new = [o for g in context.model.subgraphs for o in g.operators if self._is_new(o, context)]
        for kind, operators in by_kind(new).items():
            version = max(needed_version(operator) for operator in operators)
            limit = parser_limit(kind, context.target)
            since = introduced_in(kind, version)
            yield self.finding(
                operators,
                f"{subject(operators)} needs version {version} because of {why_version(operators[0])}"
                + (f" (since TensorFlow {since})" if since else "")
                + f"; compiler {context.target.name} knows versions up to {limit}",
                cost=cost_of(kind, operators[0].version),
                evidence={"version": version, "limit": limit, "feature": why_version(operators[0])},
                fix=Fix(
                    f"Build {kind} without {why_version(operators[0])}",
                    how=CURES.get(kind, "rewrite this layer with other operators of Coral's table"),
                ),
            )

    @staticmethod
    def _is_new(operator: Operator, context: Context) -> bool:
        limit = parser_limit(operator.kind, context.target)
        version = needed_version(operator)
        return limit is not None and version > limit and (operator.kind, version) not in ELSEWHERE
