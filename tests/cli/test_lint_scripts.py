"""``lint`` over scripts and notebooks, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tflint_edgetpu.testing.notebooks import notebook

SCRIPT = """\
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")  # ends in Dense(10)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.TFLITE_BUILTINS_INT8,
    tf.lite.OpsSet.SELECT_TF_OPS,
]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
"""
BROKEN = "import tensorflow as tf\nprint 1\nconverter = tf.lite.TFLiteConverter.from_saved_model('m')\n"
FLOAT = (
    "import tensorflow as tf\nc = tf.lite.TFLiteConverter.from_saved_model('m')\n"
    "c.optimizations = [tf.lite.Optimize.DEFAULT]\ndata = c.convert()  # edgetpu\n"
)


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def codes(run: Any, *words: str) -> set[str]:
    document = json.loads(run("lint", "--format", "json", *words).out)
    return {finding["code"] for file in document["files"] for finding in file["findings"]}


def test_exit_codes(folder: Path, run: Any) -> None:
    put(folder, "warned.py", SCRIPT)
    put(folder, "wrong.py", FLOAT)
    put(folder, "other.py", "import os\n")
    put(folder, "old.py", BROKEN)
    put(folder, "no.ipynb", "TFLiteConverter")
    assert run("lint", "warned.py").code == 0
    assert run("lint", "warned.py", "--fail-on", "warning").code == 1
    assert run("lint", "wrong.py").code == 1
    assert run("lint", "other.py", "old.py").code == 0
    assert run("lint", "missing.py").code == 2
    done = run("lint", "no.ipynb", "--format", "concise")
    assert done.code == 2 and "no notebook" in done.out


def test_only_scripts_that_are_named_are_linted(folder: Path, run: Any, copy: Any) -> None:
    put(folder, "tools/convert.py", FLOAT)
    done = run("lint", ".")
    assert done.code == 2 and "convert.py makes models" in done.err and "**/*.py" in done.err
    assert codes(run, "**/*.py") == {"CNV001"}
    copy("classifier_uint8_io")
    assert not any(code.startswith("CNV") for code in codes(run, "."))
    assert "CNV001" in codes(run, ".", "tools/convert.py")


def test_nothing_is_imported_for_a_script_that_makes_no_model(folder: Path) -> None:
    put(folder, "other.py", "import os\n")
    code = (
        "import sys; from tflint_edgetpu.cli.main import main; main(['lint', 'other.py', '--format', 'json']);"
        "print('ast' in sys.modules, 'tensorflow' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stderr.split() == ["False", "False"]


def test_a_script_is_never_run(folder: Path, run: Any) -> None:
    put(folder, "evil.py", f"open('ran', 'w')\nimport nothing_of_this_name\n{SCRIPT}")
    put(folder, "nothing_of_this_name.py", "open('ran', 'w')\n")
    assert codes(run, "evil.py") >= {"CNV003"}
    assert not (folder / "ran").exists()


def test_line_numbers_in_every_format(folder: Path, run: Any) -> None:
    put(folder, "convert.py", SCRIPT)
    put(folder, "convert.ipynb", notebook("x = 1", SCRIPT))
    line = json.dumps("converter.target_spec.supported_ops = [\n")
    in_json = next(
        number
        for number, text in enumerate((folder / "convert.ipynb").read_text("utf-8").splitlines(), 1)
        if line in text
    )
    words = ("lint", "--select", "CNV003", "convert.py", "convert.ipynb", "--format")
    concise = run(*words, "concise").out.splitlines()
    assert concise[0].startswith("convert.py:6: warning CNV003 ")
    assert concise[1].startswith("convert.ipynb:cell 2, line 6: warning CNV003 ")
    files = json.loads(run(*words, "json").out)["files"]
    assert [file["kind"] for file in files] == ["source", "notebook"]
    places = [file["findings"][0]["locations"][0] for file in files]
    assert [(p["kind"], p["ref"], p["line"]) for p in places] == [
        ("source", "line 6", 6),
        ("cell", "cell 2, line 6", in_json),
    ]
    results = json.loads(run(*words, "sarif").out)["runs"][0]["results"]
    lines = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results]
    assert lines == [6, in_json]
    github = run(*words, "github").out
    assert "file=convert.py,line=6," in github and f"file=convert.ipynb,line={in_json}," in github
    suites = ElementTree.fromstring(run(*words, "junit").out)
    assert [case.get("name") for case in suites.iter("testcase")] == [
        "CNV003 select-tf-ops line 6",
        "CNV003 select-tf-ops cell 2, line 6",
    ]
    full = run(*words, "full").out
    assert (
        "line 6  converter.target_spec.supported_ops = [" in full
        and "tflint-edgetpu lint --fix does it" in full
    )


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# tflint-edgetpu: ignore[CNV003] needed for the float twin", False),
        ("# tflint-edgetpu: ignore[select-tf-ops, CNV010]", False),
        ("#tflint-edgetpu:ignore[CNV]", False),
        ("# noqa: E501,CNV003", False),
        ("# NOQA: cnv003", False),
        ("# noqa", True),
        ("# noqa: E501", True),
        ("# tflint-edgetpu: ignore[CNV001]", True),
        ("# tflint-edgetpu: ignore[]", True),
    ],
)
def test_comments_that_accept(comment: str, left: bool, folder: Path, run: Any) -> None:
    """Anywhere in the lines of the statement."""
    for place in ("supported_ops = [", "SELECT_TF_OPS,", "]\nconverter.inference_input"):
        first, _, rest = place.partition("\n")
        text = SCRIPT.replace(place, f"{first}  {comment}" + (f"\n{rest}" if rest else ""))
        assert text != SCRIPT
        put(folder, "convert.py", text)
        put(folder, "convert.ipynb", notebook(text))
        for name in ("convert.py", "convert.ipynb"):
            assert ("CNV003" in codes(run, name)) is left
    document = json.loads(run("lint", "--format", "json", "convert.py").out)["files"][0]
    assert any(entry["finding"]["code"] == "CNV003" for entry in document["suppressed"]) is not left


def test_settings(folder: Path, run: Any) -> None:
    put(folder, "a/convert.py", SCRIPT)
    put(folder, "b/convert.py", SCRIPT)
    ignore = '[[ignore]]\ncode = "CNV003"\npath = "a/*.py"\nreason = "old"\n'
    put(folder, "tflint-edgetpu.toml", ignore)
    assert "CNV003" not in codes(run, "a/convert.py") and "CNV003" in codes(run, "b/convert.py")
    put(folder, "tflint-edgetpu.toml", 'select = ["IOB"]\n')
    assert not codes(run, "b/convert.py")


def test_a_baseline_knows_a_line_by_its_text(folder: Path, run: Any) -> None:
    put(folder, "convert.py", SCRIPT)
    assert run("lint", "convert.py", "--write-baseline", "known.json").code == 0
    assert not codes(run, "convert.py", "--baseline", "known.json")
    put(folder, "convert.py", "# moved\n\n" + SCRIPT)
    assert not codes(run, "convert.py", "--baseline", "known.json")
    put(
        folder,
        "convert.py",
        SCRIPT.replace("converter.inference_output_type", "converter.allow_custom_ops = True\n#"),
    )
    assert codes(run, "convert.py", "--baseline", "known.json") >= {"CNV006"}


def test_fix_and_diff(folder: Path, run: Any) -> None:
    path = put(folder, "convert.py", SCRIPT)
    done = run("lint", "--diff", "convert.py")
    assert done.code == 1 and path.read_text("utf-8") == SCRIPT
    assert "-    tf.lite.OpsSet.SELECT_TF_OPS,\n" in done.out and done.out.startswith("--- a/convert.py\n")
    done = run("lint", "--fix", "convert.py", "--format", "concise")
    assert done.code == 0 and "2 findings mended (CNV003, CNV010)" in done.err
    assert "mended" not in done.out
    after = path.read_text("utf-8")
    assert "SELECT_TF_OPS" not in after and "hasattr(converter" in after
    assert run("lint", "--diff", "convert.py").code == 0
    assert "nothing" not in run("lint", "--fix", "convert.py").out and path.read_text("utf-8") == after


def test_a_fix_respects_the_selection_and_the_comments(folder: Path, run: Any) -> None:
    path = put(folder, "convert.py", SCRIPT.replace("SELECT_TF_OPS,", "SELECT_TF_OPS,  # noqa: CNV003"))
    run("lint", "--fix", "convert.py", "--ignore", "CNV010")
    assert "SELECT_TF_OPS" in path.read_text("utf-8") and "hasattr" not in path.read_text("utf-8")


def test_the_diff_is_one_that_git_takes(folder: Path, run: Any) -> None:
    path = put(folder, "a b/convert.ipynb", notebook(SCRIPT.rstrip() + "\nconverter.allow_custom_ops = True"))
    (folder / "change.patch").write_text(
        run("lint", "--diff", str(path.relative_to(folder))).out, encoding="utf-8"
    )
    subprocess.run(["git", "apply", "change.patch"], cwd=folder, check=True)
    assert run("lint", "--diff", "a b/convert.ipynb").code == 0


def test_several_at_once_in_processes(folder: Path, run: Any) -> None:
    for number in range(4):
        put(folder, f"convert{number}.py", SCRIPT)
    done = run("lint", "-j", "2", "*.py", "--format", "concise")
    assert done.out.count("CNV003") == 4 and done.code == 0
