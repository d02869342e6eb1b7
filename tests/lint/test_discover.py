"""Which files a folder stands for, held against git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tflint_edgetpu.lint.discover import discover
from tflint_edgetpu.lint.patterns import matches_path

NAMES = ("a", "b", "ab", "a.b", "A", "[a]", "a b", "#a", "!a", "\\a")
segment = st.sampled_from(NAMES) | st.text("ab*?[]!^-\\. #", min_size=1, max_size=5)
pattern = st.builds(
    lambda negated, start, parts, end: ("!" if negated else "") + start + "/".join(parts) + end,
    st.booleans(),
    st.sampled_from(["", "/", "**/"]),
    st.lists(segment | st.just("**"), min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "/**", " "]),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with models in folders of all the names."""
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    for outer in NAMES:
        (root / outer / "b").mkdir(parents=True)
        for folder in (root, root / outer, root / outer / "b"):
            for name in ("a", outer):
                (folder / f"{name}.tflite").write_bytes(b"")
    return root


def as_git_sees(root: Path) -> set[str]:
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, check=True,
    )  # fmt: skip
    return {name for name in done.stdout.decode().split("\0") if name.endswith(".tflite")}


def as_we_see(root: Path) -> set[str]:
    return {os.path.relpath(path, root) for path in discover([str(root)]).files}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outer=st.lists(pattern, max_size=4), inner=st.lists(pattern, max_size=2))
def test_ignored_as_git_ignores(repository: Path, outer: list[str], inner: list[str]) -> None:
    (repository / ".gitignore").write_text("\n".join(outer))
    (repository / "a" / ".gitignore").write_text("\n".join(inner))
    assert as_we_see(repository) == as_git_sees(repository)


def test_ignore_files_above_the_folder_named_count(repository: Path) -> None:
    (repository / ".gitignore").write_text("/a/b/a.tflite\n")
    (repository / "a" / ".gitignore").write_text("")
    assert discover([str(repository / "a" / "b")]).files == []
    assert discover([str(repository / "b" / "b")]).files != []


def test_a_folder_that_is_named_is_wanted_although_git_ignores_it(repository: Path) -> None:
    """Exported models often lie in an ignored build folder."""
    (repository / ".gitignore").write_text("/a/b/\n")
    (repository / "a" / ".gitignore").write_text("")
    assert discover([str(repository / "a" / "b")]).files != []
    assert len(discover([str(repository / "a")]).files) == 1


def test_without_git_nothing_above_counts(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.tflite").write_bytes(b"")
    assert len(discover([str(tmp_path / "models")]).files) == 1


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "m.tflite").write_bytes(b"")
    (tmp_path / "a" / "round").symlink_to(tmp_path / "a")
    assert discover([str(tmp_path)]).files == [str(tmp_path / "a" / "m.tflite")]


def test_each_file_once_in_the_order_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b", "a"):
        Path(f"{name}.tflite").write_bytes(b"")
    assert discover(["b.tflite", ".", "./b.tflite", "*.tflite"]).files == ["b.tflite", "./a.tflite"]
    assert discover(["b.tflite"]).whole is False
    assert discover(["."]).whole is True


def test_what_stands_for_nothing_says_why(tmp_path: Path) -> None:
    found = discover([str(tmp_path), str(tmp_path / "*.x"), str(tmp_path / "missing.tflite")])
    assert [why for _, why in found.empty] == [
        "no *.tflite and no *_edgetpu.log in this folder that git does not ignore",
        "no file matches this pattern",
    ]
    assert found.files == [str(tmp_path / "missing.tflite")]  # reading it gives the reason


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.tflite", "a/b.tflite", True),
        ("a/", "a/b/c.tflite", True),
        ("a/", "a", False),
        ("/b.tflite", "a/b.tflite", False),
        ("a/*.tflite", "a/b/c.tflite", False),
        ("a/**", "a/b/c.tflite", True),
        ("**/c.tflite", "a/b/c.tflite", True),
        ("[!a]*", "abc", False),
    ],
)
def test_patterns_of_settings(pattern: str, path: str, expected: bool) -> None:
    assert matches_path(pattern, path) is expected
