"""The wheel alone: everything is inside, and it lints, explains and lists without a checkout."""

from __future__ import annotations

import json
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tflint_edgetpu.lint.plugins import Plugins

ROOT = Path(__file__).parents[2]
FAMILIES = sorted(file.parent.name for file in (ROOT / "plugins/tflint_edgetpu_rules").glob("*/__init__.py"))
Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow


def test_everything_is_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, prefix in (("tflint_edgetpu", ""), ("plugins/tflint_edgetpu_rules", "plugins/")):
        wanted = {
            file.relative_to(ROOT).as_posix().removeprefix(prefix)
            for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
        assert wanted <= names, f"missing: {sorted(wanted - names)}"
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tflint_edgetpu", "tflint_edgetpu_rules"}


def test_the_source_distribution_holds_what_tests_need(wheel: Path) -> None:
    (archive,) = wheel.parent.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    wanted = {"LICENSE", "CHANGELOG.md", ".ci/run", "tests/conftest.py", "fixtures/classifier_int8.tflite"}
    assert wanted <= names


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_loads(
    family: str, installed: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [code for code, (identity, _) in Plugins().rules.items() if identity == f"tflint-edgetpu:{family}"]
    code = (
        "from tflint_edgetpu.lint.plugins import Plugins\n"
        f"print(*(code for code, (plugin, _) in Plugins().rules.items() if plugin.endswith(':{family}')))"
    )
    monkeypatch.setenv("TFLINT_EDGETPU_PLUGINS", family)
    assert here and run(installed / "python", "-c", code, cwd=tmp_path).stdout.split() == here


def test_it_lints(installed: Path, tmp_path: Path, run: Run) -> None:
    model = tmp_path / "model.tflite"
    model.write_bytes((ROOT / "fixtures/classifier_float32.tflite").read_bytes())
    done = run(installed / "tflint-edgetpu", "lint", "--format", "json", model, cwd=tmp_path, code=1)
    (file,) = json.loads(done.stdout)["files"]
    assert "QNT001" in {finding["code"] for finding in file["findings"]}
    full = run(installed / "tflint-edgetpu", "lint", model, cwd=tmp_path, code=1)
    assert "Do first: QNT001" in full.stdout
    module = ("-m", "tflint_edgetpu", "lint", "--format", "concise")
    assert "QNT001" in run(installed / "python", *module, model, cwd=tmp_path, code=1).stdout


def test_it_explains_and_lists(installed: Path, tmp_path: Path, run: Run) -> None:
    assert "Why it matters" in run(installed / "tflint-edgetpu", "explain", "IOB001", cwd=tmp_path).stdout
    rules = run(installed / "tflint-edgetpu", "rules", cwd=tmp_path).stdout
    assert all(code in rules for code in Plugins().rules)
    plugins = run(installed / "tflint-edgetpu", "plugins", cwd=tmp_path).stdout
    assert all(family in plugins for family in FAMILIES)


def test_fix_without_its_extra_says_how_to_get_it(installed: Path, tmp_path: Path, run: Run) -> None:
    model = tmp_path / "model.tflite"
    model.write_bytes((ROOT / "fixtures/ssd_user_settings.tflite").read_bytes())
    done = run(installed / "tflint-edgetpu", "fix", model, cwd=tmp_path, code=2)
    assert "pip install 'tflint-edgetpu[fix]'" in done.stderr and "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["model.tflite"]


def test_docs_says_where_it_works(installed: Path, tmp_path: Path, run: Run) -> None:
    done = run(installed / "tflint-edgetpu", "docs", "--check", cwd=tmp_path, code=2)
    assert "checkout" in done.stderr and done.stderr.count("\n") == 1
