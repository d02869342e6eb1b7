"""OPS007 control-flow."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity, described

# Operator -> where it usually comes from and what to do. Sources: converter runs with TensorFlow 2.12 to
# 2.21 and the issues below.
CURES = {
    "WHILE": "a loop: write out the steps of an LSTM, y, state = layers.LSTMCell(units)(x[:, step, :], "
    "state), with batch 1; export detectors without NMS",
    "IF": "a condition: trace with model(x, training=False)",
    "CALL_ONCE": "an initializer: convert from a SavedModel, model.export('saved'), then "
    "tf.lite.TFLiteConverter.from_saved_model('saved')",
    "VAR_HANDLE": "a variable that was not frozen: convert from a SavedModel as for CALL_ONCE",
}
CURES["READ_VARIABLE"] = CURES["ASSIGN_VARIABLE"] = CURES["VAR_HANDLE"]
CURES["STABLEHLO_WHILE"] = CURES["WHILE"]
CURES["STABLEHLO_CASE"] = CURES["IF"]


class ControlFlow(Rule):
    """A loop, a condition or a variable in the graph.

    ## Why it matters
    The Edge TPU runs plain feed-forward graphs. WHILE, IF and variables are no operators of it, and a
    loop gives its results sizes that are only known at run time, for which the compiler stops with
    `graph with dynamic-sized tensors`. Each loop or condition puts more subgraphs into the file; this is not
    what `More than one subgraph is not supported` in the compiler's log means, which is about parts of one
    graph.

    ## How to fix
    - Keras LSTM or GRU: fixed number of time steps, batch 1, one call of `LSTMCell` for each step
      (`unroll=True` works too, but leaves an UNPACK that is not in Coral's table).
    - Detectors: export without non-maximum suppression in the graph.
    - VAR_HANDLE and READ_VARIABLE appear when a Keras 3 model is converted through a concrete function: use
      `model.export(...)` and `TFLiteConverter.from_saved_model(...)`.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/831
    """

    meta = RuleMeta(
        "OPS007", "control-flow", Severity.ERROR, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O008",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = list(context.operators(*CURES))
        if not operators:
            return
        subgraphs = len(context.model.subgraphs)
        kinds = list(dict.fromkeys(operator.kind for operator in operators))
        more = f" (the file holds {subgraphs} subgraphs)" if subgraphs > 1 else ""
        yield self.finding(
            operators,
            f"the graph has control flow or variables: {described(operators)}{more}; "
            "the Edge TPU runs plain feed-forward graphs only",
            cost="the compiler was seen to stop at such graphs, with 'dynamic-sized tensors'; 'More than one "
            "subgraph is not supported' in its log means something else",
            evidence={"operators": len(operators), "subgraphs": subgraphs},
            fix=Fix(
                "Export a graph without loops, conditions and variables",
                Safety.MANUAL,
                "\n".join(dict.fromkeys(f"{kind}: {CURES[kind]}" for kind in kinds)),
            ),
        )
