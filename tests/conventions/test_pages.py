"""The generated pages are current, and what they show is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.cli import main as command_line
from tflint_edgetpu.cli.docs import generated_pages
from tflint_edgetpu.cli.pages.shown_output import with_output
from tflint_edgetpu.lint.plugins import Plugins

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages() -> dict[Path, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return generated_pages()


def test_they_are_current(pages: dict[Path, str]) -> None:
    files = {path: ROOT / path for path in pages}
    stale = [
        path.as_posix()
        for path, file in files.items()
        if not file.is_file() or file.read_text("utf-8") != pages[path]
    ]
    assert not stale, "run: tflint-edgetpu docs --write"
    left = {path.relative_to(ROOT) for path in (ROOT / "docs/rules").glob("*.md")} - set(pages)
    assert not left, "run: tflint-edgetpu docs --write"


def test_every_rule_has_its_page_with_an_example(pages: dict[Path, str]) -> None:
    for code, (plugin, rule) in Plugins().rules.items():
        if not plugin.startswith("tflint-edgetpu:"):
            continue
        page = pages[Path(f"docs/rules/{code.lower()}.md")]
        assert page.startswith(f"# {code} {rule.meta.name}\n")
        said = page[page.index("## Example") : page.index("## References")]
        assert "@failing" in said and f" {code} {rule.meta.name}: " in said
        assert f"[{code}]({code.lower()}.md)" in pages[Path("docs/rules/README.md")]


def test_every_command_and_option_is_in_the_help(pages: dict[Path, str]) -> None:
    page = pages[Path("docs/cli.md")]
    for command in command_line.COMMANDS:
        assert f"\n## {command}\n" in page
    for option in ("--format FORMAT", "--write-baseline", "--unsafe-fixes", "--into DIR"):
        assert option in page


def test_the_readme_shows_what_is_printed(
    pages: dict[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    page = "before\n<!-- output: lint --format concise fixtures/classifier_int8.tflite -->\n```\nold\n```\nafter\n"
    command_line.main(["lint", "--format", "concise", "fixtures/classifier_int8.tflite"])
    printed = capsys.readouterr().out
    assert with_output(page) == page.replace("old\n", printed)
    assert "EdgeTPU" in pages[Path("README.md")]


def test_only_the_first_lines_where_the_marker_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = "<!-- output: explain IOB001 | head 2 -->\n```text\n```\n"
    block = with_output(page).splitlines()
    assert block[1] == "```text" and block[4:] == ["...", "```"]
