"""One thing that was looked at."""

from __future__ import annotations

from typing import NamedTuple

OK = "ok"
PROBLEM = "problem"  # it is here and broken: exit code 1
ABSENT = "absent"  # it is not here, which breaks nothing by itself


class Line(NamedTuple):
    topic: str
    status: str
    text: str  # what was seen and what it means
    cure: str = ""  # commands to paste, one a line; what starts with # is said, not run
    reference: str = ""  # where that is known from

    def to_dict(self) -> dict[str, str]:
        return self._asdict()
