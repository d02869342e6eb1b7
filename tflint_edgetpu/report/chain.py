"""The stages of a verification: a line each for people, plain data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from ..verify.chain import FAILED, NOT_RUN, PASSED, Stage, chain_passed
from .terminal.layout import hanging
from .terminal.style import DIM, KEY
from .text import shorten, shorten_names

_STYLES = {PASSED: "bold green", FAILED: "bold red", NOT_RUN: "bold yellow"}
# 'agreement' and 'not run', with a gap behind them.
_NAME_WIDTH, _STATUS_WIDTH = 11, 9


def show_stages(console: Console, stages: Iterable[Stage]) -> None:
    """One line a stage, wrapped under its text; below it what else there is to say."""
    for stage in stages:
        before = Text("  ").append(f"{stage.name:<{_NAME_WIDTH}}", style=KEY)
        before.append(f"{stage.status:<{_STATUS_WIDTH}}", style=_STYLES[stage.status])
        hanging(console, before, Text(shorten_names(stage.text)))
        for line in stage.details:
            hanging(
                console, Text(" " * (2 + _NAME_WIDTH + _STATUS_WIDTH)), Text(shorten_names(line), style=DIM)
            )


def verdict(stages: Sequence[Stage]) -> str:
    """All stages in one sentence: what failed, what was not run."""
    failed = [stage.name for stage in stages if stage.status == FAILED]
    idle = [stage.name for stage in stages if stage.status == NOT_RUN]
    if failed:
        text = f"failed at {_listed(failed)}"
    else:
        passed = [stage.name for stage in stages if stage.status == PASSED]
        text = f"passed {_listed(passed)}"
    return text + (f"; not run: {_listed(idle)}" if idle else "")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def show_chain(console: Console, path: str, stages: Sequence[Stage]) -> None:
    """The whole report of one model."""
    console.print(Text(shorten(path, 100), style="bold"), soft_wrap=True)
    show_stages(console, stages)
    style = "bold" if chain_passed(stages) else "bold red"
    hanging(console, Text("  "), Text(verdict(stages), style=style))


def stages_data(stages: Iterable[Stage]) -> list[dict[str, Any]]:
    """Plain data of the stages, in order."""
    return [
        {
            "name": stage.name,
            "status": stage.status,
            "text": stage.text,
            "details": list(stage.details),
            "numbers": dict(stage.numbers),
        }
        for stage in stages
    ]


def chain_data(path: str, stages: Sequence[Stage]) -> dict[str, Any]:
    """The same as plain data; every key is always there."""
    return {
        "schema_version": 1,
        "path": path,
        "passed": chain_passed(stages),
        "verdict": verdict(stages),
        "stages": stages_data(stages),
    }
