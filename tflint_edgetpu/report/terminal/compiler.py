"""The first lines about what the compiler printed, what it made, and what that says about the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ...lint.wording import counted
from ..text import printable, shorten
from .header import bar
from .layout import keyed
from .style import DIM, Signs
from .words import size, tally

if TYPE_CHECKING:
    from ...edgetpu.compiled import CompiledModel
    from ...edgetpu.log import CompilerLog
    from ...edgetpu.log.result import LoggedModel, LogRow
    from ...edgetpu.observed import Observed
    from ...lint.file_report import FileReport

# Logs of whole model collections exist; each model takes up to six lines.
MODELS_SHOWN = 4
# An error of the compiler can quote the types and names of many tensors.
ERROR_WIDTH = 300
_WORDS = {
    "success_full": "compiled, every operator mapped",
    "success_partial": "compiled in part",
    "success_none_mapped": "called a success, but nothing mapped",
    "failure": "failed",
}


def log_lines(console: Console, log: CompilerLog, signs: Signs) -> None:
    """What a log says: how it ended, and for each model what was mapped and which memory it takes."""
    version = f"edgetpu_compiler {log.compiler_version}" if log.compiler_version else "edgetpu_compiler"
    parts = [version, _WORDS.get(log.outcome or "", "the text ends before the outcome is known")]
    if log.attempts > 1:
        parts.append(counted(log.attempts, "attempt"))
    models = log.distinct_models
    if len(log.models) > 1:
        parts.append(counted(len(models), "model"))
    if len(log.models) > len(models):
        parts.append(f"compiled {len(log.models)} times")
    rows = [("log", Text(printable(f" {signs.dot} ".join(parts))))]
    if log.error is not None:
        rows.append(("", Text(shorten(log.error.text, ERROR_WIDTH), style="red")))
    keyed(console, rows)
    for logged in models[:MODELS_SHOWN]:
        keyed(console, _logged_rows(logged, len(models) > 1, signs))
    left = len(models) - MODELS_SHOWN
    if left > 0:
        keyed(console, [("", Text(f"and {counted(left, 'more model')}", style=DIM))])


def _logged_rows(logged: LoggedModel, by_name: bool, signs: Signs) -> list[tuple[str, Text]]:
    rows = []
    if by_name and logged.input_model:
        rows.append(("model", Text(shorten(logged.input_model, 60), style="bold")))
    total, mapped = logged.operators, logged.mapped
    if total and mapped is not None:
        line = bar(mapped / total, signs)
        line.append(f"  {mapped:,} of {counted(total, 'operator')}")
        if logged.subgraphs and logged.subgraphs > 1:
            line.append(f" in {logged.subgraphs} parts")
        rows.append(("EdgeTPU", line))
    on_cpu = _on_cpu(logged)
    if not on_cpu and logged.on_cpu:
        on_cpu = [f"{counted(logged.on_cpu, 'operator')}; the table that names them is not in the text"]
    rows.extend(("" if number else "CPU", Text(printable(line))) for number, line in enumerate(on_cpu))
    memory = _memory(logged)
    if memory:
        rows.append(("memory", Text(printable(memory))))
    return rows


def _on_cpu(logged: LoggedModel) -> list[str]:
    """What the table leaves on the CPU: refused, behind those, the usual ends."""
    from ...edgetpu.log.table import TableReading

    table = TableReading(logged)
    lines = []
    if table.breakers:
        lines.append(f"{_number(table.breakers)} refused: {_tally(table.breakers)}")
    if table.victims:
        lines.append(f"{table.victims_count} fine by themselves but behind others: {_tally(table.victims)}")
    if table.ends:
        lines.append(f"{_number(table.ends)} at the ends, where they belong: {_tally(table.ends)}")
    return lines


def _number(rows: list[LogRow]) -> int:
    return sum(row.count for row in rows)


def _tally(rows: list[LogRow]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.operator] = counts.get(row.operator, 0) + row.count
    most = sorted(counts.items(), key=lambda pair: -pair[1])
    shown = ", ".join(f"{number} {kind}" for kind, number in most[:4])
    rest = sum(number for _, number in most[4:])
    return f"{shown} and {rest} more" if rest else shown


def _memory(logged: LoggedModel) -> str:
    parts = []
    if logged.on_chip_used:
        parts.append(f"{logged.on_chip_used} of parameters on the chip")
    if logged.on_chip_remaining:
        parts.append(f"{logged.on_chip_remaining} left")
    elif logged.on_chip_available:
        parts.append(f"{logged.on_chip_available} there in all")
    if logged.off_chip:
        parts.append(f"{logged.off_chip} streamed for every inference")
    return ", ".join(parts)


def compiled_lines(console: Console, compiled: CompiledModel, signs: Signs) -> None:
    """What is in a compiled file: its parts for the Edge TPU, memory, and what stayed outside."""
    parts = [counted(compiled.subgraphs, "part")]
    if compiled.segment is not None:
        parts.append("segment {} of {} of a pipeline".format(*compiled.segment))
    if compiled.min_runtime is not None:
        parts.append(f"needs runtime {compiled.min_runtime}")
    if compiled.estimated_cycles is not None:
        parts.append(f"{counted(compiled.estimated_cycles, 'cycle')} estimated by the compiler")
    rows = [("EdgeTPU", Text(f" {signs.dot} ".join(parts)))]
    rows.extend(
        ("", Text(printable(f"{part.operator.ref}: {part.problem}"), style="red"))
        for part in compiled.parts
        if part.problem
    )
    outside = [operator.label for operator in compiled.cpu_operators]
    rows.append(
        (
            "CPU",
            Text(
                printable(f"{counted(len(outside), 'operator')}: {tally(outside)}" if outside else "nothing")
            ),
        )
    )
    if compiled.packages:
        memory = f"{size(compiled.cached_bytes)} of parameters on the chip, "
        memory += f"{size(compiled.streamed_bytes)} streamed for every inference"
        rows.append(("memory", Text(memory)))
    keyed(console, rows)


def shared_lines(console: Console, files: Iterable[FileReport]) -> None:
    """Which of the compiled files were made to be on the chip together; the others evict each other."""
    from ...edgetpu.compiled import co_compiled

    compiled = {file.compiled: file.path for file in files if file.kind == "compiled" and file.compiled}
    for group in co_compiled(compiled):
        names = ", ".join(printable(compiled[one]) for one in group[:MODELS_SHOWN])
        more = f" and {len(group) - MODELS_SHOWN} more" if len(group) > MODELS_SHOWN else ""
        console.print(Text(f"  compiled together, they share the on-chip memory: {names}{more}"))


def observed_line(console: Console, observed: Observed, *, predicted_several: bool) -> None:
    """How much the compiler really mapped, under the prediction. Nothing where no evidence belongs.

    ``predicted_several``: whether the prediction is one for several parts.
    """
    mapped = observed.edgetpu
    if mapped is None:
        return
    total = len(observed.model.main.operators)
    source = "in the compiled file" if observed.compiled is not None else "by the compiler's log"
    text = f"observed {source}: {mapped:,} of {counted(total, 'operator')} on the Edge TPU"
    if observed.multiple_subgraphs:
        text += f" in {observed.subgraphs or 'several'} parts, so it was compiled with -a"
    if observed.streamed_bytes:
        text += f", {size(observed.streamed_bytes)} of parameters streamed"
    rows = [("", Text(text))]
    if observed.multiple_subgraphs and not predicted_several:
        rows.append(("", Text("to predict that as well: --multiple-subgraphs", style=DIM)))
    keyed(console, rows)
