"""What changed between two models, operator by operator: a diff that a person can read."""

from __future__ import annotations

from difflib import SequenceMatcher

from ..model.graph import Model, Operator, Tensor


def graph_difference(before: Model, after: Model) -> list[str]:
    """Lines that begin with ``-`` (gone), ``+`` (new) or a blank (context), in the order of the file."""
    lines = _interface(before, after)
    old = [_line(operator) for operator in before.main.operators]
    new = [_line(operator) for operator in after.main.operators]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if lines:
            lines.append("")
        if a > 0:
            lines.append(f"  {old[a - 1]}")
        lines.extend(f"- {text}" for text in old[a:b])
        lines.extend(f"+ {text}" for text in new[c:d])
        if b < len(old):
            lines.append(f"  {old[b]}")
    return lines


def _interface(before: Model, after: Model) -> list[str]:
    lines: list[str] = []
    for word, old, new in (
        ("input", before.main.inputs, after.main.inputs),
        ("output", before.main.outputs, after.main.outputs),
    ):
        old_lines = [f"{word} {_tensor(tensor)} '{tensor.name}'" for tensor in old]
        new_lines = [f"{word} {_tensor(tensor)} '{tensor.name}'" for tensor in new]
        if old_lines != new_lines:
            lines.extend(f"- {line}" for line in old_lines if line not in new_lines)
            lines.extend(f"+ {line}" for line in new_lines if line not in old_lines)
            if not set(old_lines) ^ set(new_lines):
                lines.append(f"  the {word}s stand in another order")
    return lines


def _line(operator: Operator) -> str:
    inputs = ", ".join(_tensor(tensor) for tensor in operator.inputs if tensor is not None)
    outputs = ", ".join(_tensor(tensor) for tensor in operator.outputs)
    name = operator.outputs[0].name if operator.outputs else ""
    return f"{operator.label} v{operator.version} ({inputs}) -> {outputs} '{name}'"


def _tensor(tensor: Tensor) -> str:
    sizes = ",".join("?" if size < 0 else str(size) for size in tensor.signature)
    scales = "" if tensor.quantization is None or len(tensor.quantization.scales) < 2 else "/channel"
    return f"{tensor.dtype.lower()}{scales}[{sizes}]"
