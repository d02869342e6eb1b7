"""What the engine itself reports. These have codes, pages and severities as all rules do."""

from __future__ import annotations

from .finding import Certainty, Severity
from .rule import Rule, RuleMeta

PLUGIN = "tflint-edgetpu:core"


class UnusedIgnore(Rule):
    """An ignore of the settings that covers no finding.

    ## Why it matters
    It hides the next finding that happens to fit it, and it tells its readers about a problem that no longer
    exists. An ignore with `path` is judged when one of its files was examined; one without only when a
    folder was.

    ## How to fix
    Delete the `[[tool.tflint-edgetpu.ignore]]` at the line named, or correct its `code`, `path` or
    `tensor`.

    ## References
    - https://docs.astral.sh/ruff/rules/unused-noqa/
    """

    meta = RuleMeta(
        "TFL001", "unused-ignore", Severity.WARNING, Certainty.DOCUMENTED,
        references=("https://docs.astral.sh/ruff/rules/unused-noqa/",),
    )  # fmt: skip


class BudgetExceeded(Rule):
    """A number of the model is outside of the budget.

    ## Why it matters
    The budget in the settings says what this model may cost: operators and arithmetic on the Edge TPU,
    subgraphs, streamed parameters, runtime version, what may stay on the CPU, the size of the file.

    ## How to fix
    Look at the other findings of the file: they name what stands in the way. If the new number is right,
    change the budget in `[tool.tflint-edgetpu.budget]`.

    ## References
    - https://coral.ai/docs/edgetpu/compiler/
    """

    meta = RuleMeta(
        "TFL002", "budget-exceeded", Severity.ERROR, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/compiler/",),
    )  # fmt: skip


class PlacementRegression(Rule):
    """Less of the model runs on the Edge TPU than before.

    ## Why it matters
    A re-export, another converter or another input size moved operators to the CPU. The model still runs
    and still passes its tests; only the time tells.

    ## How to fix
    The other findings name the operator that broke the chain. If the change is meant, write the placement
    baseline anew: `tflint-edgetpu lint --format json --output FILE`.

    ## References
    - https://coral.ai/docs/edgetpu/compiler/
    """

    meta = RuleMeta(
        "TFL003", "placement-regression", Severity.ERROR, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/compiler/",), covers=("L010",),
    )  # fmt: skip


CORE_RULES: tuple[type[Rule], ...] = (UnusedIgnore, BudgetExceeded, PlacementRegression)
