"""What the compiler said and what it made: its log and the compiled file."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .cmp001_success_without_mapping import SuccessWithoutMapping
    from .cmp002_more_than_one_subgraph import MoreThanOneSubgraph
    from .cmp003_unspecified_limitation import UnspecifiedLimitation
    from .cmp004_unsupported_data_type import UnsupportedDataType
    from .cmp005_unsupported_rank import UnsupportedRank
    from .cmp006_unsupported_version import UnsupportedVersion
    from .cmp007_off_chip_streaming import OffChipStreaming
    from .cmp008_failed_compilation import FailedCompilation
    from .cmp009_usual_ends_only import UsualEndsOnly
    from .cmp010_several_edgetpu_parts import SeveralEdgetpuParts
    from .cmp011_newer_runtime import NewerRuntime
    from .cmp012_compiled_or_not import CompiledOrNot
    from .cmp013_foreign_evidence import ForeignEvidence
    from .cmp014_other_than_predicted import OtherThanPredicted
    from .cmp015_refused_operator import RefusedOperator
    from .cmp016_damaged_package import DamagedPackage
    from .cmp017_operators_not_listed import OperatorsNotListed

    return [
        SuccessWithoutMapping,
        MoreThanOneSubgraph,
        UnspecifiedLimitation,
        UnsupportedDataType,
        UnsupportedRank,
        UnsupportedVersion,
        OffChipStreaming,
        FailedCompilation,
        UsualEndsOnly,
        SeveralEdgetpuParts,
        NewerRuntime,
        CompiledOrNot,
        ForeignEvidence,
        OtherThanPredicted,
        RefusedOperator,
        DamagedPackage,
        OperatorsNotListed,
    ]
