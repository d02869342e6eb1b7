"""OPS008 several-subgraphs."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity, listed

# Operators that run another subgraph: then the others are part of the model.
CALLERS = ("WHILE", "IF", "CALL_ONCE")


class SeveralSubgraphs(Rule):
    """Several signatures, each with a subgraph of its own.

    ## Why it matters
    A SavedModel with several signatures (Keras exports `serve` and `serving_default`) can become a file
    with one subgraph for each: twice the operators, twice the size. An interpreter runs the first one unless
    it is asked otherwise, and only that one is judged here. What edgetpu_compiler does with the others is
    not known. It has nothing to do with `More than one subgraph is not supported` in its log.

    ## How to fix
    Convert one signature:
    `tf.lite.TFLiteConverter.from_saved_model(path, signature_keys=["serving_default"])`.

    ## References
    - https://www.tensorflow.org/lite/guide/signatures
    """

    meta = RuleMeta(
        "OPS008", "several-subgraphs", Severity.WARNING, Certainty.GUESS,
        references=("https://www.tensorflow.org/lite/guide/signatures",), covers=("O008",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        model = context.model
        keys = [signature.key for signature in model.signatures]
        if len({signature.subgraph for signature in model.signatures}) < 2:
            return
        kinds = {operator.kind for operator in context.operators_everywhere()}
        if not kinds.isdisjoint(CALLERS) or any(kind.startswith("STABLEHLO_") for kind in kinds):
            return
        yield self.finding(
            None,
            f"the file holds {len(model.subgraphs)} subgraphs, for the signatures {listed(keys)}; "
            "only the first subgraph is judged here",
            cost="the others make the file larger; what the compiler does with them is not known",
            evidence={"subgraphs": len(model.subgraphs), "signatures": keys},
            fix=Fix(
                "Convert one signature",
                Safety.MANUAL,
                f"tf.lite.TFLiteConverter.from_saved_model(path, signature_keys=[{keys[0]!r}])",
            ),
        )
