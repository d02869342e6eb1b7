"""The options of ``lint``, stated once, and a reader for command lines that have nothing special.

argparse takes as long as reading a model does.  It is asked only where it has something to say: for help, for a
mistake, for a rare spelling such as ``-j4``.  A test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..model.record import NamedTuple
from ..report.reporter import BUILT_IN

if TYPE_CHECKING:
    from argparse import ArgumentParser

# What an option takes: nothing, a text, a whole number, a text each time it is given, a text or nothing. The
# two that describe a report are kept together, in order, as pairs of option and value.
FLAG, TEXT, NUMBER, EACH, MAYBE, REPORT = "flag", "text", "number", "each", "maybe", "report"
COLORS = ("auto", "always", "never")


class Option(NamedTuple):
    names: tuple[str, ...]
    takes: str
    metavar: str
    help: str
    default: Any = None
    choices: tuple[str, ...] | None = None

    @property
    def destination(self) -> str:
        return "reports" if self.takes == REPORT else self.names[0].lstrip("-").replace("-", "_")


PATHS = "models, compiler logs, scripts, notebooks, folders, patterns, - (default: .)"
GROUPS = {
    "which findings": (
        Option(("--select",), TEXT, "CODES", "only these: codes, prefixes or names, comma-separated"),
        Option(("--ignore",), TEXT, "CODES", "none of these"),
        Option(("--severity",), EACH, "CODE=LEVEL", "grade a rule anew"),
        Option(("--fail-on",), TEXT, "LEVEL", "error (default), warning, info or never"),
        Option(("--config",), TEXT, "FILE", "the settings file to use"),
        Option(("--baseline",), TEXT, "FILE", "report only what is not in this file"),
        Option(
            ("--write-baseline",), MAYBE, "FILE",
            "write what is found now to FILE, or to the one of --baseline, and exit with 0",
        ),
        Option(("--placement-baseline",), TEXT, "FILE", "an earlier JSON report: do fewer operators map now?"),
    ),
    "what for": (
        Option(("--target-compiler",), TEXT, "VERSION", "2.1, 14.1, 15.0 or 16.0 (default)"),
        Option(("--min-runtime-version",), NUMBER, "N", "as the compiler's -m: the oldest runtime to run on"),
        Option(("--multiple-subgraphs",), FLAG, "", "as the compiler's -a: every part that maps, not only the first"),
        Option(("--consumer",), TEXT, "NAME", "pycoral or frigate: who will read the outputs"),
    ),
    "with what the compiler made": (
        Option(("--log",), TEXT, "FILE", "the compiler's output for the one model named"),
        Option(("--compiled",), TEXT, "FILE", "what the compiler made of the one model named"),
        Option(("--join",), FLAG, "", "take the log and the compiled file beside each model", False),
    ),
    "how to tell": (
        Option(
            ("--format",), REPORT, "FORMAT",
            f"{', '.join(BUILT_IN)} or a plugin's (default: full); again for a second report",
        ),
        Option(("--output", "-o"), REPORT, "FILE", "where the report of the --format before it goes"),
        Option(("--statistics",), FLAG, "", "count the findings of each rule", False),
        Option(("--jobs", "-j"), NUMBER, "N", "processes (default: 1; 0: one a core)", 1),
        Option(("--color",), TEXT, "WHEN", f"{', '.join(COLORS)}; auto: only in a terminal", "auto", COLORS),
    ),
    "repair": (
        Option(
            ("--fix",), FLAG, "",
            "repair the models, as 'fix' does, and put certain edits into scripts and notebooks", False,
        ),
        Option(("--diff",), FLAG, "", "show what --fix would change in scripts; exit 1 if anything", False),
        Option(("--unsafe-fixes",), FLAG, "", "with --fix: also what may move outputs", False),
    ),
}  # fmt: skip


def add_options(parser: ArgumentParser) -> None:
    """Declare everything for argparse."""
    parser.add_argument("paths", nargs="*", metavar="FILE", help=PATHS)
    for title, options in GROUPS.items():
        group = parser.add_argument_group(title)
        for option in options:
            common: dict[str, Any] = {
                "dest": option.destination,
                "default": option.default,
                "help": option.help,
            }
            if option.takes == FLAG:
                group.add_argument(*option.names, action="store_true", **common)
                continue
            common["metavar"] = option.metavar
            if option.takes == NUMBER:
                common["type"] = int
            elif option.takes == EACH:
                common["action"] = "append"
            elif option.takes == MAYBE:
                common.update(nargs="?", const="")
            elif option.takes == REPORT:
                common.update(action="append", type=_pair(option.names[0]))
            group.add_argument(*option.names, choices=option.choices, **common)


def _pair(name: str) -> Any:
    return lambda value: (name, value)


def read_plain(words: Sequence[str]) -> SimpleNamespace | None:
    """What argparse would make of ``words``; ``None`` where it should be asked itself."""
    known = {name: option for options in GROUPS.values() for option in options for name in option.names}
    values: dict[str, Any] = {option.destination: option.default for option in known.values()}
    paths: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            paths.append(word)
            continue
        name, equals, value = word.partition("=")
        option = known.get(name)
        if option is None or option.takes == MAYBE or (equals and (option.takes == FLAG or len(name) == 2)):
            return None
        if option.takes == FLAG:
            values[option.destination] = True
            continue
        if not equals:
            value = next(rest, "-")
            if value.startswith("-"):
                return None
        if value == "--":  # argparse mistakes it for the end of the options
            return None
        if option.choices is not None and value not in option.choices:
            return None
        if option.takes == NUMBER:
            if not (value.isascii() and value.isdigit()):
                return None
            values[option.destination] = int(value)
        elif option.takes in (EACH, REPORT):
            item = (option.names[0], value) if option.takes == REPORT else value
            values[option.destination] = [*(values[option.destination] or ()), item]
        else:
            values[option.destination] = value
    return SimpleNamespace(paths=paths, **values)
