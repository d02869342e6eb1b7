"""Real output in a written page: the block behind a marker is what the command prints now.

A marker is a comment of Markdown on a line of its own, before a fenced block::

    <!-- output: lint fixtures/model.tflite -->
    <!-- output: lint fixtures/model.tflite | head 20 -->
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator

from ..main import PROGRAM, main

BLOCK = re.compile(r"(<!-- output: ([^\n]+?) -->\n```\w*\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)
PLAIN_TERMINAL = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "TFLINT_EDGETPU_PLUGINS": PROGRAM}


def with_output(page: str) -> str:
    """``page`` with every marked block made anew by running its command in the working folder."""
    return BLOCK.sub(lambda match: match[1] + _output(match[2]) + match[4], page)


def _output(command: str) -> str:
    words, _, first = command.partition(" | head ")
    written = io.StringIO()
    with _plain_terminal(), contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
        main(shlex.split(words))
    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    if first and len(lines) > int(first):
        lines = [*lines[: int(first)], "..."]
    return "".join(f"{line}\n" for line in lines)


@contextlib.contextmanager
def _plain_terminal() -> Iterator[None]:
    """80 columns, no colour, the built-in rules alone."""
    before = {name: os.environ.get(name) for name in PLAIN_TERMINAL}
    os.environ.update(PLAIN_TERMINAL)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
