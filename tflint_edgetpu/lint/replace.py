"""Writing a file as a whole: readers see the old one or the new one, and a failure leaves the old one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO


def replace_file(path: str, write: Callable[[TextIO], object]) -> None:
    """Call ``write`` with a stream and put what it wrote in the place of ``path``; raises OSError.

    A link keeps pointing to its file. What is no regular file, such as ``/dev/stdout``, is written to and
    never replaced.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
            write(stream)
        return
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8", errors="backslashreplace") as stream:
            write(stream)
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
