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
    newest_known,
    parser_limit,
    subject,
    why_version,
)

from .refused_file import by_kind, certainty_of, cost_of

# Kinds with a rule of their own for the version in question.
ELSEWHERE = {("CONV_2D", 6), ("TRANSPOSE_CONV", 4)}

SOFTPLUS = (
    "train without softplus and mish: SiLU, x * tf.sigmoid(x), or ReLU6 are made of operators of the table"
)
CURES = {
    ("EXP", 2): SOFTPLUS,
    ("LOG", 2): SOFTPLUS,
    ("SQRT", 2): "x * tf.math.rsqrt(x)   # RSQRT, MUL",
    ("TILE", 3): "tf.concat([x] * n, axis)   # CONCATENATION",
    ("QUANTIZE", 3): "converter.optimizations = [tf.lite.Optimize.DEFAULT]   # folds fake-quantization nodes",
    (
        "FULLY_CONNECTED",
        12,
    ): "converter.representative_dataset = calibration_images   # full integer quantization:\n"
    "# version 12 is a Dense layer whose activations stayed float",
    ("STRIDED_SLICE", 8): "slice with constant ends: x[:, a:b, :]",
    ("REVERSE_V2", 3): "mirror the data in the application",
}
# What helps against a feature, whatever the operator: words of :func:`why_version`.
CURES_BY_FEATURE = {
    "int4": "quantize the weights to int8, the Edge TPU has no 4-bit arithmetic",
    "int2": "quantize the weights to int8, the Edge TPU has no 2-bit arithmetic",
    "uint4": "quantize the weights to int8, the Edge TPU has no 4-bit arithmetic",
    "int16": "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]   # not 16x8",
    "float16": "convert from the float32 model, with full integer quantization",
    "bfloat16": "convert from the float32 model, with full integer quantization",
    "six dimensions": "work on four dimensions at most: tf.reshape before and after",
    "five dimensions": "work on four dimensions at most: tf.reshape before and after",
    "four dimensions": "work on four dimensions at most: tf.reshape before and after",
    "half_pixel_centers": "use compiler 16.0, or tf.compat.v1.image.resize_nearest_neighbor(x, size)",
    "quantized_bias_type": "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]   # not 16x8",
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
        new: list[Operator] = []
        unheard_of: list[Operator] = []
        for operator in context.operators_everywhere():
            limit = parser_limit(operator.kind, context.target)
            if limit is None:
                continue  # the operator itself is unknown, or custom
            version = needed_version(operator)
            # A lower number in the file gets past the parser; other rules say what is wrong with the operator.
            if min(version, operator.version) > limit:
                if (operator.kind, version) not in ELSEWHERE:
                    new.append(operator)
            elif operator.version > newest_known(operator.kind):
                unheard_of.append(operator)
        for kind, operators in by_kind(new).items():
            yield self._too_new(kind, operators, context)
        for kind, operators in by_kind(unheard_of).items():
            yield self._unheard_of(kind, operators, context)

    def _too_new(self, kind: str, operators: list[Operator], context: Context) -> Finding:
        newest = max(operators, key=needed_version)
        version, feature = needed_version(newest), why_version(newest)
        limit = parser_limit(kind, context.target)
        since = introduced_in(kind, version)
        return self.finding(
            operators,
            f"{subject(operators)}: version {version} is needed for {feature}"
            + (f" (since TensorFlow {since})" if since else "")
            + f", compiler {context.target.name} knows versions up to {limit}",
            certainty=certainty_of(kind),
            cost=cost_of(kind, max(operator.version for operator in operators)),
            evidence={"version": version, "limit": limit, "feature": feature, "since": since},
            fix=Fix(f"Build {kind} without {feature}", how=_cure(kind, version, feature)),
        )

    def _unheard_of(self, kind: str, operators: list[Operator], context: Context) -> Finding:
        written = operators[0].version
        return self.finding(
            operators,
            f"{subject(operators)}: version {written} came after the TensorFlow Lite that is known here (LiteRT of "
            f"August 2026), compiler {context.target.name} knows versions up to {parser_limit(kind, context.target)}",
            certainty=Certainty.DOCUMENTED,
            cost=cost_of(kind, written),
            evidence={"version": written, "limit": parser_limit(kind, context.target)},
            fix=Fix(
                f"Convert with a TensorFlow that writes an older {kind}",
                how="pip install tensorflow==2.15.1   # then convert again",
            ),
        )


def _cure(kind: str, version: int, feature: str) -> str:
    cure = CURES.get((kind, version))
    if cure is None:
        words = (cure for word, cure in CURES_BY_FEATURE.items() if _mentions(feature, word))
        cure = next(words, "rewrite this layer with other operators of Coral's table")
    return cure


def _mentions(feature: str, words: str) -> bool:
    return f" {words} " in f" {feature.replace(',', ' ')} "
