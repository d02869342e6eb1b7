"""QNT001 not-fully-quantized."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
)

from .recipes import FULL_INTEGER
from .whole_model import cost_of, how_many, which

# How each kind of float model is called in the message.
CALLED = {
    "float32": "a float32 model",
    "float16": "a float16 model",
    "dynamic range": "a dynamic range model",
    "weights only": "a model whose weights alone are stored as integers",
    "fake quantized": "a model from quantization-aware training, not converted to integers",
    "partly float": "only the smaller part of the model is quantized",
}

# What is left to do for each kind.
MISSING = {
    "float32": "It was converted without quantization.",
    "float16": "Remove supported_types = [tf.float16]: it only shortens the weights.",
    "dynamic range": "converter.representative_dataset is missing: only the weights were quantized.",
    "weights only": "Only the weights are stored as integers: ask for full integer quantization instead.",
    "fake quantized": "Set converter.optimizations: without it the ranges from training stay decoration.",
    "partly float": "The converter could not quantize some operators, or was allowed to leave them in float.",
}


class NotFullyQuantized(Rule):
    """The model, or most of it, computes in float.

    ## Why it matters
    The Edge TPU runs quantized 8-bit operators only. For a float32, float16 or dynamic range model
    `edgetpu_compiler` prints `Model not quantized`, or it ends as if all was well and maps nothing
    (`Number of Edge TPU subgraphs: 0`, every operator `working on an unsupported data type`).

    A file can be small and hold int8 weights and still be such a model: in dynamic range quantization
    the activations stay float.

    ## How to fix
    Convert again with a representative dataset and `supported_ops = [TFLITE_BUILTINS_INT8]`; the finding
    prints the lines for Keras, the TF Object Detection API, onnx2tf and Ultralytics. The activation ranges
    come from running the model on real inputs, so no tool can repair the file alone.

    Newer converters leave an operator they cannot quantize in float without a word. With
    `converter.experimental_new_quantizer = False` they stop and name it.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#model-requirements
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    - https://github.com/google-coral/edgetpu/issues/213
    - https://github.com/google-coral/edgetpu/issues/438
    """

    meta = RuleMeta(
        "QNT001", "not-fully-quantized", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro/#model-requirements",
            "https://github.com/google-coral/edgetpu/issues/213",
            "https://github.com/google-coral/edgetpu/issues/438",
        ),
        covers=("Q001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        kind, parts = context.quantization_kind, context.arithmetic
        if kind not in MISSING or (kind == "partly float" and not parts.is_mostly_float):
            return
        computing = parts.of("float")
        integer = len(parts.of("int8", "int16"))
        converting = [
            operator
            for operator in context.operators("QUANTIZE", "DEQUANTIZE", "FAKE_QUANT")
            if context.placed(operator).on == "cpu"
        ]
        yield self.finding(
            [*computing, *converting],
            f"{how_many(computing, len(computing) + integer)} in float ({CALLED[kind]}){which(computing)}",
            cost=(
                f"{cost_of(computing, context)}; edgetpu_compiler stops with 'Model not quantized', "
                "or succeeds and maps none of them"
            ),
            evidence={"kind": kind, "float_operators": len(computing), "integer_operators": integer},
            fix=Fix("Convert again with full integer quantization", how=f"{MISSING[kind]}\n{FULL_INTEGER}"),
        )
