"""OPS002 operator-limit."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    SIZE_LIMITS,
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Status,
    reason_of,
    subject,
)

from .refusal import consequences, is_refused

# The families shapes and versions speak of every operator that is refused for these, memory of sizes.
NAMED_ELSEWHERE = (Status.RANK, Status.VERSION)


class OperatorLimit(Rule):
    """An operator of Coral's table that is refused for its shapes, options or types.

    ## Why it matters
    Most operators of the table have limits: sizes, axes, constants, fused activations. The compiler says
    little more than `Operation is otherwise supported, but not mapped due to some unspecified limitation`. As
    with an unsupported operator, everything that depends on it stays on the CPU.

    ## How to fix
    The finding names the limit that was hit and how it is known. Sizes shrink with the input of the model;
    many relayouts (TRANSPOSE, RESHAPE, CONCATENATION of long tensors) can be left to the application by
    exporting the model without its head.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/663
    """

    meta = RuleMeta(
        "OPS002", "operator-limit", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O002",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        groups: dict[tuple[str | None, str], list[Operator]] = {}
        for operator in context.operators():
            placed = context.placed(operator)
            if not is_refused(context, operator) or context.is_explained(operator):
                continue
            if placed.status in NAMED_ELSEWHERE or placed.constraint in SIZE_LIMITS:
                continue
            if context.is_in_table(operator) and not _is_consequence(context, operator):
                key = placed.constraint, operator.kind
                groups.setdefault(key, []).append(operator)
        for operators in groups.values():
            first = operators[0]
            reason = reason_of(context.placed(first))
            yield self.finding(
                operators,
                f"{subject(operators)} {'is' if len(operators) == 1 else 'are'} refused: {reason}",
                **consequences(context, operators),
                evidence={
                    "operators": len(operators),
                    "status": context.placed(first).status,
                    "constraint": context.placed(first).constraint,
                },
                fix=Fix("Keep the operator within the limit", Safety.MANUAL, _limit(context, first)),
            )


def _is_consequence(context: Context, operator: Operator) -> bool:
    """Whether the operator is refused for a type that another refused operator hands to it, or that it has
    to make from the model's float input.
    """
    if context.placed(operator).status != Status.DATA_TYPE:
        return False
    for tensor in operator.inputs:
        if tensor is None or context.is_constant(tensor) or tensor.dtype in ("INT8", "UINT8"):
            continue
        producer = context.dataflow.producer(tensor)
        if producer is None or context.placed(producer).role == "breaker":
            return True
    return False


def _limit(context: Context, operator: Operator) -> str:
    slug = context.placed(operator).constraint
    return next(
        (f"what must hold: {rule.text}" for rule in context.table.constraints if rule.slug == slug),
        "no more is known about it",
    )
