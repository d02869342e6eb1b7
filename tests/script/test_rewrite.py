"""Edits of scripts and notebooks: everything outside of them stays, byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.fix.scripts import repair_script, write_script
from tflint_edgetpu.lint.examine import Examiner
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.settings import Settings
from tflint_edgetpu.script.rewrite import RewriteError, rewrite
from tflint_edgetpu.script.source import read_source
from tflint_edgetpu.testing.notebooks import notebook

EXAMINER = Examiner(Settings(), Plugins())
SCRIPT = """\
# préparé
import tensorflow as tf

def images():
\tfor path in paths:
\t\tyield [load(path)]  # vraies données

converter = tf.lite.TFLiteConverter.from_saved_model("modèle")  # Dense(10) à la fin
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.TFLITE_BUILTINS_INT8,  # garde ceci
    tf.lite.OpsSet.SELECT_TF_OPS,
]
converter.allow_custom_ops = True
é = "é"; converter.inference_output_type = tf.uint8
if True:
\tdata = converter.convert()
"""
WANTED = SCRIPT.replace("    tf.lite.OpsSet.SELECT_TF_OPS,\n", "").replace(
    "converter.allow_custom_ops = True\n", ""
).replace(
    "\tdata = ",
    "\tconverter.inference_input_type = tf.uint8\n"
    '\tif hasattr(converter, "_experimental_disable_per_channel_quantization_for_dense_layers"):'
    "  # TensorFlow 2.17+\n"
    "\t\tconverter._experimental_disable_per_channel_quantization_for_dense_layers = True\n"
    "\tdata = ",
)  # fmt: skip


def repaired(path: Path, data: bytes) -> bytes:
    path.write_bytes(data)
    outcome = repair_script(str(path), EXAMINER)
    assert outcome.refused is None
    assert path.read_bytes() == data, "nothing is written before it is asked for"
    write_script(outcome)
    assert path.read_bytes() == outcome.after
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    return outcome.after


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("# -*- coding: latin-1 -*-\n", "latin-1"),
        ("# coding: cp1252\n", "cp1252"),
    ],
)
def test_line_ends_tabs_marks_and_encodings(tmp_path: Path, newline: str, head: str, encoding: str) -> None:
    before = (head + SCRIPT).replace("\n", newline).encode(encoding)
    after = repaired(tmp_path / "convert.py", before)
    assert sorted(after.decode(encoding).split(newline)) == sorted((head + WANTED).split("\n"))
    assert after.startswith(before[:20])


@pytest.mark.parametrize(
    ("before", "mended"),
    [
        ("if quantized:\n{S}\ndata = converter.convert()", False),
        ("if quantized:\n{S}\n    data = converter.convert()", True),
        ("try:\n{S}\n    data = converter.convert()\nexcept OSError:\n    pass", True),
        ("try:\n    pass\nexcept OSError:\n{S}\ndata = converter.convert()", False),
        ("match kind:\n    case 'int8':\n    {S}\ndata = converter.convert()", False),
        ("if a:\n    pass\nelif quantized:\n{S}\nelse:\n    data = converter.convert()", False),
        ("if True:\n    data = 1\n{S}\n    if small:\n        data = converter.convert()", True),
    ],
)
def test_a_model_that_is_calibrated_in_a_branch(tmp_path: Path, before: str, mended: bool) -> None:
    """In front of convert() a line would reach the float model of the other branch as well."""
    settings = (
        "    converter.optimizations = [tf.lite.Optimize.DEFAULT]\n"
        "    converter.representative_dataset = images"
    )
    if "match" in before:
        settings = settings.replace("\n", "\n    ")
    text = (
        "import tensorflow as tf\nconverter = tf.lite.TFLiteConverter.from_saved_model('m')\n"
        + before.replace("{S}", settings)
    )
    after = repaired(tmp_path / "convert.py", text.encode()).decode()
    assert ("inference_input_type" in after) is mended


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    after = repaired(tmp_path / "convert.py", SCRIPT.encode())
    assert repaired(tmp_path / "convert.py", after) == after


@pytest.mark.parametrize("indent", [1, 2, 4, 0])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_notebook_changes_in_its_lines_alone(tmp_path: Path, indent: int, ascii_only: bool) -> None:
    text = notebook(
        "x = 'é'\n", SCRIPT.replace("if True:\n\t", ""), "y = 1", markdown="# Titel", indent=indent
    )
    if ascii_only:
        text = json.dumps(json.loads(text), indent=indent)
    before = text.encode()
    after = repaired(tmp_path / "convert.ipynb", before)
    old, new = before.splitlines(), after.splitlines()
    assert [
        line
        for line in old
        if line not in new and b"SELECT_TF_OPS" not in line and b"allow_custom" not in line
    ] == []
    assert [line for line in new if line not in old and b"converter" not in line] == []
    cells, changed = (json.loads(data)["cells"] for data in (before, after))
    assert [c["source"] for c in changed[:2]] == [c["source"] for c in cells[:2]] and changed[3] == cells[3]
    assert all(line.endswith("\n") for line in changed[2]["source"][:-1])
    assert after.isascii() is ascii_only


def test_a_cell_that_is_one_string(tmp_path: Path) -> None:
    document = json.loads(notebook(SCRIPT))
    document["cells"][0]["source"] = SCRIPT
    after = repaired(tmp_path / "convert.ipynb", json.dumps(document).encode())
    assert "SELECT_TF_OPS" not in json.loads(after)["cells"][0]["source"]


def test_the_first_and_the_last_line_of_a_cell(tmp_path: Path) -> None:
    text = notebook(
        "import tensorflow as tf  # edgetpu\nconverter = tf.lite.TFLiteConverter.from_saved_model('ssd')",
        "converter.allow_custom_ops = True\ndata = converter.convert()",
        "converter = tf.lite.TFLiteConverter.from_saved_model('ssd')\nconverter.allow_custom_ops = True",
        "data = converter.convert()",
    )
    cells = json.loads(repaired(tmp_path / "a.ipynb", text.encode()))["cells"]
    assert cells[1]["source"] == ["data = converter.convert()"]
    assert len(cells[2]["source"]) == 1 and not cells[2]["source"][0].endswith("\n")


@pytest.mark.parametrize(
    "line",
    [
        "if detector: converter.allow_custom_ops = True",
        "converter.optimizations = [D]; converter.representative_dataset = f\n"
        "converter.inference_input_type = tf.uint8\n"
        "converter.target_spec.supported_ops = (tf.lite.OpsSet.SELECT_TF_OPS, tf.lite.OpsSet.TFLITE_BUILTINS_INT8)",
        "converter.allow_custom_ops = True; x = 1",
        "if detector:\n    converter.allow_custom_ops = True",
        "with f:\n    converter.allow_custom_ops = True\nelse_ = 1",
    ],
)
def test_no_edit_where_it_would_not_be_certain(tmp_path: Path, line: str) -> None:
    made = "import tensorflow as tf\nconverter = tf.lite.TFLiteConverter.from_saved_model('m')\n"
    text = f"# pip install tensorflow==2.10\n{made}{line}\nconverter.convert()\n"
    assert repaired(tmp_path / "a.py", text.encode()) == text.encode()


LISTS = {
    "[INT8, SELECT]": "[INT8]",
    "[SELECT, INT8]": "[INT8]",
    "{INT8 , SELECT , }": "{INT8 , }",
    "[INT8, SELECT, INT8]": "[INT8, INT8]",
    "(INT8, SELECT, INT8)": "(INT8, INT8)",
    "[\n    INT8,\n    SELECT\n]": "[\n    INT8,\n]",
    "[\n    INT8,  # good\n    SELECT,  # bad\n]": "[\n    INT8,  # good\n]",
    "[INT8,\n SELECT]": "[INT8]",
    "[SELECT,\n INT8]": "[INT8]",
    "[INT8,  # stays\n SELECT]": None,
    "(INT8, SELECT)": None,
    "[INT8] + [SELECT]": None,
    "[*ops, SELECT]": None,
}


@pytest.mark.parametrize("written", LISTS)
def test_an_element_goes_with_its_comma(tmp_path: Path, written: str) -> None:
    code = (
        "# pip install tensorflow==2.10\nimport tensorflow as tf\n"
        "converter = tf.lite.TFLiteConverter.from_saved_model('m')\nconverter.optimizations = [1]\n"
        "converter.representative_dataset = images\nconverter.inference_input_type = tf.uint8\n"
        "converter.target_spec.supported_ops = {}\ndata = converter.convert()\n"
    )

    def spelled(text: str) -> str:
        return text.replace("INT8", "tf.lite.OpsSet.TFLITE_BUILTINS_INT8").replace(
            "SELECT", "tf.lite.OpsSet.SELECT_TF_OPS"
        )

    before = code.format(spelled(written))
    after = repaired(tmp_path / "a.py", before.encode()).decode()
    assert after == code.format(spelled(LISTS[written] or written))


@pytest.mark.parametrize(
    "code",
    [
        "def run(c):\n    return c.convert()\n{made}data = run(converter)\n",
        "def make():\n    {made_inside}    return converter\nc = make()\ndata = c.convert()\n",
    ],
)
def test_no_line_is_added_where_the_converter_has_another_name(tmp_path: Path, code: str) -> None:
    lines = [
        "converter = tf.lite.TFLiteConverter.from_saved_model('m')",
        "converter.optimizations = [1]",
        "converter.representative_dataset = images",
    ]
    made, inside = "\n".join(lines) + "\n", "\n    ".join(lines) + "\n"
    text = "import tensorflow as tf\n" + code.replace("{made}", made).replace("{made_inside}", inside)
    assert repaired(tmp_path / "a.py", text.encode()) == text.encode()


def test_an_edit_that_breaks_the_code_is_refused() -> None:
    source = read_source(b"if x:\n    y()\n", "a.py")
    edit = {"cell": 0, "line": 2, "column": 0, "end_line": 3, "end_column": 0, "text": ""}
    with pytest.raises(RewriteError, match="would not parse"):
        rewrite(source, [edit], "a.py")
    source = read_source(b"# coding: latin-1\nx = 1\n", "a.py")
    edit = {"cell": 0, "line": 2, "column": 0, "end_line": 2, "end_column": 0, "text": "y = '\u0416'\n"}
    with pytest.raises(RewriteError, match="cannot be written in iso8859-1"):
        rewrite(source, [edit], "a.py")


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(SCRIPT, encoding="utf-8")
    outcome = repair_script(str(path), EXAMINER)
    path.write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(OSError, match="changed meanwhile"):
        write_script(outcome)
    assert path.read_text("utf-8") == "x = 1\n"


def test_a_link_keeps_pointing_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.py", tmp_path / "b.py"
    real.write_text(SCRIPT, encoding="utf-8")
    link.symlink_to(real)
    write_script(repair_script(str(link), EXAMINER))
    assert link.is_symlink() and "SELECT_TF_OPS" not in real.read_text("utf-8")


@settings(deadline=None, max_examples=200)
@given(
    lines=st.lists(
        st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=8),
        min_size=1,
        max_size=6,
    ),
    data=st.data(),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_an_edit_touches_its_range_alone(lines: list[str], data: st.DataObject, newline: str) -> None:
    commented = [f"#{line}" for line in lines]
    number = data.draw(st.integers(1, len(commented)))
    text = newline.join(commented) + newline
    edit = {
        "cell": 0,
        "line": number,
        "column": 1,
        "end_line": number,
        "end_column": len(commented[number - 1]),
        "text": "é",
    }
    changed = [*commented[: number - 1], "#é", *commented[number:]]
    after = rewrite(read_source(text.encode(), "a.py"), [edit], "a.py")
    assert after == (newline.join(changed) + newline).encode()
    if newline == "\n" and all(line.isprintable() for line in commented):
        book = rewrite(read_source(notebook(text).encode(), "a.ipynb"), [edit], "a.ipynb")
        assert (
            json.loads(book)["cells"][0]["source"]
            == json.loads(notebook("\n".join(changed) + "\n"))["cells"][0]["source"]
        )


PIECES = st.sampled_from(
    (
        "converter = tf.lite.TFLiteConverter.from_saved_model('ssd_mobilenet')",
        "converter.optimizations = [tf.lite.Optimize.DEFAULT]",
        "converter.representative_dataset = images",
        "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.SELECT_TF_OPS]",
        "converter.target_spec.supported_ops = [  # both\n  tf.lite.OpsSet.SELECT_TF_OPS,\n"
        "  tf.lite.OpsSet.TFLITE_BUILTINS_INT8]",
        "converter.target_spec.supported_ops = (tf.lite.OpsSet.SELECT_TF_OPS,\n tf.lite.OpsSet.TFLITE_BUILTINS_INT8)",
        "converter.allow_custom_ops = True",
        "converter.allow_custom_ops = True  # é",
        "if x:\n    converter.allow_custom_ops = True",
        "if x: converter.allow_custom_ops = True",
        "x = 1; converter.allow_custom_ops = True",
        "converter.inference_input_type = tf.uint8",
        "data = converter.convert()",
        "é = 1; data = converter.convert()",
        "with f:\n\tdata = converter.convert()",
        "open('a', 'wb').write(converter.convert())",
        "",
    )
)


@settings(deadline=None, max_examples=150)
@given(pieces=st.lists(PIECES, min_size=3, max_size=12), newline=st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_is_edited_still_parses_and_is_done_once(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], newline: str
) -> None:
    code = "import tensorflow as tf\n" + "\n".join(pieces) + "\n"
    folder = tmp_path_factory.mktemp("edits")
    for name, data in (("a.py", code.replace("\n", newline).encode()), ("a.ipynb", notebook(code).encode())):
        path = folder / name
        path.write_bytes(data)
        outcome = repair_script(str(path), EXAMINER)
        assert outcome.refused is None
        assert all(cell.error is None for cell in read_source(outcome.after, name).cells)
        if name == "a.py":
            assert set(re.findall("\r\n|\r|\n", outcome.after.decode())) <= {newline}
        path.write_bytes(outcome.after)
        assert repair_script(str(path), EXAMINER).after == outcome.after
