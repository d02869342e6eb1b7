"""CNV030 rolled-recurrent-layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, counted

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script

# TensorFlow 2.12.1 survived, 2.15.1 did not; what lies between was not tried.
FIRST_TO_CRASH = (2, 15)
LAYERS = ("LSTM", "GRU", "SimpleRNN")


class RolledRecurrentLayer(Rule):
    """An LSTM or GRU that is not unrolled, in a model that is quantized to integers.

    ## Why it matters
    The layer becomes a loop (WHILE). Calibrating it kills the process: TensorFlow 2.15, 2.16, 2.17, 2.20 and 2.21 end
    with a segmentation fault and no message (measured); with an open batch the conversion stops. Where an older version
    gets through, the loop ends what an Edge TPU runs, unless it is fused into one LSTM operator.

    Where the file tells no version of TensorFlow this is only noted; with versions before 2.15 nothing is said.

    ## How to fix
    Fix the batch and the number of steps, and unroll the layer:

        x = tf.keras.layers.LSTM(32, unroll=True)(inputs)   # inputs = Input(batch_shape=(1, 28, 28))

    ## References
    - https://keras.io/api/layers/recurrent_layers/lstm/
    """

    meta = RuleMeta(
        "CNV030", "rolled-recurrent-layer", Severity.WARNING, Certainty.MEASURED,
        references=("https://keras.io/api/layers/recurrent_layers/lstm/",), covers=("O012",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import calls_of, kind_of, script_location

        version = script.tensorflow
        if version is not None and version < FIRST_TO_CRASH:
            return
        if not any(kind_of(one, script) == "full integer" for one in script.conversions):
            return
        layers = [
            call for call in calls_of(script.names, LAYERS) if call.keywords.isdisjoint(("unroll", "**"))
        ]
        if not layers:
            return
        name = layers[0].name
        told = (
            "TensorFlow 2.15 and later crash"
            if version is None
            else f"TensorFlow {version[0]}.{version[1]} crashes"
        )
        yield self.finding(
            [script_location(script, call.span) for call in layers],
            f"{counted(len(layers), 'recurrent layer')} ({name}) without unroll=True: {told} while calibrating it",
            severity=Severity.INFO if version is None else Severity.WARNING,
            cost="the process ends with a segmentation fault and no message, or the layer stays a loop on the CPU",
            evidence={"layers": len(layers), "tensorflow": ".".join(map(str, version)) if version else ""},
            fix=Fix(
                f"Unroll the {name} and fix its number of steps",
                how=f"tf.keras.layers.{name}(..., unroll=True)",
            ),
        )
