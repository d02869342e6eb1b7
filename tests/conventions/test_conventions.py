"""What holds for the whole tree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path

import pytest

from tflint_edgetpu.lint import hookspecs
from tflint_edgetpu.lint.entry_points import GROUP, find_entry_points
from tflint_edgetpu.lint.plugins import Plugins

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def tracked(*patterns: str) -> list[Path]:
    """The files that git knows or would add."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_families_are_folders_are_entry_points_are_installed() -> None:
    folders = {f.parent.name for f in (ROOT / "plugins/tflint_edgetpu_rules").glob("*/__init__.py")}
    with (ROOT / "pyproject.toml").open("rb") as handle:
        declared = tomllib.load(handle)["project"]["entry-points"][GROUP]
    assert declared == {name: f"tflint_edgetpu_rules.{name}" for name in folders}
    installed = {e.name: e.module for e in find_entry_points() if e.distribution == "tflint-edgetpu"}
    assert installed == declared, "run: pip install -e ."


def test_our_reader_finds_the_entry_points_that_importlib_finds() -> None:
    theirs = {(entry.name, entry.value) for entry in entry_points(group=GROUP)}
    assert {(entry.name, entry.module) for entry in find_entry_points()} == theirs


def test_no_file_is_too_long() -> None:
    lines = {named(file): len(file.read_text("utf-8").splitlines()) for file in tracked("*.py")}
    long = {file: count for file, count in lines.items() if count > LONGEST_FILE}
    assert not long, f"split by idea, not by size: {long}"


def test_no_room_is_a_drawer() -> None:
    drawers = [named(f) for f in tracked() if VAGUE & {f.stem, *f.relative_to(ROOT).parts[:-1]}]
    assert not drawers, f"name the idea: {drawers}"


def test_tests_are_no_package() -> None:
    packages = [named(file) for file in (ROOT / "tests").rglob("__init__.py")]
    assert not packages, "with --import-mode=importlib it would shadow the installed package"


def test_every_hook_is_documented_with_its_signature() -> None:
    text = (ROOT / "plugins/README.md").read_text("utf-8")
    for name in (name for name in dir(hookspecs) if name.startswith("tflint_")):
        wanted = f"`{name}{signature(getattr(hookspecs, name))}`".replace("'", "")
        assert wanted in text, f"plugins/README.md lacks {wanted}"


def test_a_code_was_never_another_rules_code() -> None:
    rules = [rule.meta for _, rule in Plugins().rules.values()]
    now = {meta.code: meta.code for meta in rules} | {meta.name: meta.code for meta in rules}
    for meta in rules:
        for former in meta.formerly:
            assert now.setdefault(former, meta.code) == meta.code, f"{former} means {now[former]} already"


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{named(page)}: {link}"
        for page in tracked("*.md")
        for link in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not broken


def test_the_readme_and_ci_run_the_same_tests() -> None:
    readme, ci = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".ci/run").read_text("utf-8")
    assert "-m venv" in readme and "tflint-edgetpu lint fixtures/" in readme
    for part in ("install -q -e '.[dev]'", "pytest -q"):
        assert part in readme, f"README.md lacks {part}"
        assert part in ci, f".ci/run lacks {part}"


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings and headings[0] == "Unreleased"


def test_models_come_out_of_the_projects_own_script() -> None:
    table = (ROOT / "fixtures/README.md").read_text("utf-8")
    strangers = [named(file) for file in tracked("*.tflite") if f"`{file.name}`" not in table]
    assert not strangers, "not built by fixtures/build.py"
