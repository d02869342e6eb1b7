"""MEM004 tiny-dense-model."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, percent

# A CPU does a million multiply-accumulates in about the time that one round trip over USB takes: a guess, and
# a model of several million may still be faster there.
FEW_MACS = 1_000_000
MOSTLY = 0.9  # of the arithmetic; a guess


class TinyDenseModel(Rule):
    """A small model of dense layers, which the CPU may well run faster.

    ## Why it matters
    The Edge TPU gains by using each weight many times, as convolutions do. In a dense layer each weight is
    used once, and for a small model sending the input and fetching the result takes longer than the
    arithmetic. A dense MNIST model took 1.9 s on the Edge TPU of a Dev Board and 0.7 s on its CPU, for 50,000
    images.

    ## How to fix
    Measure both: the model before and after compiling, without the first inference, which loads the
    weights. If the CPU wins, leave the model there.

    ## References
    - https://github.com/google-coral/edgetpu/issues/89
    """

    meta = RuleMeta(
        "MEM004", "tiny-dense-model", Severity.INFO, Certainty.GUESS,
        references=("https://github.com/google-coral/edgetpu/issues/89",), covers=("M004",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        placement = context.placement
        total = placement.macs
        if not placement.macs_edgetpu or total > FEW_MACS:
            return
        dense = sum(
            placed.macs for placed in placement.operators if placed.operator.kind == "FULLY_CONNECTED"
        )
        if dense < MOSTLY * total:
            return
        yield self.finding(
            None,
            f"dense layers do {percent(dense / total)} of the arithmetic, and it is little: "
            f"{total:,} multiply-accumulates",
            cost="the transfer to the Edge TPU and back probably takes longer than a CPU needs for all of it",
            evidence={"macs": total, "dense_macs": dense},
            fix=Fix(
                "Measure it on the CPU as well",
                how="time the uncompiled and the compiled file on the device, without the first inference",
            ),
        )
