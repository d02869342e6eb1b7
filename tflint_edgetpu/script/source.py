"""A Python script or a notebook as cells of code with line numbers.

Nothing is run.  IPython's magics are taken apart: shell lines (``!tflite_convert ...``) are kept as such, other magics
are dropped, so that the rest parses as Python.  Every line and column stays where it was.
"""

from __future__ import annotations

import ast
import codecs
import re

from ..model.errors import ReadError
from ..model.record import NamedTuple
from .notebook import NotebookCell, read_notebook

NOTEBOOK_SUFFIX = ".ipynb"
# A script larger than this is data, not a script somebody wrote.
LARGEST = 16 * 2**20
# A longer line is data, no command.
LONGEST_MAGIC = 4000
# Deeper code was made by a program. What follows it goes three calls down for each level.
DEEPEST = 200
_ENCODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_LINE_END = re.compile("\r\n|\r|\n")
_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
_SHELL_MAGICS = ("%%bash", "%%sh", "%%shell", "%%!", "%%cmd")


class ShellLine(NamedTuple):
    """A command for the shell, continuation lines joined."""

    line: int
    text: str


class Cell(NamedTuple):
    """One piece of code. ``number`` counts a notebook's code cells from 1, ``None`` in a script; lines count from 1
    within the cell.
    """

    number: int | None
    lines: tuple[str, ...]  # as they stand, without line ends
    tree: ast.Module | None  # None where it does not parse
    shell: tuple[ShellLine, ...]
    error: str | None
    error_line: int | None
    outputs: tuple[str, ...]  # of a notebook
    file_lines: tuple[int, ...]  # the line of the file that each line stands in


class Source(NamedTuple):
    """A whole file; ``kind`` is source or notebook."""

    kind: str
    cells: tuple[Cell, ...]
    prose: str  # a notebook's text cells
    text: str  # the whole file as text, without a byte order mark
    encoding: str
    bom: bool


def read_source(data: bytes, path: str) -> Source:
    """Read a ``.py`` or ``.ipynb`` file from its bytes; raises :class:`ReadError` for what is neither."""
    if len(data) > LARGEST:
        raise ReadError(f"{len(data):,} bytes are no script")
    bom = data.startswith(codecs.BOM_UTF8)
    is_notebook = path.lower().endswith(NOTEBOOK_SUFFIX)
    encoding = "utf-8" if bom or is_notebook else _declared_encoding(data)
    try:
        text = data[3 if bom else 0 :].decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"this is no text in {encoding}", error.start) from None
    if not is_notebook:
        lines = tuple(_LINE_END.split(text))
        numbers = tuple(range(1, len(lines) + 1))
        cell = _parsed(None, lines, list(lines), (), (), numbers)
        if cell.error is not None and any(line.lstrip().startswith(("!", "%")) for line in lines):
            # Colab writes a notebook as a script with its magics in it.
            python, shell = _without_magics(list(lines))
            cell = _parsed(None, lines, python, tuple(shell), (), numbers)
        return Source("source", (cell,), "", text, encoding, bom)
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    code: list[Cell] = []
    prose: list[str] = []
    for entry in read_notebook(text):
        if entry.kind == "code":
            code.append(_code_cell(len(code) + 1, entry, starts))
        elif entry.kind == "markdown":
            prose.append(entry.text)
    return Source("notebook", tuple(code), "\n".join(prose), text, encoding, bom)


def _declared_encoding(data: bytes) -> str:
    """As PEP 263 has it: a comment in one of the first two lines; UTF-8 without one."""
    for line in data.split(b"\n", 2)[:2]:
        match = _ENCODING.match(line)
        if match:
            name = match.group(1).decode("ascii", "replace")
            try:
                info = codecs.lookup(name)
            except LookupError:
                raise ReadError(f"there is no encoding '{name[:40]}'") from None
            if not getattr(info, "_is_text_encoding", True):
                raise ReadError(f"'{name[:40]}' is no encoding of text")
            return info.name
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"


def _code_cell(number: int, cell: NotebookCell, starts: list[int]) -> Cell:
    from bisect import bisect_right

    lines = tuple(_LINE_END.split(cell.text))
    file_lines: list[int] = []
    for part in cell.parts:
        at = bisect_right(starts, part.start)
        ends = len(_LINE_END.findall(part.text))
        file_lines.extend([at] * (ends if ends else 1 if part is cell.parts[-1] else 0))
    last = file_lines[-1] if file_lines else 1
    file_lines.extend([last] * (len(lines) - len(file_lines)))
    code, shell = _without_magics(list(lines))
    return _parsed(number, lines, code, tuple(shell), cell.outputs, tuple(file_lines[: len(lines)]))


def _parsed(
    number: int | None,
    lines: tuple[str, ...],
    code: list[str],
    shell: tuple[ShellLine, ...],
    outputs: tuple[str, ...],
    file_lines: tuple[int, ...],
) -> Cell:
    try:
        tree = ast.parse("\n".join(code))
        why, line = _too_deep(tree), None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        tree, line = ast.Module([], []), getattr(error, "lineno", None)
        why = str(getattr(error, "msg", error))
    return Cell(number, lines, None if why else tree, shell, why, line, outputs, file_lines)


def _too_deep(tree: ast.Module) -> str | None:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return None
    return "it is nested too deeply to be followed"


def _without_magics(lines: list[str]) -> tuple[list[str], list[ShellLine]]:
    """The lines with magics blanked, and the shell commands among them."""
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%"):
        magic = first.split()[0]
        if magic in _SHELL_MAGICS:
            return [""] * len(lines), _shell_lines(lines, every=True)
        # A script that the notebook writes is code as well.
        if magic not in _PYTHON_MAGICS and not (magic == "%%writefile" and first.endswith(".py")):
            return [""] * len(lines), []
        lines = ["" if line.lstrip().startswith("%%") else line for line in lines]
    shell = _shell_lines(lines, every=False)
    result, inside = [], False
    for line in lines:
        stripped = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        continues = inside
        if inside or stripped.startswith(("!", "%")):
            inside = stripped.endswith("\\")
            # A magic alone in a block would leave it empty; what continues it is no line of its own.
            result.append(f"{indent}pass" if indent and not continues else "")
        elif len(line) < LONGEST_MAGIC and re.match(r"\s*\w[\w, ]*=\s*[!%]", line):
            inside = stripped.endswith("\\")
            result.append(f"{line.partition('=')[0]}= None")
        elif "?" in (stripped[:1], stripped[-1:]) and re.fullmatch(r"\?{0,2}[\w.]+\?{0,2}", stripped):
            result.append(f"{indent}pass")
        else:
            result.append(line)
    return result, shell


def _shell_lines(lines: list[str], *, every: bool) -> list[ShellLine]:
    found: list[ShellLine] = []
    joined: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if not joined:
            match = None
            if "!" in line and len(line) < LONGEST_MAGIC:
                match = re.match(r"\s*(?:\w[\w, ]*=\s*)?!+(.*)", line)
            if every and not stripped.startswith(("%%", "#")):
                text = stripped
            elif match and not every:
                text = match.group(1).strip()
            else:
                continue
            first = number
        else:
            text = stripped
        if text.endswith("\\") and number < len(lines):
            joined.append(text[:-1].rstrip())
            continue
        joined.append(text)
        command = " ".join(filter(None, joined))
        if command:
            found.append(ShellLine(first, command))
        joined = []
    return found
