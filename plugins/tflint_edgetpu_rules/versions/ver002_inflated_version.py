"""VER002 inflated-version."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Status,
    counted,
    needed_version,
    parser_limit,
    subject,
    why_version,
)

from .refused_file import by_kind, cost_of


class InflatedVersion(Rule):
    """Operators that carry a version only because another operator of their kind needs it.

    ## Why it matters
    The file holds one version for each kind of operator, and converters write the highest that any use
    needs. One int64 ADD among the index arithmetic of a detector's head turns every int8 ADD into version 4,
    which the Edge TPU does not take: a YOLOv10n ran 19 of 492 operators on the TPU because of that.

    ## How to fix
    Remove the operator that needs the version (export without the end-to-end head), or give the others an
    operator code of their own with the version they need. Never lower the number for an operator that
    needs it.

    ## Fix safety
    Safe. The number tells the interpreter which kernel to take; each operator gets the version that its types
    and options ask for. That the compiler then maps them is a guess: nobody has run it on such a file.

    ## References
    - https://github.com/google-coral/edgetpu/issues/631
    """

    meta = RuleMeta(
        "VER002", "inflated-version", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-coral/edgetpu/issues/631",), covers=("V002",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        inflated = [operator for operator in context.operators() if self._is_inflated(operator, context)]
        for kind, operators in by_kind(inflated).items():
            own = max(needed_version(operator) for operator in operators)
            cause = self._cause(operators[0], context)
            because = "no operator of the file needs it"
            if cause is not None:
                because = f"{subject([cause])} needs it for {why_version(cause)}"
            limit = parser_limit(kind, context.target)
            unparsable = limit is not None and operators[0].version > limit
            yield self.finding(
                operators,
                f"{subject(operators)} {'carries' if len(operators) == 1 else 'carry'} version "
                f"{operators[0].version} and {'needs' if len(operators) == 1 else 'need'} {own}: {because}",
                cost=cost_of(kind, operators[0].version) if unparsable else context.cost_of_loss(operators),
                related=[cause] if cause is not None else [],
                evidence={"version": operators[0].version, "needed": own, "operators": len(operators)},
                fix=Fix(
                    f"Give {counted(len(operators), kind)} an operator code of their own with version {own}",
                    Safety.SAFE,
                    "or export without the operator that needs the version, for example without an end-to-end head",
                    tuple(Edit("own-operator-code", operator.ref) for operator in operators),
                ),
            )

    @staticmethod
    def _is_inflated(operator: Operator, context: Context) -> bool:
        if operator.version <= needed_version(operator):
            return False
        limit = parser_limit(operator.kind, context.target)
        if limit is not None and operator.version > limit:
            return needed_version(operator) <= limit
        return context.placed(operator).status == Status.VERSION

    @staticmethod
    def _cause(inflated: Operator, context: Context) -> Operator | None:
        """The operator of the same code whose types or options need the version."""
        return next(
            (
                operator
                for graph in context.model.subgraphs
                for operator in graph.operators
                if operator.opcode_index == inflated.opcode_index
                and needed_version(operator) >= inflated.version
            ),
            None,
        )
