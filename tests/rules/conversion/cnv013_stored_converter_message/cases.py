"""Cases of CNV013 stored-converter-message."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.notebooks import notebook


@failing(
    severity="info",
    path="x.ipynb",
    script=notebook(
        "data = tf.lite.TFLiteConverter.from_saved_model('model').convert()",
        outputs={
            1: "WARNING:absl:For model inputs containing unsupported operations which cannot be quantized, "
            "the `inference_input_type` attribute will default to the original type."
        },
    ),
)
def harmless(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    path="x.ipynb",
    script=notebook(
        "data = tf.lite.TFLiteConverter.from_saved_model('model').convert()",
        outputs={1: "error: 'tf.MatrixInverse' op is neither a custom op nor a flex op"},
    ),
)
def not_harmless(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    path="x.ipynb",
    script=notebook(
        "data = tf.lite.TFLiteConverter.from_saved_model('model').convert()",
        outputs={1: "W tf_tfl_flatbuffer_helpers.cc:364] Ignored output_format."},
    ),
)
def nothing_that_matters(m: ModelBuilder) -> None:
    """A script, no model."""
