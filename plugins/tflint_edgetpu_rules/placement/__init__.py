"""What runs where: the sum of what the rules of the other families name one by one."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "plc001_early_partition_break": "cpu",
    "plc002_nothing_mapped": "cpu",
    "plc003_uncertain_placement": ALWAYS,
    "plc004_cpu_ends_only": "cpu",
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)
