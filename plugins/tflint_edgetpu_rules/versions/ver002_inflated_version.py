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
    newest_known,
    parser_limit,
    subject,
    why_version,
)

from .refused_file import by_kind, certainty_of, cost_of


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
        causes = _causes(context)
        inflated = [
            operator
            for operator in context.operators()
            if _is_inflated(operator, context) and not _is_beyond(causes.get(operator.opcode_index), context)
        ]
        for kind, operators in by_kind(inflated).items():
            first = operators[0]
            own = max(needed_version(operator) for operator in operators)
            cause = causes.get(first.opcode_index)
            because = "no operator of the file needs it"
            if cause is not None:
                because = f"{subject([cause])} needs it for {why_version(cause)}"
            limit = parser_limit(kind, context.target)
            unparsable = limit is not None and first.version > limit
            one = len(operators) == 1
            yield self.finding(
                operators,
                f"{subject(operators)} {'carries' if one else 'carry'} version {first.version} and "
                f"{'needs' if one else 'need'} {own}: {because}",
                severity=Severity.ERROR if unparsable else context.severity_of_loss(operators),
                certainty=certainty_of(kind) if unparsable else Certainty(context.placed(first).certainty),
                cost=cost_of(kind, first.version) if unparsable else context.cost_of_loss(operators),
                related=[cause] if cause is not None else context.loss(operators).blocked,
                evidence={"version": first.version, "needed": own, "operators": len(operators)},
                fix=Fix(
                    f"Give {counted(len(operators), kind)} an operator code of their own with version {own}"
                    if not one
                    else f"Give this {kind} an operator code of its own with version {own}",
                    Safety.SAFE,
                    _how(cause),
                    tuple(Edit("own-operator-code", operator.ref) for operator in operators),
                ),
            )


def _how(cause: Operator | None) -> str:
    repair = "tflint-edgetpu fix model.tflite   # same numbers; that the compiler then maps them is a guess"
    if cause is None:
        return repair
    return (
        f"{repair}\n"
        f"or export without the {cause.kind} that needs it. In a detector it belongs to the end-to-end head:\n"
        "Ultralytics: model.export(format='tflite', int8=True, end2end=False)"
    )


def _is_inflated(operator: Operator, context: Context) -> bool:
    if operator.version <= needed_version(operator):
        return False
    limit = parser_limit(operator.kind, context.target)
    if limit is not None and operator.version > limit:
        # A version from after this tool may well be needed for something it has not heard of.
        return needed_version(operator) <= limit and operator.version <= newest_known(operator.kind)
    return context.placed(operator).status == Status.VERSION


def _is_beyond(cause: Operator | None, context: Context) -> bool:
    """Whether what needs the version is itself too new: it has a finding of its own, and once it is mended
    nothing needs the version any more.
    """
    if cause is None:
        return False
    limit = parser_limit(cause.kind, context.target)
    return limit is not None and needed_version(cause) > limit


def _causes(context: Context) -> dict[int, Operator]:
    """Operator code -> the first operator whose types or options need the version that stands there."""
    causes: dict[int, Operator] = {}
    for operator in context.operators_everywhere():
        if operator.opcode_index not in causes and needed_version(operator) >= operator.version > 1:
            causes[operator.opcode_index] = operator
    return causes
