"""Cases of CMP007 off-chip-streaming."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part

MEMORY = """\
Input model: m.tflite
On-chip memory used for caching model parameters: 7.04MiB
On-chip memory remaining for caching model parameters: 1.25KiB
Off-chip memory used for streaming uncached model parameters: {streamed}
Number of Edge TPU subgraphs: 1
"""


OTHER = MEMORY.replace("m.tflite", "n.tflite")


def compiled(m: ModelBuilder, streamed: int) -> None:
    x, y = m.input((1, 8, 8, 3)), m.tensor((1, 8, 8, 8))
    edgetpu_part(m, [x], [y], cached=1000, streamed=streamed)
    m.output(y)


@failing(severity="warning", log=MEMORY.format(streamed="15.06MiB"))
def streams_most_of_it(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="info", log=MEMORY.format(streamed="64.00B"))
def streams_next_to_nothing(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning", log=MEMORY.format(streamed="2.00MiB") + OTHER.format(streamed="0.00B"))
def compiled_together(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning")
def compiled_file(m: ModelBuilder) -> None:
    compiled(m, streamed=2**19)


@passing(log=MEMORY.format(streamed="0.00B"))
def everything_is_cached(m: ModelBuilder) -> None:
    """The log alone."""


@passing
def compiled_file_that_caches_all(m: ModelBuilder) -> None:
    compiled(m, streamed=0)
