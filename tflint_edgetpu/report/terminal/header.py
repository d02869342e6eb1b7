"""The first lines of a file's report: what the model is, and how much of it the Edge TPU runs."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ...edgetpu.placement import Placement
from ...lint.wording import counted
from ...model.graph import Model, Tensor
from ..text import printable, shorten
from .layout import keyed
from .style import DIM, Signs
from .words import shape, share, size, tally

BAR = 24


def title(console: Console, path: str, signs: Signs, right: str = "") -> None:
    """A rule across the page that carries the file's name."""
    name = shorten(path, max(console.width - len(right) - 8, 16))
    line = Text(f"{signs.rule}{signs.rule} ", style=DIM)
    line.append(name, style="bold")
    tail = Text(f" {right}" if right else "", style=DIM)
    filler = console.width - line.cell_len - tail.cell_len - 1
    line.append(" " + signs.rule * max(filler - 1, 0), style=DIM)
    console.print(Text.assemble(line, tail), no_wrap=True, overflow="crop")


def model_lines(console: Console, model: Model, kind: str, signs: Signs) -> None:
    """What the model is: kind, operators, size, interface."""
    operators = sum(len(graph.operators) for graph in model.subgraphs)
    parts = [kind, counted(operators, "operator"), size(model.size)]
    if len(model.subgraphs) > 1:
        parts.append(counted(len(model.subgraphs), "subgraph"))
    interface = f"{_tensors(model.main.inputs)} in, {_tensors(model.main.outputs)} out"
    keyed(
        console,
        [("model", Text(f" {signs.dot} ".join(parts))), ("", Text(interface, style=DIM))],
    )


def _tensors(tensors: tuple[Tensor, ...]) -> str:
    if not tensors:
        return "nothing"
    if len(tensors) == 1:
        return f"{tensors[0].dtype.lower()} {shape(tensors[0].signature)}"
    return tally([tensor.dtype.lower() for tensor in tensors], 2)


def placement_lines(console: Console, placement: Placement, target: str, signs: Signs) -> None:
    """How much runs where, as a bar and in words; nothing of a file that the compiler refuses as a whole."""
    total = len(placement.operators)
    if not total:
        return
    words = f"{placement.edgetpu:,} of {counted(total, 'operator')}"
    if placement.macs:
        words += f", {share(placement.share)} of the arithmetic"
    if placement.edgetpu and placement.compiles.is_refused:
        line = bar(0.0, signs)
        line.append("  nothing: the compiler refuses the file")
        rows = [("EdgeTPU", line), ("", Text(f"without that: {words}"))]
    else:
        line = bar(placement.share, signs)
        line.append("  " + words)
        rows = [("EdgeTPU", line)]
    rows.extend(_cpu_rows(placement))
    rows.append(("", Text(f"predicted for edgetpu_compiler {target}", style=DIM)))
    keyed(console, rows)


def bar(part: float, signs: Signs) -> Text:
    """``part``, 0 to 1, as a bar; never full or empty for what is only near it."""
    filled = round(BAR * part)
    filled = min(max(filled, 1 if part > 0 else 0), BAR - 1 if part < 1 else BAR)
    drawn = Text(signs.full * filled, style=_colour(part))
    drawn.append(signs.empty * (BAR - filled), style=DIM)
    return drawn


def _colour(part: float) -> str:
    return "green" if part > 0.9 else "yellow" if part > 0.3 else "red"


def at_the_ends(placement: Placement) -> str | None:
    """The operators on the CPU that belong there, in words; ``None`` where there are none."""
    ends = placement.tail | placement.entry
    found = [p.operator.label for p in placement.operators if p.on == "cpu" and p.operator in ends]
    return f"{len(found)} at the ends, where they belong: {tally(found, 3)}" if found else None


def _cpu_rows(placement: Placement) -> list[tuple[str, Text]]:
    """What is on the CPU by kind of cause: refused, behind those, the normal ends of the graph."""
    ends = placement.tail | placement.entry
    inside = [p for p in placement.operators if p.on == "cpu" and p.operator not in ends]
    refused = [placed.operator.label for placed in inside if placed.role == "breaker"]
    blocked = [placed.operator.label for placed in inside if placed.role == "blocked"]
    parts = []
    if refused:
        parts.append(f"{len(refused)} refused: {tally(refused)}")
    if blocked:
        parts.append(f"{len(blocked)} fine by themselves but behind those")
    if (belonging := at_the_ends(placement)) is not None:
        parts.append(belonging)
    return [("CPU" if not number else "", Text(printable(part))) for number, part in enumerate(parts)]


def error_line(console: Console, message: str) -> None:
    """The one line about a file that could not be read."""
    line = Text("error: ", style="bold red")
    line.append(printable(message))
    keyed(console, [("", line)], indent=0)
