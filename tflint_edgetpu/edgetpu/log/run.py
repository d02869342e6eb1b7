"""What has been read of one call of the compiler, and of each model it reports on."""

from __future__ import annotations

import re

from .phrases import ORDER
from .result import LogLine, LogRow


class Block:
    """What has been read of one model so far."""

    def __init__(self, run: int, kind: str) -> None:
        self.run = run
        self.kind = kind
        self.values: dict[str, str | int] = {}
        self.lines: dict[str, int] = {}
        self.rows: list[LogRow] = []
        self.pairs: set[tuple[str, str]] = set()
        self.not_all = False  # the sentence 'not all operations are supported'
        self.complete = False  # the text goes on behind the place where that sentence would stand

    def set(self, field: str, value: str | int, line: int) -> None:
        self.values.setdefault(field, value)
        self.lines.setdefault(field, line)

    def holds(self, field: str) -> bool:
        """Whether a line for ``field`` must belong to the next model."""
        last = max((ORDER[known] for known in self.values if known in ORDER), default=-1)
        return field in self.values and ORDER[field] <= last

    def name(self, field: str) -> str:
        """The last component of a path, in whichever way it is written."""
        return re.split(r"[/\\]", str(self.values.get(field, "")))[-1]


class Run:
    """One call of the compiler."""

    def __init__(self, number: int, *, certain: bool) -> None:
        self.number = number
        self.certain = certain  # begun by a version line of its own
        self.version: str | None = None
        self.asks_version = False  # edgetpu_compiler --version
        self.errors: list[LogLine] = []
        self.blocks: list[Block] = []
        self.succeeded = False  # what was last heard of it
        self.failed = False
        self.attempt_open = False
        self.attempts = 0

    @property
    def is_empty(self) -> bool:
        return not (self.errors or self.blocks or self.succeeded or self.failed or self.attempts)
