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


CORE_RULES: tuple[type[Rule], ...] = (UnusedIgnore,)
