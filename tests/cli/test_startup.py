"""Starting is most of what a lint run costs: what it must not import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures"

# Each takes longer to import than a model takes to lint.
FORBIDDEN = (
    "ai_edge_litert", "argparse", "concurrent.futures", "dataclasses", "difflib", "email", "flatbuffers",
    "importlib.metadata", "inspect", "logging", "multiprocessing", "numpy", "pathlib", "pluggy", "rich", "shutil",
    "subprocess", "tensorflow", "tomllib", "unittest",
)  # fmt: skip

LINT = """
import sys
before = set(sys.modules)
from tflint_edgetpu.cli.main import main
sys.argv[1:] = ["lint", "--format", "json", *sys.argv[1:]]
code = main()
print(*sorted(set(sys.modules) - before), sep="\\n", file=sys.stderr)
sys.exit(code)
"""


def imported_by_lint(model: str, folder: Path) -> list[str]:
    """The modules of a process that linted ``model``; what the interpreter starts with is not ours."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, str(FIXTURES / model)],
        capture_output=True,
        text=True,
        cwd=folder,  # no settings file here: reading one takes a TOML parser
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.startswith('{"schema_version"')
    return done.stderr.split()


def test_lint_imports_nothing_heavy(tmp_path: Path) -> None:
    modules = imported_by_lint("classifier_int8.tflite", tmp_path)
    assert "tflint_edgetpu.lint.run" in modules
    assert [name for name in modules if name in FORBIDDEN or name.split(".")[0] in FORBIDDEN] == []


def test_nor_does_it_for_a_model_full_of_findings(tmp_path: Path) -> None:
    modules = imported_by_lint("ssd_user_settings.tflite", tmp_path)
    assert [name for name in modules if name in FORBIDDEN or name.split(".")[0] in FORBIDDEN] == []
