"""CMP008 failed-compilation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Location,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    quoted,
)

from .evidence import is_beside_model, line_place
from .failures import MEANINGS, OTHER, Meaning, details

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog

# Failures whose cause stands in the model and has a rule of its own there.
SEEN_IN_THE_MODEL = frozenset(
    ("op_version", "flex", "custom_op", "dynamic_tensors", "not_quantized", "parse")
)
SUSPECTS = 5
LARGEST = frozenset(("large_activations", "timeout", "ice", "uncaught_exception", "segfault", "bare_failed"))

# Later names of the builtin codes that compilers of 2021 report as out of range (schema.fbs).
NEW_OPERATORS = {
    146: "RANDOM_STANDARD_NORMAL", 147: "BUCKETIZE", 148: "RANDOM_UNIFORM", 149: "MULTINOMIAL", 150: "GELU",
    151: "DYNAMIC_UPDATE_SLICE", 152: "RELU_0_TO_1", 156: "ATAN2", 158: "SIGN", 159: "BITCAST",
}  # fmt: skip


class FailedCompilation(Rule):
    """The compiler wrote no file: what it said, what that means, and what to try.

    ## Why it matters
    The messages come from three programs: TensorFlow Lite's parser and interpreter (`ERROR: ...`), the
    compiler (`Compilation failed: ...`), and the shell (`Segmentation fault`). Many lines follow from one
    cause; the finding names the line that says most. `Internal compiler error` is printed for anything that
    the compiler does not like, and is not always the same for the same file.

    ## How to fix
    Depends on the message; the finding says it. What never hurts: lint the model itself, run the command
    again, and let `-d` cut the model until a part compiles.

    ## References
    - https://github.com/google-coral/edgetpu/issues/189
    - https://github.com/google-coral/edgetpu/issues/211
    - https://github.com/google-coral/edgetpu/issues/449
    """

    meta = RuleMeta(
        "CMP008", "failed-compilation", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/189",), covers=("L007",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import Outcome

        if log.outcome != Outcome.FAILURE or not _belongs(context):
            return
        kind = log.failure_kind or "other"
        alone = not is_beside_model(context)
        if not alone and kind in SEEN_IN_THE_MODEL and any(map(context.is_explained, context.operators())):
            return
        meaning = MEANINGS.get(kind, OTHER)
        error = log.error.text if log.error else ""
        said = details(error, [line.text for line in log.error_lines])
        operator = None if alone else _node(said, context)
        suspects = [] if alone or kind not in LARGEST else _largest(context)
        yield self.finding(
            [operator] if operator else self._place(log),
            f"the compilation failed: {meaning.text}{_named(said)}",
            certainty=Certainty.MEASURED if meaning.sure else Certainty.GUESS,
            cost="there is no compiled file" + (_retried(log, meaning)),
            related=suspects,
            evidence={
                "error": error or None,
                "kind": kind,
                "attempts": log.attempts,
                "runs": log.runs,
                "largest_activations": [
                    {"name": tensor.name, "shape": list(tensor.shape), "bytes": tensor.bytes}
                    for tensor in suspects
                ],
                **said,
            },
            fix=Fix(meaning.title, how=_how(meaning, suspects)),
        )

    @staticmethod
    def _place(log: CompilerLog) -> list[Location]:
        if log.error is not None:
            return [line_place(log.error.line, log.failure_kind or "error")]
        return [line_place(log.error_lines[-1].line if log.error_lines else 1, "failure")]


def _belongs(context: Context) -> bool:
    observed = context.observed
    return observed is None or all(source.kind != "log" for source in observed.strangers)


def _node(said: dict[str, object], context: Context) -> Operator | None:
    """The operator that the message calls by its number, if the model has that kind there."""
    number = said.get("node")
    operators = context.model.main.operators
    if not isinstance(number, int) or number >= len(operators):
        return None
    operator = operators[number]
    return operator if said.get("node_kind") in (operator.kind, operator.custom_code) else None


def _largest(context: Context) -> list[Tensor]:
    """The largest activations."""
    computed = {
        tensor
        for operator in context.operators()
        for tensor in operator.tensors
        if not context.is_constant(tensor)
    }
    return sorted(computed, key=lambda tensor: (-(tensor.bytes or 0), tensor.index))[:SUSPECTS]


def _named(said: dict[str, object]) -> str:
    if "version" in said:
        return f" ({said['operator']} version {said['version']})"
    if "builtin_code" in said:
        code = said["builtin_code"]
        name = NEW_OPERATORS.get(code) if isinstance(code, int) else None
        return f" ({name or f'builtin code {code}'})"
    if "layer" in said:
        return f" ({said['operator']} at '{str(said['layer'])[-60:]}')"
    if "node" in said:
        return f" (operator {said['node']}, {said['node_kind']})"
    return f" ({said['operator']})" if "operator" in said else ""


def _retried(log: CompilerLog, meaning: Meaning) -> str:
    if log.attempts > 1:
        return f"; {log.attempts} attempts of the search failed"
    if meaning.random and log.runs > 1:
        return f"; {log.runs} runs stand in the log"
    return ""


def _how(meaning: Meaning, suspects: list[Tensor]) -> str:
    lines = [meaning.how]
    if suspects:
        lines.append("largest activations, likeliest first:")
        lines.extend(
            f"    {quoted(tensor)} {list(tensor.shape)}: {(tensor.bytes or 0) / 2**20:.2f} MiB"
            for tensor in suspects
        )
    return "\n".join(lines)
