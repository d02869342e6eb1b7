"""What holds for the whole tree."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path

import pytest

from tflint_edgetpu.cli.docs import generated_pages
from tflint_edgetpu.cli.main import COMMANDS
from tflint_edgetpu.lint import hookspecs
from tflint_edgetpu.lint.entry_points import GROUP, find_entry_points
from tflint_edgetpu.lint.plugins import Plugins

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400


def tracked(*patterns: str) -> list[Path]:
    """Files git knows, or all files where this is no checkout of git."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_families_are_folders_are_entry_points_are_installed() -> None:
    folders = {f.parent.name for f in (ROOT / "plugins/tflint_edgetpu_rules").glob("*/__init__.py")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(project["entry-points"][GROUP]) == folders
    installed = {entry.name for entry in find_entry_points() if entry.distribution == "tflint-edgetpu"}
    assert installed == folders, "run: pip install -e ."


def test_our_entry_points_are_those_of_importlib() -> None:
    theirs = {(entry.name, entry.value) for entry in entry_points(group=GROUP)}
    assert {(entry.name, entry.module) for entry in find_entry_points()} == theirs


def test_no_file_is_too_long() -> None:
    long = {
        str(f.relative_to(ROOT)): n
        for f in tracked("*.py")
        if (n := len(f.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long, f"split by idea: {long}"


def test_every_room_has_a_purpose_in_its_name() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [f for f in tracked() if vague & {f.stem, *f.relative_to(ROOT).parts}]
    assert not list((ROOT / "tests").rglob("__init__.py")), "a tests package would shadow the installed one"


def test_every_hook_is_documented_with_its_signature() -> None:
    text = (ROOT / "plugins/README.md").read_text()
    for name in (name for name in dir(hookspecs) if name.startswith("tflint_")):
        assert f"`{name}{signature(getattr(hookspecs, name))}`".replace("'", "") in text


def test_generated_pages_are_current() -> None:
    for path, page in generated_pages().items():
        file = ROOT / path
        assert file.is_file() and file.read_text("utf-8") == page, f"{path}: run tflint-edgetpu docs --write"


def test_every_rule_is_in_a_page_and_every_command_in_the_help() -> None:
    pages = generated_pages()
    for code, (_, rule) in Plugins().rules.items():
        if rule.__module__.startswith("tflint_edgetpu_rules."):
            assert f"# {code} {rule.meta.name}" in pages[Path(f"docs/rules/{code.lower()}.md")]
    for command in COMMANDS:
        assert f"## {command}\n" in pages[Path("docs/cli.md")]


def test_the_changelog_and_the_readme_are_there() -> None:
    assert re.search(r"^## \[Unreleased\]|^## \[0\.1\.0\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert "tflint-edgetpu lint fixtures/" in readme and "pytest" in readme


def test_models_come_out_of_the_projects_own_script() -> None:
    table = (ROOT / "fixtures/README.md").read_text()
    for file in tracked("*.tflite"):
        assert f"`{file.name}`" in table, f"{file.name} is not built by fixtures/build.py"
