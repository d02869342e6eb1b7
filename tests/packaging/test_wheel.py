"""The built wheel, installed alone into a fresh environment: no checkout in sight."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def run(*words: object, cwd: Path, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert code is None or done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # By way of the source distribution: what it lacks, the wheel lacks.
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh environment with the wheel; gives its folder of programs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    yield programs


def test_every_family_is_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for family in (ROOT / "plugins/tflint_edgetpu_rules").iterdir():
        if (family / "__init__.py").is_file():
            assert f"tflint_edgetpu_rules/{family.name}/__init__.py" in names
    for file in (
        "tflint_edgetpu/py.typed",
        "tflint_edgetpu_rules/py.typed",
        "tflint_edgetpu/report/schema.json",
    ):
        assert file in names
    assert not [name for name in names if name.startswith(("tests/", "plugins/", "fixtures/"))]


def test_it_lints(installed: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.tflite"
    model.write_bytes((ROOT / "fixtures/classifier_float32.tflite").read_bytes())
    done = run(installed / "tflint-edgetpu", "lint", "--format", "json", model, cwd=tmp_path, code=1)
    (file,) = json.loads(done.stdout)["files"]
    assert "QNT001" in {finding["code"] for finding in file["findings"]}
    full = run(installed / "tflint-edgetpu", "lint", model, cwd=tmp_path, code=1)
    assert "Do first: QNT001" in full.stdout
    module = run(
        installed / "python",
        "-m",
        "tflint_edgetpu",
        "lint",
        "--format",
        "concise",
        model,
        cwd=tmp_path,
        code=1,
    )
    assert "QNT001" in module.stdout


def test_it_explains_and_lists(installed: Path, tmp_path: Path) -> None:
    assert "Why it matters" in run(installed / "tflint-edgetpu", "explain", "IOB001", cwd=tmp_path).stdout
    rules = run(installed / "tflint-edgetpu", "rules", cwd=tmp_path).stdout
    assert "IOB001" in rules and "OPS001" in rules
    plugins = run(installed / "tflint-edgetpu", "plugins", cwd=tmp_path).stdout
    for family in ("io", "operators", "quantization"):
        assert family in plugins


def test_fix_without_its_extra_says_how_to_get_it(installed: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.tflite"
    model.write_bytes((ROOT / "fixtures/ssd_user_settings.tflite").read_bytes())
    done = run(installed / "tflint-edgetpu", "fix", model, cwd=tmp_path, code=2)
    assert "pip install 'tflint-edgetpu[fix]'" in done.stderr and "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["model.tflite"]


def test_the_example_plugin_works(installed: Path, tmp_path: Path) -> None:
    run(installed / "python", "-m", "pip", "install", "--quiet", ROOT / "examples/acme-tflint", cwd=tmp_path)
    assert "acme" in run(installed / "tflint-edgetpu", "plugins", cwd=tmp_path).stdout
    assert (
        "cameras deliver 320" in run(installed / "tflint-edgetpu", "explain", "ACM001", cwd=tmp_path).stdout
    )
    model = tmp_path / "model.tflite"
    model.write_bytes((ROOT / "fixtures/classifier_int8.tflite").read_bytes())
    run(installed / "tflint-edgetpu", "lint", "--select", "ACM001", model, cwd=tmp_path)
    run(installed / "python", "-m", "pip", "uninstall", "--quiet", "-y", "acme-tflint", cwd=tmp_path)
