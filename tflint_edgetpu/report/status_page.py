"""What the status strings of the compiler's operator table mean, and what to do about each."""

from __future__ import annotations

from ..edgetpu.support.constraint import Status

# Status -> what it usually comes from, and the way out. Sources: public logs joined with their models, and
# the issues of google-coral/edgetpu.
MEANINGS = {
    Status.MAPPED: ("The operator runs on the Edge TPU.", "Nothing."),
    Status.MORE_THAN_ONE_SUBGRAPH: (
        "The operator is fine by itself. Something it depends on was refused, and the compiler hands over one "
        "connected part of the graph only: this operator is a victim, not the cause.",
        "Look at the operators with any other status, and mend the first of them. With the option -a the "
        "compiler takes further parts; each costs a round trip for every inference.",
    ),
    Status.UNSPECIFIED: (
        "The operator is in the table, but something about this one is not: a tensor that is too large for a "
        "relayout (TRANSPOSE, RESHAPE, CONCATENATION), a QUANTIZE from float, a fused activation, a scale.",
        "'tflint-edgetpu lint' names the limit and the numbers; 'explain TRANSPOSE' the limits of an operator.",
    ),
    Status.DATA_TYPE: (
        "A tensor of the operator is not quantized to 8 bit: float32, int64, int16, bool. DEQUANTIZE, and the "
        "detection postprocess with what follows it, print this in every model: that is normal. With "
        "-m 11 or lower all int8 operators print it.",
        "Quantize the model fully; compile with -m 12 or higher.",
    ),
    Status.NOT_SUPPORTED: (
        "The operator is not in the compiler's table.",
        "Write it with operators that are: 'tflint-edgetpu lint' names the equivalent.",
    ),
    Status.VERSION: (
        "The operator is in the table, in a lower version: RESIZE_* with half_pixel_centers up to compiler 15.0, "
        "an ADD that carries the version of an int64 ADD.",
        "Use compiler 16.0, or avoid the feature that needs the version.",
    ),
    Status.RANK: (
        "More than three dimensions of a tensor are larger than 1, or one outside of the three innermost: a "
        "batch, or the rank-5 PACKs of an upsampling by copies.",
        "Batch 1; resize instead of stacking.",
    ),
    Status.NOT_CONSTANT: (
        "Weights or a bias are computed, or stand outside of the flatbuffer where the compiler does not look.",
        "Make them constants; 'tflint-edgetpu fix' moves external buffers into the file.",
    ),
    Status.TWO_D_OUTPUT: (
        "Part of the compiler's words for an operator whose output has more than one row; SPLIT over the batch "
        "prints it in 16.0 as well.",
        "One row, or slices instead of the SPLIT.",
    ),
    Status.UNIT_STRIDES: (
        "A STRIDED_SLICE takes every second, third ... element, or runs backwards: x[:, ::2].",
        "Slice with steps of 1; where a step halves an image, let a convolution or a pooling with stride 2 do it.",
    ),
}


def status_page(word: str) -> str | None:
    """The page of the status that ``word`` is, or begins; ``None`` where there is none."""
    for status, (meaning, way_out) in MEANINGS.items():
        if status.lower() == word.lower() or (len(word) >= 12 and status.lower().startswith(word.lower())):
            return f'# "{status}"\n\n{meaning}\n\n## What to do\n\n{way_out}\n'
    return None
