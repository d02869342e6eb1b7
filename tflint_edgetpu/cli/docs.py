"""Write the generated pages of the documentation, or check that they are current.

For maintainers, in a checkout (needs the extra testing): docs/rules/, docs/SUPPORTED_OPS.md, docs/FIXES.md,
docs/cli.md come out of the code, and README.md shows what commands really print.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .main import PROGRAM, UserError

if TYPE_CHECKING:
    from ..lint.rule import Rule

WITH_OUTPUT = (Path("README.md"),)  # written by hand but for the output between their markers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true", help="write the pages")
    mode.add_argument("--check", action="store_true", help="exit 1 where a page is not current")


def run(arguments: argparse.Namespace) -> int:
    """0 well, 1 not current; raises UserError outside of a checkout."""
    if not Path("pyproject.toml").is_file() or not Path("plugins/tflint_edgetpu_rules").is_dir():
        raise UserError("run this in a checkout of tflint-edgetpu")
    pages = generated_pages()
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text("utf-8") != text]
    left = [path for path in Path("docs/rules").glob("*.md") if path not in pages]
    if arguments.write:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], encoding="utf-8", newline="\n")
        for path in left:
            path.unlink()
        print(f"{len(pages)} pages, {len(stale)} written, {len(left)} removed")
        return 0
    for path in [*stale, *left]:
        print(f"{path.as_posix()} is not current")
    if stale or left:
        print(f"run: {PROGRAM} docs --write")
        return 1
    print(f"{len(pages)} pages are current")
    return 0


def generated_pages() -> dict[Path, str]:
    """Path in the checkout -> text. Run in the checkout; the rules are the built-in ones alone."""
    from ..edgetpu.support.document import supported_operators_page
    from ..fix.edits import edit_kinds
    from ..lint.core_rules import CORE_RULES, PLUGIN
    from ..lint.plugins import Plugins
    from ..report.edit_page import edit_page
    from ..report.rule_page import rule_index, rule_page
    from .pages.command_page import command_page
    from .pages.rule_example import with_example
    from .pages.shown_output import with_output

    core = [(PLUGIN, rule) for rule in CORE_RULES]
    rules = [pair for pair in Plugins().rules.values() if pair[0].startswith(f"{PROGRAM}:")]
    rules.sort(key=lambda pair: (pair[0], pair[1].meta.code))
    pages = {Path("docs/rules/README.md"): rule_index([*rules, *core])}
    for _, rule in core:
        pages[_rule_file(rule)] = rule_page(rule)
    for _, rule in rules:
        pages[_rule_file(rule)] = with_example(rule_page(rule), rule, rules)
    pages[Path("docs/SUPPORTED_OPS.md")] = supported_operators_page()
    pages[Path("docs/FIXES.md")] = edit_page(edit_kinds().values())
    pages[Path("docs/cli.md")] = command_page()
    for path in WITH_OUTPUT:
        pages[path] = with_output(path.read_text("utf-8"))
    return pages


def _rule_file(rule: type[Rule]) -> Path:
    return Path(f"docs/rules/{rule.meta.code.lower()}.md")
