"""Cases of CNV022 interface-type-kept."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector

INPUTS = (
    "WARNING:absl:For model inputs containing unsupported operations which cannot be quantized, the "
    "`inference_input_type` attribute will default to the original type.\n"
)
OUTPUTS = INPUTS.replace("input", "output")


@passing(converter="Ignored output_format.\n")
def nothing_said(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), name="a")))


@failing(severity="info", converter=INPUTS)
def said_of_an_input_that_is_an_integer(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="info", converter=INPUTS)
def said_of_an_input_that_is_float(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32"))))


@failing(severity="info", converter=INPUTS + OUTPUTS)
def both_of_a_detector(m: ModelBuilder) -> None:
    detector(m)


@failing(severity="info", converter=OUTPUTS)
def a_log_alone(m: ModelBuilder) -> None:
    pass
