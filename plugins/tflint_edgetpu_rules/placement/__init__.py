"""What runs where: the sum of what the rules of the other families name one by one."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .plc001_early_partition_break import EarlyPartitionBreak
    from .plc002_nothing_mapped import NothingMapped
    from .plc003_uncertain_placement import UncertainPlacement
    from .plc004_cpu_ends_only import CpuEndsOnly

    return [EarlyPartitionBreak, NothingMapped, UncertainPlacement, CpuEndsOnly]
