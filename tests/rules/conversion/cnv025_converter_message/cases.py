"""Cases of CNV025 converter-message."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

STATISTICS = (
    "UserWarning: Statistics for quantized inputs were expected, but not specified; continuing anyway.\n"
)
KEPT = (
    "For model inputs containing unsupported operations which cannot be quantized, the `inference_input_type` "
    "attribute will default to the original type.\n"
)


@passing(converter=KEPT)
def has_a_rule_of_its_own(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="info", converter=STATISTICS * 3)
def harmless(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(
    severity="warning",
    converter="Please consider switching to the new converter by setting experimental_new_converter=True.",
)
def the_converter_of_old(m: ModelBuilder) -> None:
    pass
