"""How far a conversion is: a bar where a person looks, nothing elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any


class ConversionProgress:
    """Shown on standard error, so that standard output stays the report."""

    def __init__(self, samples: int, *, quiet: bool = False) -> None:
        self._samples = samples
        self._bar: Any = None
        self._task: Any = None
        self._quiet = quiet or not sys.stderr.isatty()

    def __enter__(self) -> ConversionProgress:
        if not self._quiet:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(bar_width=24),
                TextColumn("{task.fields[count]}", markup=False), TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task("start", total=None, count="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, text: str) -> None:
        """A new step begins; how long it takes nobody knows until samples are counted."""
        if self._bar is not None:
            from ..report.text import printable

            self._bar.reset(self._task, description=printable(text), total=None, count="")

    def calibrated(self, samples: int, of: int | None = None) -> None:
        """So many samples went through the float model, ``of`` all; without it of those that were asked for."""
        if self._bar is not None:
            total = max(of or self._samples, samples)
            self._bar.update(self._task, completed=samples, total=total, count=f"{samples}/{total} samples")
