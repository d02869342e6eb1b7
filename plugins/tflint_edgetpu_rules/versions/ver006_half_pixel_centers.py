"""VER006 half-pixel-centers."""

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
    needed_version,
    parser_limit,
    subject,
    why_version,
)


class HalfPixelCenters(Rule):
    """A resize with half_pixel_centers, or a nearest one with align_corners, for a compiler before 16.0.

    ## Why it matters
    Compilers 14.1 and 15.0 print `Operation version not supported` for RESIZE_NEAREST_NEIGHBOR and
    RESIZE_BILINEAR version 3, and everything behind them stays on the CPU. 16.0 maps them: for it this rule
    is silent.

    ## How to fix
    Use compiler 16.0, or resize with `tf.compat.v1.image.resize_nearest_neighbor`, which does not set the
    flag. For a nearest-neighbour resize by a whole number the flag changes nothing and can be cleared.

    ## Fix safety
    Safe. For a whole factor of enlargement both conventions pick the same pixel; other resizes are left alone.

    ## References
    - https://github.com/google-coral/edgetpu/issues/187
    - https://github.com/google-coral/edgetpu/issues/396
    """

    meta = RuleMeta(
        "VER006", "half-pixel-centers", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-coral/edgetpu/issues/187",), covers=("V006",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if context.target.compiler >= (16, 0):
            return
        groups: dict[str, list[Operator]] = {}
        for operator in context.operators("RESIZE_NEAREST_NEIGHBOR", "RESIZE_BILINEAR"):
            if needed_version(operator) == 3 and parser_limit(operator.kind, context.target) != 2:
                groups.setdefault(why_version(operator), []).append(operator)
        for flag, operators in groups.items():
            clearable = [operator for operator in operators if _flag_changes_nothing(operator)]
            yield self.finding(
                operators,
                f"{subject(operators)} {'uses' if len(operators) == 1 else 'use'} {flag} (version 3), which compiler "
                f"{context.target.name} does not map; 16.0 does",
                severity=context.severity_of_loss(operators),
                cost=context.cost_of_loss(operators),
                related=context.loss(operators).blocked,
                evidence={"operators": len(operators), "flag": flag, "clearable": len(clearable)},
                fix=Fix(
                    "Clear the flag where it changes nothing" if clearable else "Use compiler 16.0",
                    Safety.SAFE if clearable else Safety.MANUAL,
                    "edgetpu_compiler --version   # 16.0 takes the operator as it is\n"
                    "or, before converting: tf.compat.v1.image.resize_nearest_neighbor(x, size)",
                    tuple(Edit("clear-half-pixel-centers", operator.ref) for operator in clearable),
                ),
            )


def _flag_changes_nothing(operator: Operator) -> bool:
    image, result = operator.input(0), operator.output()
    if operator.kind != "RESIZE_NEAREST_NEIGHBOR" or image is None or result is None:
        return False
    if not operator.option("half_pixel_centers", False) or operator.option("align_corners", False):
        return False
    if len(image.shape) != 4 or len(result.shape) != 4:
        return False
    pairs = zip(image.shape[1:3], result.shape[1:3], strict=True)
    return all(small > 0 and large % small == 0 for small, large in pairs)
