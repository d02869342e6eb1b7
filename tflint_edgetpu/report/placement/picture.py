"""The graph from input to output as the parts that run together, with the break visible."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ...edgetpu.operator_placement import OperatorPlacement
from ...edgetpu.placement import Placement
from ...lint.wording import counted
from ...model.graph import Subgraph, Tensor
from ..terminal.layout import hanging
from ..terminal.style import DIM, Signs, signs
from ..terminal.words import shape, share, tally
from ..text import printable, shorten, shorten_names

# More parts than this say no more than their number does.
MOST_PARTS = 14


def show_picture(console: Console, placement: Placement, graph: Subgraph) -> None:
    sign = signs(console)
    pipe = Text("    \u2502" if sign.arrow == "\u2192" else "    |", style=DIM)
    if placement.compiles.is_refused:
        words = "what would run where if the compiler took the file:"
        hanging(console, Text("  "), Text(words, style="bold yellow"))
    for tensor in graph.inputs:
        console.print(_end("in ", tensor, console.width), soft_wrap=True)
    parts = _parts(placement)
    shown = parts if len(parts) <= MOST_PARTS else [*parts[: MOST_PARTS - 3], *parts[-2:]]
    for number, part in enumerate(shown):
        console.print(pipe)
        if len(shown) < len(parts) and number == MOST_PARTS - 3:
            console.print(
                Text(f"    {sign.dot * 3} {counted(len(parts) - len(shown), 'more part')}", style=DIM)
            )
            console.print(pipe)
        _part(console, part, placement, sign)
    console.print(pipe)
    for tensor in graph.outputs:
        console.print(_end("out", tensor, console.width), soft_wrap=True)


def _parts(placement: Placement) -> list[list[OperatorPlacement]]:
    """The subsets of the partition; in one that is refused, breakers and what is blocked apart."""
    parts = []
    for _, operators in placement.subsets:
        placed = [placement.of(operator) for operator in operators]
        for role in ("mapped", "breaker", "blocked"):
            part = [one for one in placed if one.role == role]
            if part:
                parts.append(part)
    return parts


def _end(word: str, tensor: Tensor, width: int) -> Text:
    text = Text(f"  {word} ", style="bold")
    text.append(f"{tensor.dtype.lower()} {shape(tensor.signature)}  ", style="default not bold")
    text.append(shorten(tensor.name, max(width - text.cell_len - 1, 20)), style=DIM)
    return text


def _part(console: Console, part: list[OperatorPlacement], placement: Placement, sign: Signs) -> None:
    role = part[0].role
    style = {"mapped": "green", "breaker": "red", "blocked": "yellow"}[role]
    mark = {"mapped": sign.full * 2, "breaker": "><", "blocked": sign.empty * 2}[role]
    where = {"mapped": "Edge TPU", "breaker": "CPU     ", "blocked": "CPU     "}[role]
    macs = sum(placed.macs for placed in part)
    before = Text(f"   {mark} ", style=style)
    before.append(f"{where} ", style=f"bold {style}")
    line = Text(counted(len(part), "operator"), style=style)
    if placement.macs and macs:
        line.append(f", {share(macs / placement.macs)} of the arithmetic")
    if role == "blocked":
        line.append(", fine by itself" if len(part) == 1 else ", fine by themselves")
    hanging(console, before, line)
    kinds = tally([printable(placed.operator.label) for placed in part], 5)
    hanging(console, Text(" " * 6), Text(kinds, style=DIM))
    if role == "breaker":
        for reason in list(dict.fromkeys(p.reason for p in part if p.reason))[:3]:
            hanging(console, Text(" " * 6), Text(shorten_names(reason), style=style))
