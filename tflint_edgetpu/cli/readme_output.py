"""Real output in the README: every block behind a marker is what the command prints now.

A marker is ``<!-- output: lint fixtures/x.tflite -->`` on a line of its own, before a fenced block.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import unittest.mock

BLOCK = re.compile(r"(<!-- output: (.+?) -->\n```\w*\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)


def with_current_output(text: str) -> str:
    """``text`` with every marked block made anew, at 80 columns and without colour."""
    return BLOCK.sub(lambda match: match[1] + _output(match[2]) + match[4], text)


def _output(command: str) -> str:
    """What ``tflint-edgetpu <command>`` prints; only what matters where the command names a part:
    ``lint x.tflite | head 20``.
    """
    from .main import main

    words, _, part = command.partition(" | head ")
    printed = io.StringIO()
    environment = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    with unittest.mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(printed):
        main(words.split())
    lines = [line.rstrip() for line in printed.getvalue().splitlines()]
    if part:
        lines = [*lines[: int(part)], "..."]
    return "\n".join(lines) + "\n"
