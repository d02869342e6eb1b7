"""ACM001 wide-input."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Rule, RuleMeta, Severity, tensor_location

WIDEST = 320


class WideInput(Rule):
    """A picture wider than Acme's cameras deliver.

    ## Why it matters
    Our cameras deliver 320 pixels. A wider input is scaled up before it is fed: time for nothing.

    ## How to fix
    Export the model for 320 x 320.

    ## References
    - https://example.com/acme/cameras
    """

    meta = RuleMeta(
        "ACM001",
        "wide-input",
        Severity.WARNING,
        Certainty.DOCUMENTED,
        references=("https://example.com/acme/cameras",),
    )

    def check_model(self, context: Context) -> Iterator[Finding]:
        for tensor in context.model.main.inputs:
            if len(tensor.shape) == 4 and tensor.shape[2] > WIDEST:
                yield self.finding(
                    [tensor_location(tensor, "input")],
                    f"input '{tensor.name}' is {tensor.shape[2]} pixels wide, our cameras deliver {WIDEST}",
                    evidence={"width": tensor.shape[2], "widest": WIDEST},
                )
