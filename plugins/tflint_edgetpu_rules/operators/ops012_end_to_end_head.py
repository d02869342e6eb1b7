"""OPS012 end-to-end-head."""

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
    counted,
)

from .refusal import consequences, is_refused


class EndToEndHead(Rule):
    """A detector's head that picks its boxes itself (NMS-free, end-to-end).

    ## Why it matters
    YOLOv10 and YOLO26 choose the best boxes by TOPK_V2, GATHER_ND and index arithmetic on 32- and 64-bit
    integers. None of that runs on the Edge TPU. Worse, the converter writes one entry for all ADDs of a
    file, with the highest version that any of them needs: a single INT64 ADD of the head makes every 8-bit
    ADD version 4, which the compiler does not map. A YOLOv10n had 473 of 492 operators on the CPU by that.

    ## How to fix
    Export without the head: Ultralytics `end2end=False` (forced for `format="edgetpu"` since February
    2026), then do the non-maximum suppression in the application. Cutting the head off the file is not
    enough as long as the 8-bit operators keep the inflated version: both have to go.

    ## Fix safety
    Unsafe. The boxes and scores that the head reads become the outputs; everything before computes the same,
    and the application has to choose the boxes.

    ## References
    - https://github.com/ultralytics/ultralytics/issues/23723
    - https://github.com/ultralytics/ultralytics/pull/23724
    """

    meta = RuleMeta(
        "OPS012", "end-to-end-head", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/ultralytics/ultralytics/issues/23723",), covers=("O010",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if not any(context.operators("TOPK_V2")):
            return
        from tflint_edgetpu.api import find_end_to_end_head

        head = find_end_to_end_head(context.dataflow)
        if head is None:
            return
        own = [operator for operator in head.operators if is_refused(context, operator)]
        entries = [
            operator
            for operator in head.entries
            if operator.kind == "DEQUANTIZE" and is_refused(context, operator)
        ]
        if not own:
            return
        inflated = _inflated(context, head.operators)
        operators = sorted([*entries, *own], key=lambda operator: operator.index)
        lost = consequences(context, [*operators, *inflated])
        message = (
            f"the model ends in a head that picks its {head.topk} best boxes itself ("
            f"{counted(len(operators), 'operator')}, TOPK_V2 among them), which the Edge TPU cannot run"
        )
        if inflated:
            kinds = ", ".join(sorted({operator.kind for operator in inflated}))
            version = inflated[0].version
            message += (
                f"; its integer {kinds} also makes every 8-bit {kinds} of the file version {version}, "
                f"and {len(inflated)} of those {'does' if len(inflated) == 1 else 'do'} not map either"
            )
        yield self.finding(
            operators,
            message,
            severity=lost["severity"],
            cost=lost["cost"],
            related=[*inflated, *lost["related"]],
            evidence={"operators": len(operators), "boxes": head.topk, "inflated": len(inflated)},
            fix=Fix(
                "Export without the end-to-end head, or cut it off",
                Safety.UNSAFE,
                'Ultralytics:  YOLO("model.pt").export(format="edgetpu", imgsz=192, end2end=False)\n'
                "              and non-maximum suppression in the application",
                _cut(context, operators),
            ),
        )


def _cut(context: Context, operators: list[Operator]) -> tuple[Edit, ...]:
    """Cut before the operators of the head that read something from the network."""
    inside = set(operators)
    starts = [
        operator.ref
        for operator in operators
        if any(source not in inside for source in context.dataflow.predecessors(operator))
    ]
    return (Edit("cut-tail", starts[0], {"also": starts[1:]}),) if starts else ()


def _inflated(context: Context, head: tuple[Operator, ...]) -> list[Operator]:
    """Refused 8-bit operators outside the head that share an operator code with integer ones inside it."""
    codes = {
        operator.opcode_index
        for operator in head
        if operator.outputs and operator.outputs[0].dtype in ("INT32", "INT64") and operator.version > 1
    }
    inside = set(head)
    return [
        operator
        for operator in context.operators()
        if operator.opcode_index in codes
        and operator not in inside
        and operator.outputs
        and operator.outputs[0].dtype in ("INT8", "UINT8")
        and is_refused(context, operator)
    ]
