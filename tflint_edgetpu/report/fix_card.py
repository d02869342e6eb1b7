"""Before and after in one card: findings, operators on the TPU, arithmetic, size, interface, proof."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..fix.difference import graph_difference
from ..fix.session import Attempt, Linted, Outcome
from ..lint.wording import counted
from ..verify.numeric import Comparison
from .summary import by_severity
from .terminal.header import title
from .terminal.layout import hanging, keyed
from .terminal.style import DIM, signs
from .terminal.words import shape, share, size, tally
from .text import printable, shorten, shorten_names


def show_fix(console: Console, path: str, outcome: Outcome, written: str | None, *, diff: bool) -> None:
    """The whole report on one repaired model; ``written`` is where the result went, None: nowhere."""
    sign = signs(console)
    title(console, path, sign)
    console.print()
    _attempts(console, outcome.attempts)
    if not outcome.applied:
        console.print(Text("  Nothing was changed.", style="bold"))
        return
    console.print(_card(outcome, sign.arrow))
    console.print()
    assert outcome.comparison is not None
    keyed(console, [("proof", Text(proof(outcome.comparison)))])
    if diff:
        console.print()
        _diff(console, outcome)
    console.print()
    if written is not None:
        console.print(Text.assemble(("  written ", DIM), (printable(written), "bold")), soft_wrap=True)


def _attempts(console: Console, attempts: tuple[Attempt, ...]) -> None:
    styles = {"applied": "green", "refused": "yellow", "rolled back": "red"}
    for attempt in attempts:
        line = Text.assemble(
            (f"{attempt.code} ", "bold"), f"{printable(attempt.title)}  ", (f"({attempt.safety.word})", DIM)
        )
        hanging(console, Text(f"  {attempt.outcome:<12}", style=f"bold {styles[attempt.outcome]}"), line)
        rows = []
        if attempt.labels:
            rows.append(("", Text(shorten(attempt.labels[0], 64), style=DIM)))
        if attempt.reason:
            rows.append(("", Text(shorten_names(attempt.reason))))
        keyed(console, rows, indent=6)
    if attempts:
        console.print()


def _card(outcome: Outcome, arrow: str) -> Table:
    before, after = outcome.linted_before, outcome.linted_after
    table = Table.grid(padding=(0, 2))
    table.add_column(width=12, justify="right", style=DIM)
    table.add_column(max_width=28, overflow="fold")
    table.add_column(width=len(arrow), style=DIM)
    table.add_column(overflow="fold", style="bold")
    for name, old, new in (
        ("findings", by_severity(before.findings) or "none", by_severity(after.findings) or "none"),
        ("Edge TPU", _operators(before), _operators(after)),
        ("arithmetic", share(before.placement.share), share(after.placement.share)),
        ("size", size(len(outcome.before)), size(len(outcome.after))),
        ("input", _interface(before, "inputs"), _interface(after, "inputs")),
        ("output", _interface(before, "outputs"), _interface(after, "outputs")),
    ):
        table.add_row(name, old, arrow if old != new else "=", new)
    return table


def _operators(linted: Linted) -> str:
    return f"{linted.placement.edgetpu} of {counted(len(linted.placement.operators), 'operator')}"


def _interface(linted: Linted, side: str) -> str:
    tensors = getattr(linted.model.main, side)
    if len(tensors) == 1:
        return f"{tensors[0].dtype.lower()} {shape(tensors[0].signature)}"
    return tally([tensor.dtype.lower() for tensor in tensors])


def proof(comparison: Comparison) -> str:
    """What running both models showed, in one or two sentences."""
    if comparison.failure is not None:
        return f"failed: {comparison.failure}"
    idle = [output.name for output in comparison.outputs if not output.exercised]
    note = f"; not exercised (constant over all samples): {tally(idle)}" if idle else ""
    if comparison.identical:
        return (
            f"{counted(len(comparison.outputs), 'output')} and {counted(comparison.shared, 'shared tensor')} "
            f"bit-identical on {counted(comparison.samples, 'input')} (LiteRT, built-in kernels, no "
            f"delegate){note}"
        )
    moved = [output for output in comparison.outputs if output.different]
    parts = [
        f"'{shorten(output.name, 32)}' moves by at most {output.worst_steps or 0:.3g} steps"
        + (f", SQNR {output.sqnr_db:.1f} dB" if output.sqnr_db is not None else "")
        + (f", cosine {output.cosine:.6f}" if output.cosine is not None else "")
        for output in moved
    ]
    same = len(comparison.outputs) - len(moved)
    if same:
        parts.append(f"{counted(same, 'output')} bit-identical")
    return f"on {counted(comparison.samples, 'input')}: {'; '.join(parts)}{note}"


def _diff(console: Console, outcome: Outcome) -> None:
    styles = {"-": "red", "+": "green"}
    for line in graph_difference(outcome.linted_before.model, outcome.linted_after.model):
        console.print(Text(f"  {shorten_names(line)}", style=styles.get(line[:1], DIM)), soft_wrap=True)


def fix_dict(path: str, outcome: Outcome, written: str | None) -> dict[str, Any]:
    """The same as plain data for JSON; every key is always there."""
    return {
        "path": path,
        "written": written,
        "attempts": [
            {
                "code": attempt.code,
                "title": attempt.title,
                "safety": attempt.safety.word,
                "outcome": attempt.outcome,
                "reason": attempt.reason,
                "refs": list(attempt.refs),
            }
            for attempt in outcome.attempts
        ],
        "before": _side(outcome.linted_before, outcome.before),
        "after": _side(outcome.linted_after, outcome.after),
        "proof": None if outcome.comparison is None else comparison_dict(outcome.comparison),
    }


def _side(linted: Linted, data: bytes) -> dict[str, Any]:
    counted = Counter(finding.severity.word for finding in linted.findings)
    return {
        "bytes": len(data),
        "findings": {word: counted.get(word, 0) for word in ("error", "warning", "info")},
        "codes": sorted({finding.code for finding in linted.findings}),
        "edgetpu": linted.placement.edgetpu,
        "cpu": linted.placement.cpu,
        "share": linted.placement.share,
        "inputs": [tensor.dtype for tensor in linted.model.main.inputs],
        "outputs": [tensor.dtype for tensor in linted.model.main.outputs],
    }


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """Plain data of a comparison."""
    return {
        "identical": comparison.identical,
        "samples": comparison.samples,
        "shared_tensors": comparison.shared,
        "shared_different": list(comparison.shared_different),
        "failure": comparison.failure,
        "outputs": [output._asdict() for output in comparison.outputs],
    }
