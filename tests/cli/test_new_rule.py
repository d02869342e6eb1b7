"""The skeleton of a rule: it fails as promised, and passes once it is written."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tflint_edgetpu.cli.main import main

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


def check(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path)], capture_output=True, text=True, check=False
    )


def test_the_skeleton_fails_until_it_is_written(tmp_path: Path) -> None:
    package = plugin(tmp_path)
    assert main(["new-rule", "MIN001", "lonely-relu", "--into", str(package)]) == 0
    done = check(tmp_path)
    assert done.returncode != 0 and "MIN001 says nothing" in done.stderr
    file = package / "min001_lonely_relu.py"
    text = file.read_text()
    file.write_text(
        text.replace(
            '        return iter(())  # yield self.finding(operator, "what is wrong with it")',
            textwrap.indent('yield self.finding(operator, "a lonely RELU")', " " * 8),
        )
    )
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
    (package / "min001_some_name.py").write_text("precious")
    assert main(["new-rule", "MIN001", "some-name", "--into", str(package)]) == 2
    assert (package / "min001_some_name.py").read_text() == "precious"
    assert "is there already" in capsys.readouterr().err
