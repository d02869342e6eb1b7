"""The skeleton of a rule: it fails as promised, and passes once it is written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tflint_edgetpu.cli.main import main

ROOT = Path(__file__).parents[2]

HOOK = '''
from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this plugin."""
    return []
'''

CHECK = """
import sys
from pathlib import Path
from tflint_edgetpu.lint.entry_points import EntryPoint
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing import harness

sys.path.insert(0, sys.argv[1])
plugins = Plugins([EntryPoint("mine", "mine", "mine", "1.0")])
for file, case in harness.find_cases(Path(sys.argv[1], "tests")):
    harness.check_case(plugins, file, case)
harness.check_documentation(plugins.rules["MIN001"][1])
print("well")
"""


def plugin(tmp_path: Path) -> Path:
    package = tmp_path / "mine"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    (package / "__init__.py").write_text(HOOK)
    return package


def write(rule: Path) -> None:
    """What the author does."""
    text = rule.read_text()
    empty = '        return iter(())  # yield self.finding(operator, "what is wrong with it")'
    assert empty in text
    rule.write_text(text.replace(empty, '        yield self.finding(operator, "a lonely RELU")'))


def check(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path)], capture_output=True, text=True, check=False
    )


def test_the_skeleton_fails_until_it_is_written(tmp_path: Path) -> None:
    package = plugin(tmp_path)
    assert main(["new-rule", "MIN001", "lonely-relu", "--into", str(package)]) == 0
    done = check(tmp_path)
    assert done.returncode != 0 and "MIN001 says nothing" in done.stderr
    write(package / "min001_lonely_relu.py")
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_second_rule_is_added_to_the_hook(tmp_path: Path) -> None:
    package = plugin(tmp_path)
    for code, name in (("MIN001", "one-thing"), ("MIN002", "another-thing")):
        assert main(["new-rule", code, name, "--into", str(package)]) == 0
    text = (package / "__init__.py").read_text()
    assert "return [OneThing, AnotherThing]" in text
    compile(text, "__init__.py", "exec")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["OPS1", "some-name", "--family", "operators"], "is no code"),
        (["OPS999", "Some_Name", "--family", "operators"], "is no name"),
        (["OPS999", "some-name"], "say --family"),
        (["OPS999", "some-name", "--family", "nonsense"], "no family 'nonsense'"),
        (["IOB001", "some-name", "--family", "io"], "IOB001 is taken: float-input"),
        (["MIN001", "some-name", "--into", "nowhere"], "is no package"),
    ],
)
def test_what_is_wrong_is_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-rule", *words]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = plugin(tmp_path)
    cases = tmp_path / "tests/min001_some_name/cases.py"
    cases.parent.mkdir(parents=True)
    cases.write_text("precious")
    assert main(["new-rule", "MIN001", "some-name", "--into", str(package)]) == 2
    assert cases.read_text() == "precious"
    assert "is there already" in capsys.readouterr().err
    assert [file.name for file in package.iterdir()] == ["__init__.py"]


def test_a_code_belongs_to_one_rule_and_its_letters_to_one_family(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = plugin(tmp_path)
    assert main(["new-rule", "MIN007", "one-thing", "--into", str(package)]) == 0
    assert main(["new-rule", "MIN007", "another-thing", "--into", str(package)]) == 2
    assert "MIN007 is taken" in capsys.readouterr().err
    assert main(["new-rule", "ANY001", "another-thing", "--into", str(package)]) == 2
    assert "are called MIN, the next one MIN008" in capsys.readouterr().err


def test_a_built_in_rule_fails_until_it_is_written(tmp_path: Path) -> None:
    for folder in ("tflint_edgetpu", "plugins", "tests/rules/io"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("tests/rules/test_rules.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(tmp_path / "plugins")]),
        "TFLINT_EDGETPU_PLUGINS": "io",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    made = run("-m", "tflint_edgetpu", "new-rule", "IOB999", "lonely-relu", "--family", "io")
    assert made.returncode == 0, made.stderr
    assert "pytest -q tests/rules/test_rules.py -k iob999 fails" in made.stdout
    test = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/rules/test_rules.py", "-k", "iob999")
    failing = run(*test)
    assert failing.returncode == 1 and "IOB999 says nothing" in failing.stdout, failing.stdout
    write(tmp_path / "plugins/tflint_edgetpu_rules/io/iob999_lonely_relu.py")
    passing = run(*test)
    assert passing.returncode == 0, passing.stdout
    tidy = run("-m", "ruff", "check", "--no-cache", "plugins/tflint_edgetpu_rules/io", "tests/rules/io")
    assert tidy.returncode == 0, tidy.stdout
