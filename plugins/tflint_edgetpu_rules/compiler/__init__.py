"""What the compiler said and what it made: its log and the compiled file."""

from __future__ import annotations

from tflint_edgetpu.api import DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "cmp001_success_without_mapping": "log compiled",
    "cmp002_more_than_one_subgraph": "log compiled",
    "cmp003_unspecified_limitation": "log compiled",
    "cmp004_unsupported_data_type": "log compiled",
    "cmp005_unsupported_rank": "log compiled",
    "cmp006_unsupported_version": "log compiled",
    "cmp007_off_chip_streaming": "log compiled",
    "cmp008_failed_compilation": "log compiled",
    "cmp009_usual_ends_only": "log compiled",
    "cmp010_several_edgetpu_parts": "log compiled",
    "cmp011_newer_runtime": "log compiled",
    "cmp012_compiled_or_not": "log compiled",
    "cmp013_foreign_evidence": "log compiled",
    "cmp014_other_than_predicted": "log compiled",
    "cmp015_refused_operator": "log compiled",
    "cmp016_damaged_package": "log compiled",
    "cmp017_operators_not_listed": "log compiled",
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)
