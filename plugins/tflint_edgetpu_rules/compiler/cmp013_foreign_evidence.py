"""CMP013 foreign-evidence."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity


class ForeignEvidence(Rule):
    """A log or a compiled file that was not made from this model.

    ## Why it matters
    It lies beside the model or was named with it, but its operators, its tensors or its size are those of
    another one: most often the model was exported again and the old compile was left. What such a file says
    proves nothing, so it is not used.

    ## How to fix
    Compile the model again, or name the right file.

    ## References
    - https://coral.ai/docs/edgetpu/compiler/
    """

    meta = RuleMeta(
        "CMP013", "foreign-evidence", Severity.WARNING, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/compiler/",),
    )  # fmt: skip
    explains = False

    def check_model(self, context: Context) -> Iterator[Finding]:
        observed = context.observed
        if observed is None:
            return
        for source in observed.strangers:
            what = "compiler log" if source.kind == "log" else "compiled file"
            yield self.finding(
                None,
                f"the {what}{f' {source.path!r}' if source.path else ''} is not of this model: {source.reasons[0]}",
                cost="it is left out of account; the deployed file may be an old one",
                evidence={"kind": source.kind, "path": source.path, "reasons": list(source.reasons)},
                fix=Fix("Compile the model again", how="edgetpu_compiler -s model.tflite"),
            )
