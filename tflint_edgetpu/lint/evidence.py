"""What the compiler left behind, read for a report: its output, and the file it made of a model."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..model.errors import ReadError
from ..model.reader import read_model
from ..model.record import NamedTuple

if TYPE_CHECKING:
    from ..edgetpu.compiled import CompiledModel
    from ..edgetpu.log import CompilerLog
    from ..script.converter_output import ConverterMessage

# Enough of a file to tell that the compiler wrote it.
_HEAD = 2**16
# A converter that was told to be verbose dumps graphs; what it complains of stands before and after them.
_LONGEST_CONVERTER_LOG = 2**24


class EvidencePaths(NamedTuple):
    """Where the compiler's output for a model and the file it made are; ``join``: beside it, by name."""

    log: str | None = None
    compiled: str | None = None
    join: bool = False

    def of(self, path: str) -> EvidencePaths:
        """With the files that stand beside the model ``path``, where they are asked for and exist."""
        if not self.join:
            return self
        from ..edgetpu.companions import find_companions

        found = find_companions(path)
        return self._replace(log=self.log or found.log, compiled=self.compiled or found.compiled)


class Evidence:
    """The log and the compiled twin of one model. What cannot be read is a line in ``problems``."""

    def __init__(self, paths: EvidencePaths) -> None:
        self.log: CompilerLog | None = None
        self.compiled: CompiledModel | None = None
        self.problems: list[str] = []
        self._open = ExitStack()
        if paths.log is not None:
            try:
                self.log = read_compiler_log(paths.log)
            except ReadError as error:
                self.problems.append(f"the log {paths.log}: {error}")
        if paths.compiled is not None:
            try:
                self.compiled = self._read_twin(paths.compiled)
            except ReadError as error:
                self.problems.append(f"the compiled file {paths.compiled}: {error}")

    def _read_twin(self, path: str) -> CompiledModel:
        from ..edgetpu.compiled import read_compiled

        twin = read_model(path)
        self._open.callback(twin.close)
        compiled = read_compiled(twin)
        if compiled is None:
            raise ReadError("edgetpu_compiler did not make it: there is no edgetpu-custom-op in it")
        return compiled

    def close(self) -> None:
        self._open.close()


def read_compiler_log(path: str) -> CompilerLog:
    """Read a log; raises :class:`ReadError` where the compiler said nothing in it."""
    from ..edgetpu.log import read_log

    log = read_log(path)
    if not log.recognized:
        raise ReadError("there is nothing in it that edgetpu_compiler prints")
    return log


def read_converter_log(path: str) -> list[ConverterMessage]:
    """What TensorFlow's converter said in a file; empty where it said nothing that means something."""
    from ..script.converter_output import converter_messages

    try:
        with open(path, "rb") as file:
            return converter_messages(file.read(_LONGEST_CONVERTER_LOG).decode("utf-8", "replace"))
    except OSError:
        return []


def is_log(path: str) -> bool:
    """Whether a file that is no model is output of the compiler."""
    from ..edgetpu.log import is_compiler_output

    if not os.path.isfile(path):  # opening a pipe waits for who writes into it
        return False
    try:
        with open(path, "rb") as file:
            return is_compiler_output(file.read(_HEAD))
    except OSError:
        return False
