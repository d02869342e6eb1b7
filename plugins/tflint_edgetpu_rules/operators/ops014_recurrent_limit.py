"""OPS014 recurrent-limit."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    reason_of,
    subject,
)

from .refusal import consequences, is_refused, refused

UNSUPPORTED = (
    "BIDIRECTIONAL_SEQUENCE_LSTM", "BIDIRECTIONAL_SEQUENCE_RNN", "UNIDIRECTIONAL_SEQUENCE_RNN", "RNN", "SVDF",
)  # fmt: skip
SUPPORTED = ("LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM")
# A report of compiler 16.0 on LSTM(32): compiled with up to about 900 inputs, failed without a message
# above 1000. Source: google-coral/edgetpu issue 598. One model, so a guess for any other.
COMPILED_UP_TO, FAILED_FROM = 900, 1000

UNROLL = Fix(
    "Write out the steps, or use convolutions over time",
    Safety.MANUAL,
    "Keras:  cell = layers.LSTMCell(units)   # batch 1, a fixed and short number of steps\n"
    "        state = [keras.ops.zeros((1, units)), keras.ops.zeros((1, units))]\n"
    "        for step in range(steps):\n"
    "            y, state = cell(x[:, step, :], state)\n"
    "        # LSTM(unroll=True) takes x apart by UNPACK, which the Edge TPU refuses; slices are fine\n"
    "or layers.Conv1D(...) over the time axis where the sequence is long",
)


class RecurrentLimit(Rule):
    """A recurrent layer that the Edge TPU refuses or is likely to fail on.

    ## Why it matters
    Compiler 16.0 is the first with LSTM, and only forward in time. Other recurrent operators are not in
    Coral's table. Current TensorFlow cannot make an int8 LSTM operator either: the conversion crashes or
    leaves the layer in float. With more than about 900 inputs the compiler was seen to fail without a
    message.

    ## How to fix
    Call `LSTMCell` once for each step, on slices of the input: that converts to int8 FULLY_CONNECTED,
    SPLIT, LOGISTIC, TANH, MUL and ADD, all of Coral's table (tried with TensorFlow 2.21; not seen compiled).
    `LSTM(unroll=True)` gives the same but takes the input apart by UNPACK, which is not in the table. For
    long sequences use one-dimensional convolutions.

    ## References
    - https://github.com/google-coral/edgetpu/issues/156
    - https://github.com/google-coral/edgetpu/issues/598
    """

    meta = RuleMeta(
        "OPS014", "recurrent-limit", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/598",), covers=("O012",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = refused(context, *UNSUPPORTED, *SUPPORTED)
        if operators:
            reason = reason_of(context.placed(operators[0]))
            yield self.finding(
                operators,
                f"{subject(operators)} cannot run on the Edge TPU: {reason}",
                **consequences(context, operators),
                evidence={"operators": len(operators)},
                fix=UNROLL,
            )
        wide = [
            operator
            for operator in context.operators(*SUPPORTED)
            if _inputs(operator) > COMPILED_UP_TO and not is_refused(context, operator)
        ]
        if wide:
            size = max(map(_inputs, wide))
            yield self.finding(
                wide,
                f"{subject(wide)} {'reads' if len(wide) == 1 else 'read'} {size} inputs a step; "
                "compiler 16.0 was seen to fail without a "
                f"message from {FAILED_FROM} on, and to work up to {COMPILED_UP_TO}",
                severity=Severity.WARNING,
                certainty=Certainty.GUESS,
                cost="the whole compilation may fail with nothing but 'Compilation failed!'",
                evidence={"inputs": size, "compiled_up_to": COMPILED_UP_TO, "failed_from": FAILED_FROM},
                fix=Fix("Feed it fewer features", Safety.MANUAL, "Keras:  layers.Dense(512) before the LSTM"),
            )


def _inputs(operator: Operator) -> int:
    source = operator.input(0)
    return source.shape[-1] if source is not None and source.shape else 0
