"""MEM003 parameter-cache-overflow."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

MIB = 2**20


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
        observed = context.observed
        if observed is not None and observed.streamed_bytes is not None:
            return  # known from the compiler: no need to estimate
        memory = context.placement.memory
        if not memory.streamed:
            return
        yield self.finding(
            None,
            f"about {memory.streamed / MIB:.1f} of {memory.parameters / MIB:.1f} MiB of parameters do not fit "
            "on the chip",
            cost="they are sent again for every inference: it works, but slower",
            evidence={
                "parameter_bytes": memory.parameters,
                "cached_bytes": memory.cached,
                "streamed_bytes": memory.streamed,
            },
            fix=Fix(
                "Nothing, if it is fast enough; otherwise fewer filters",
                how=(
                    "read the real number from the compiler: edgetpu_compiler -s model.tflite\n"
                    f"with {memory.segments} Edge TPUs: edgetpu_compiler --num_segments={memory.segments} "
                    "model.tflite   (no gain with one)"
                ),
            ),
        )
