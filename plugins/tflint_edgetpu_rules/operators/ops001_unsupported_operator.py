"""OPS001 unsupported-operator."""

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
    subject,
)

from .equivalents import cure
from .refusal import consequences, is_refused, something_maps


class UnsupportedOperator(Rule):
    """An operator that is not in Coral's table.

    ## Why it matters
    The Edge TPU has about forty operators. The compiler compiles one part of the graph, up to the operators
    it cannot take. Everything that depends on one of those runs on the CPU and is listed as `More than one
    subgraph is not supported`: those operators are not the problem, this one is. Where only the application
    depends on it, as on an ARG_MAX at the end, it costs nothing more.

    ## How to fix
    The finding names an equivalent that is in the table, where one is known. Otherwise move the operator to
    the end of the graph or into the application. `edgetpu_compiler -a` (`--enable_multiple_subgraphs`) maps
    the parts behind it as well, at the price of a round trip for each; measure it before using it.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/461
    """

    meta = RuleMeta(
        "OPS001", "unsupported-operator", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O001",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        groups: dict[str, list[Operator]] = {}
        for operator in context.operators():
            # A DEQUANTIZE only leads to an operator that needs float: that one is the cause.
            if operator.kind in ("DEQUANTIZE", "CUSTOM") or not is_refused(context, operator):
                continue
            if not context.is_explained(operator) and not context.is_in_table(operator):
                groups.setdefault(operator.kind, []).append(operator)
        for kind, operators in groups.items():
            lost = consequences(context, operators)
            is_end = lost["severity"] is Severity.INFO and something_maps(context)
            yield self.finding(
                operators,
                f"{subject(operators)} cannot run on the Edge TPU",
                **lost,
                evidence={"operators": len(operators)},
                fix=None if is_end else Fix(f"Write {kind} another way", Safety.MANUAL, cure(kind)),
            )
