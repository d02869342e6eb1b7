"""Cases of CMP005 unsupported-rank."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

RANK = "Tensor has unsupported rank (up to 3 innermost dimensions mapped)"
SEVERAL = "More than one subgraph is not supported"


@failing(severity="error", log=f"PACK  4  {RANK}\nRESHAPE  6  Mapped to Edge TPU\nCONV_2D  14  {SEVERAL}\n")
def upsampling_of_a_feature_pyramid(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning", log=f"CONV_2D  1  {RANK}\nADD  2  Mapped to Edge TPU\n")
def a_batch(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=f"CONV_2D  1  Mapped to Edge TPU\nRELU  1  {RANK}\n")
def pinned_to_an_operator_predicted_to_map(m: ModelBuilder) -> None:
    m.output(m.unary("RELU", m.conv2d(m.input((1, 8, 8, 3)))))


@passing(log=f"DEQUANTIZE  2  {RANK}\nCONV_2D  14  Mapped to Edge TPU\n")
def dequantize_never_maps(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=f"RESHAPE  1  {RANK}\nRELU  1  Mapped to Edge TPU\n")
def predicted(m: ModelBuilder) -> None:
    m.output(m.reshape(m.unary("RELU", m.input((1, 4, 4, 16))), (2, 2, 4, 2, 8)))
