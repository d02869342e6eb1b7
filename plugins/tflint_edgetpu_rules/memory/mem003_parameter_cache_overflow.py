"""MEM003 parameter-cache-overflow."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

MIB = 2**20

# What public compiler logs and packages leave for parameters of the 8 MB on the chip: the rest holds code.
CACHE_LEAST, CACHE_MOST = 7.1, 8.05  # MiB


class ParameterCacheOverflow(Rule):
    """More parameters than fit on the chip.

    ## Why it matters
    The Edge TPU keeps parameters in about 8 MB of on-chip memory. What does not fit is sent to it again for
    every inference, over USB or PCIe. Such a model works, it is only slower.

    How much really fits is known after compiling (`Off-chip memory used for streaming uncached model
    parameters`), and the estimate errs both ways: activations share the memory, a 4 MiB model has streamed
    3.4 MiB, and models compiled together share it too.

    ## How to fix
    Nothing, if it is fast enough. Otherwise fewer filters (a smaller width multiplier), or a pipeline of
    several Edge TPUs with `--num_segments`; with one Edge TPU that gains nothing.

    ## References
    - https://coral.ai/docs/edgetpu/compiler/#parameter-data-caching
    - https://github.com/google-coral/edgetpu/issues/572
    - https://github.com/google-coral/edgetpu/issues/663
    """

    meta = RuleMeta(
        "MEM003", "parameter-cache-overflow", Severity.INFO, Certainty.GUESS,
        references=(
            "https://coral.ai/docs/edgetpu/compiler/#parameter-data-caching",
            "https://github.com/google-coral/edgetpu/issues/572",
            "https://github.com/google-coral/edgetpu/issues/663",
        ),
        covers=("M003",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        size = parameter_bytes(context) / MIB
        if size <= CACHE_LEAST:
            return
        least = max(0.0, size - CACHE_MOST)
        segments = int(-(-size // CACHE_LEAST))
        yield self.finding(
            None,
            f"the Edge TPU needs {size:.1f} MiB of parameters, and {CACHE_LEAST} to 8 MiB fit on the chip",
            cost=(
                f"about {least:.1f} to {size - CACHE_LEAST:.1f} MiB are sent again for every inference: "
                "it works, but slower"
            ),
            evidence={"parameter_bytes": round(size * MIB), "cache_mib": [CACHE_LEAST, CACHE_MOST]},
            fix=Fix(
                "Nothing, if it is fast enough; otherwise fewer filters",
                how=(
                    "read the real number from the compiler: edgetpu_compiler -s model.tflite\n"
                    f"with {segments} Edge TPUs: edgetpu_compiler --num_segments={segments} model.tflite "
                    "(no gain with one)"
                ),
            ),
        )


def parameter_bytes(context: Context) -> int:
    """Bytes of all constants that operators on the Edge TPU read; shared ones count once."""
    buffers = {
        tensor.buffer
        for placed in context.placement.operators
        if placed.on == "edgetpu"
        for tensor in placed.operator.inputs
        if tensor is not None
    }
    return sum(context.model.buffers[index].length for index in buffers)
