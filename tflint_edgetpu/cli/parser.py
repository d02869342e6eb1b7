"""argparse, for people who made a mistake: one line with a suggestion instead of the whole usage."""

from __future__ import annotations

import argparse
import os
from typing import NoReturn

from ..lint.suggest import did_you_mean
from ..report.text import printable


class Parser(argparse.ArgumentParser):
    """A parser of one command; ends the process with exit code 2 where the arguments are wrong."""

    def __init__(self, program: str, command: str, description: str | None) -> None:
        super().__init__(
            prog=f"{program} {command}",
            description=description,
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        self._program = program

    def error(self, message: str) -> NoReturn:
        hint = ""
        if message.startswith("unrecognized arguments: -"):
            wrong = message.split()[2].partition("=")[0]
            hint = did_you_mean(wrong, [name for action in self._actions for name in action.option_strings])
        self.exit(2, f"{self._program}: {printable(message)}{hint}; see '{self.prog} --help'\n")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Told the width, argparse does not import shutil for it, and with that all of Python's archivers."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """Columns of the terminal, as ``shutil.get_terminal_size`` finds them."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80
