"""Cells, lines and magics: everything keeps the line that it stands in."""

from __future__ import annotations

import json

import pytest

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.script.script import read_script
from tflint_edgetpu.script.source import LARGEST, read_source
from tflint_edgetpu.testing.notebooks import notebook


def shell(cell: str) -> list[tuple[int, str]]:
    (read,) = read_source(notebook(cell).encode(), "a.ipynb").cells
    assert read.error is None
    return [(line.line, line.text) for line in read.shell]


@pytest.mark.parametrize(
    ("cell", "commands"),
    [
        ("x = 1\n!pip install a", [(2, "pip install a")]),
        ("!onnx2tf -i m.onnx \\\n   -oiqt \\\n   -b 1\nx = 1", [(1, "onnx2tf -i m.onnx -oiqt -b 1")]),
        ("out = !ls\nx, y = !two", [(1, "ls"), (2, "two")]),
        ("if x:\n    !ls\nelse:\n    %cd a", [(2, "ls")]),
        ("%%bash\n# comment\nls \\\n  -l\n\npwd", [(3, "ls -l"), (6, "pwd")]),
        ("%%time\nx = 1", []),
        ("%%writefile a.txt\nthis is no Python", []),
        ("%%writefile a.py\nx = 1", []),
        ("%matplotlib inline\nx?\nprint??\n?x", []),
        ("x = 'no ! shell'\ny = x != 1", []),
    ],
)
def test_magics(cell: str, commands: list[tuple[int, str]]) -> None:
    assert shell(cell) == commands


def test_lines_of_the_file() -> None:
    text = notebook("a = 1\nb = 2", "c = 3\n\nd = 4", markdown="# Title\ntext", indent=2)
    lines = text.splitlines()
    for cell in read_source(text.encode(), "a.ipynb").cells:
        for code, number in zip(cell.lines, cell.file_lines, strict=True):
            assert json.dumps(code)[:-1] in lines[number - 1]
    (cell,) = read_source(b"a = 1\r\nb = 2\rc = 3\n", "a.py").cells
    assert cell.lines == ("a = 1", "b = 2", "c = 3", "") and cell.file_lines == (1, 2, 3, 4)


def test_a_source_that_is_one_string() -> None:
    document = {"cells": [{"cell_type": "code", "source": "a = 1\nb = 2", "outputs": []}]}
    (cell,) = read_source(json.dumps(document).encode(), "a.ipynb").cells
    assert cell.lines == ("a = 1", "b = 2") and cell.file_lines == (1, 1)


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    text = '{"cells": [{"cell_type": "code", "source": ["old"], "source": ["new"]}]}'
    assert read_source(text.encode(), "a.ipynb").cells[0].lines == ("new",)


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"\xff\xfe", "a.py", "no text in utf-8"),
        (b"{", "a.ipynb", "no notebook"),
        (b"[]", "a.ipynb", "no list of cells"),
        (b'{"worksheets": []}', "a.ipynb", "format 4"),
        (b"# coding: klingon\n", "a.py", "no encoding 'klingon'"),
        (b"# coding: rot13\n", "a.py", "no encoding of text"),
        (b"x" * (LARGEST + 1), "a.py", "no script"),
    ],
)
def test_what_is_no_script(data: bytes, name: str, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        read_source(data, name)


@pytest.mark.parametrize(
    ("cells", "outputs", "version"),
    [
        (["!pip install tensorflow==2.17.0"], None, (2, 17)),
        (["%pip install -q 'tensorflow-cpu~=2.16'"], None, (2, 16)),
        (["print(tf.__version__)"], {1: "2.18.0\n"}, (2, 18)),
        (["tf.__version__"], {1: "'2.9.2'"}, (2, 9)),
        (["print('TensorFlow', tf.__version__)"], {1: "TensorFlow 2.21.0\n"}, (2, 21)),
        (["!pip install tensorflow==2.17.0", "print(tf.__version__)"], {2: "2.18.0"}, None),
        (["!pip install keras==2.17.0"], None, None),
        (["!pip install tensorflow"], None, None),
        (["x = 1"], {1: "2.18.0"}, None),
    ],
)
def test_the_version_of_tensorflow(
    cells: list[str], outputs: dict[int, str] | None, version: tuple[int, int]
) -> None:
    assert read_script(notebook(*cells, outputs=outputs).encode(), "a.ipynb").tensorflow == version


def test_what_a_file_is_about() -> None:
    def script(text: str, name: str = "a.py") -> tuple[bool, bool]:
        read = read_script(text.encode(), name)
        return read.is_for_edgetpu, read.is_detector

    assert script("# for the Edge TPU") == (True, False)
    assert script("compile('model_edgetpu.tflite')") == (True, False)
    assert script("x = 1", "convert_for_coral.py") == (True, False)
    assert script("x = 1", "/home/coral/convert.py") == (False, False), "a folder says nothing"
    assert script("path = '/mnt/ssd/data'") == (False, False), "an SSD is a disk as well"
    assert script("path = 'ssd_mobilenet_v2_320x320'") == (False, True)
    assert script(notebook("x = 1", markdown="# Coral and EfficientDet"), "a.ipynb") == (True, True)
