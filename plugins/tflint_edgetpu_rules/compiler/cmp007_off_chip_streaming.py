"""CMP007 off-chip-streaming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Location, Rule, RuleMeta, Severity

from .evidence import about, field_place, is_of_this_model, logged_models

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompiledModel, CompilerLog

# Below half a MiB nobody notices: 1 to 2 ms over USB 3 at some 300 MB/s (a guess, buses differ).
NOTICEABLE = 2**19


class OffChipStreaming(Rule):
    """Parameters that are sent to the Edge TPU again for every inference.

    ## Why it matters
    About 8 MB of on-chip memory hold the compiler's code, activations and parameters. What does not fit is
    streamed over USB or PCIe with each inference. Models compiled together share the memory in the order of
    the command line; a model compiled alone evicts the others when a program alternates between them.

    ## How to fix
    Nothing, if it is fast enough. Otherwise: fewer filters, a smaller input (activations share the memory),
    the most used model first on the command line, or a pipeline of several Edge TPUs (`--num_segments`;
    with one Edge TPU that gains nothing).

    ## References
    - https://coral.ai/docs/edgetpu/compiler/#parameter-data-caching
    - https://github.com/google-coral/edgetpu/issues/427
    - https://github.com/google-coral/edgetpu/issues/518
    """

    meta = RuleMeta(
        "CMP007", "off-chip-streaming", Severity.WARNING, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/compiler/#parameter-data-caching",), covers=("L006",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import size_in_bytes

        if context.compiled is not None:
            return  # that one says it to the byte
        for logged in logged_models(log, context):
            streamed = size_in_bytes(logged.off_chip)
            cached = size_in_bytes(logged.on_chip_used)
            if streamed:
                shared = sum(other.run == logged.run for other in log.models) > 1
                yield self._finding(
                    [field_place(logged, "off_chip")], about(logged, log), streamed, cached or 0, shared
                )

    def check_compiled(self, compiled: CompiledModel, context: Context) -> Iterator[Finding]:
        if compiled.streamed_bytes and is_of_this_model(compiled, context):
            yield self._finding(None, "", compiled.streamed_bytes, compiled.cached_bytes, False)

    def _finding(
        self, places: list[Location] | None, prefix: str, streamed: int, cached: int, shared: bool
    ) -> Finding:
        from tflint_edgetpu.api import printed_size

        how = "edgetpu_compiler --num_segments=N model.tflite   # N Edge TPUs; no gain with one"
        if shared:
            how = f"edgetpu_compiler MOST_USED.tflite OTHER.tflite   # the first gets the memory\n{how}"
        return self.finding(
            places,
            f"{prefix}{printed_size(streamed)} of {printed_size(streamed + cached)} of parameters do not fit on the "
            "chip",
            severity=Severity.WARNING if streamed >= NOTICEABLE else Severity.INFO,
            cost="they are sent to the Edge TPU again for every inference",
            evidence={"streamed_bytes": streamed, "cached_bytes": cached},
            fix=Fix("Nothing, if it is fast enough; otherwise fewer filters or a smaller input", how=how),
        )
