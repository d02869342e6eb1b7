"""An outside plugin: installed into a fresh environment, used, tested and extended there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example: it is added to."""
    folder = tmp_path_factory.mktemp("acme")
    shutil.copytree(ROOT / "examples/acme-tflint", folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def programs(wheel: Path, environment: Callable[..., Path], acme: Path) -> Path:
    return environment(f"{wheel}[testing]", "--editable", acme)


def test_it_is_listed_explained_and_used(programs: Path, tmp_path: Path, run: Run) -> None:
    tool = programs / "tflint-edgetpu"
    assert "acme-tflint" in run(tool, "plugins", cwd=tmp_path).stdout
    assert "ACM001" in run(tool, "rules", cwd=tmp_path).stdout
    assert "cameras deliver 320" in run(tool, "explain", "ACM001", cwd=tmp_path).stdout
    code = (
        "from tflint_edgetpu.testing.builder import ModelBuilder; m = ModelBuilder()\n"
        "m.output(m.conv2d(m.input((1, 64, 640, 3), name='camera')))\n"
        "open('wide.tflite', 'wb').write(m.build())"
    )
    run(programs / "python", "-c", code, cwd=tmp_path)
    report = json.loads(run(tool, "lint", "--format", "json", "wide.tflite", cwd=tmp_path).stdout)
    (finding,) = [f for f in report["files"][0]["findings"] if f["code"] == "ACM001"]
    assert "640 pixels wide" in finding["message"] and finding["severity"] == "warning"
    assert finding["evidence"] == {"width": 640, "widest": 320}
    counted = run(tool, "lint", "--select", "ACM001", "--format", "count", "wide.tflite", cwd=tmp_path)
    assert counted.stdout == "1\n"
    run(tool, "lint", "--fail-on", "warning", "wide.tflite", cwd=tmp_path, code=1)
    chosen = run(tool, "lint", "--ignore", "ACM001", "--format", "json", "wide.tflite", cwd=tmp_path).stdout
    assert "ACM001" not in {f["code"] for f in json.loads(chosen)["files"][0]["findings"]}


def test_its_own_tests_pass_and_a_new_rule_of_its_own_fails_first(
    programs: Path, acme: Path, run: Run
) -> None:
    python = programs / "python"
    assert "3 passed" in run(python, "-m", "pytest", "-q", cwd=acme).stdout
    made = run(
        programs / "tflint-edgetpu",
        "new-rule",
        "ACM002",
        "lonely-relu",
        "--into",
        "src/acme_tflint",
        cwd=acme,
    )
    assert "wrote src" in made.stdout
    failed = run(python, "-m", "pytest", "-q", cwd=acme, code=1).stdout
    assert "ACM002 says nothing" in failed and "1 failed" in failed
    rule = acme / "src/acme_tflint/acm002_lonely_relu.py"
    empty = "return iter(())  # yield self.finding"
    assert empty in rule.read_text()
    rule.write_text(rule.read_text().replace(empty, "yield self.finding"))
    assert "6 passed" in run(python, "-m", "pytest", "-q", cwd=acme).stdout
