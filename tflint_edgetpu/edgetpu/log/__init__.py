"""What ``edgetpu_compiler`` printed or wrote: text -> :class:`CompilerLog`.

The text may be console output, a ``*_edgetpu.log`` file, or either of them as people paste it: quoted,
wrapped, indented, translated, several runs in a row, with prose around.  Nothing in it raises.
"""

from __future__ import annotations

from .reader import is_compiler_output, read_log
from .result import CompilerLog, LoggedModel, LogLine, LogRow, Outcome, printed_size, size_in_bytes

__all__ = [
    "CompilerLog",
    "LogLine",
    "LogRow",
    "LoggedModel",
    "Outcome",
    "is_compiler_output",
    "printed_size",
    "read_log",
    "size_in_bytes",
]
