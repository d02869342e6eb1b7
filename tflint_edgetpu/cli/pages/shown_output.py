"""Real output in a written page: what stands between two markers is what the command prints.

The markers are comments of Markdown::

    <!-- output of: tflint-edgetpu lint fixtures/model.tflite -->
    <!-- first 20 lines of: tflint-edgetpu lint fixtures/model.tflite -->
    ...
    <!-- end -->
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator

from ..main import PROGRAM, UserError, main

BLOCK = re.compile(
    r"(?P<open><!-- (?:output|first (?P<lines>\d+) lines) of: (?P<command>[^\n]+) -->\n)"
    r".*?(?P<close><!-- end -->)",
    re.DOTALL,
)
WIDTH = "80"


def with_output(page: str) -> str:
    """``page`` with what its commands print now, run in the working folder."""
    return BLOCK.sub(_block, page)


def _block(match: re.Match[str]) -> str:
    program, *words = shlex.split(match["command"])
    if program != PROGRAM:
        raise UserError(f"a page shows the output of '{program}': only that of {PROGRAM} can be inserted")
    lines = [line.rstrip() for line in _output(words).splitlines()]
    if match["lines"] and len(lines) > int(match["lines"]):
        lines = [*lines[: int(match["lines"])], "  ..."]
    return match["open"] + "```text\n" + "\n".join(lines) + "\n```\n" + match["close"]


def _output(words: list[str]) -> str:
    written = io.StringIO()
    with _plain_terminal(), contextlib.redirect_stdout(written):
        main(words)
    return written.getvalue()


@contextlib.contextmanager
def _plain_terminal() -> Iterator[None]:
    """80 columns, no colour, the built-in rules alone."""
    wanted = {"COLUMNS": WIDTH, "NO_COLOR": "1", "TFLINT_EDGETPU_PLUGINS": PROGRAM}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
