"""Which command is meant, and what happens when one fails.

A command is a module with ``add_arguments(parser)`` and ``run(arguments) -> int``.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

PROGRAM = "tflint-edgetpu"

# Command -> module and what it does, in the order of the help.
COMMANDS = {
    "lint": ("lint", "find what keeps models off the Edge TPU, and how to fix it"),
    "placement": ("placement", "show where every operator runs, as edgetpu_compiler would print it"),
    "convert": ("convert", "make an integer model from its source with the right settings, and verify it"),
    "fix": ("fix", "repair a model and prove the repair"),
    "verify": ("verify", "compare a model with a reference, number by number"),
    "compile": ("compile", "run edgetpu_compiler where there is one, then lint what it made"),
    "doctor": ("doctor", "look for what is broken on this machine: TensorFlow, LiteRT, libedgetpu, devices"),
    "explain": ("explain", "explain a rule, an operator or a message of the compiler"),
    "rules": ("rules", "list the rules"),
    "plugins": ("plugins", "list the plugins and what each of them adds"),
    "new-rule": ("new_rule", "write the skeleton of a new rule with a failing test"),
    "docs": ("docs", "write the generated pages of the documentation"),
}

# Exit codes.
FINDINGS = 1
FAILED = 2


class UserError(Exception):
    """Something the user has to change; the text is one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 well, 1 findings, 2 the job could not be done."""
    if argv is None:
        return _as_program(sys.argv[1:])
    return _run(list(argv))


def _as_program(words: list[str]) -> int:
    """Run a command in a process that does nothing else.

    What is imported and decoded stays to the end, and looking through it for garbage, above all once more
    at exit, took a tenth of the time of a lint run.
    """
    gc.set_threshold(100_000, 50, 50)
    try:
        return _run(words)
    finally:
        gc.freeze()


def _run(words: list[str]) -> int:
    _print_anything()
    try:
        code = _dispatch(words)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _drop_output()  # whoever read it has gone
        return FAILED
    except OSError as error:  # a full disk
        _drop_output()
        return fail(said_of(error, "the output"))


def _drop_output() -> None:
    """What Python flushes at exit goes nowhere, without a message."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        return _help(words[1:])
    if words[0] in ("-V", "--version", "version"):
        from ..version import __version__

        print(f"{PROGRAM} {__version__}")
        return 0
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        return fail(_unknown(name))
    return run_command(name, rest)


def run_command(name: str, words: Sequence[str]) -> int:
    """Run one command; what the user has to change is one line and exit code 2."""
    command: Any = import_module(f".{COMMANDS[name][0]}", __package__)
    from ..lint.plugins import PluginError
    from ..lint.settings import SettingsError

    try:
        return int(command.run(_arguments(name, command, words)))
    except (UserError, PluginError, SettingsError) as error:
        return fail(str(error))


def _arguments(name: str, command: Any, words: Sequence[str]) -> Any:
    """The arguments: as the command itself reads them, where it can, else by argparse."""
    read = getattr(command, "read_arguments", None)
    arguments = read(words) if read is not None else None
    return parse(name, command, words) if arguments is None else arguments


def parse(name: str, command: Any, words: Sequence[str]) -> Any:
    """The arguments of a command; ends the process with exit code 2 where they are wrong."""
    from .parser import Parser

    parser = Parser(PROGRAM, name, command.__doc__)
    command.add_arguments(parser)
    return parser.parse_intermixed_args(words)


def fail(message: str) -> int:
    """Print one line about what could not be done and return the exit code for it."""
    complain(message)
    return FAILED


def complain(message: str) -> None:
    """Print one line about what went wrong; whatever a file name or a plugin put into it cannot harm."""
    from ..report.text import printable

    print(f"{PROGRAM}: {printable(message)}", file=sys.stderr)


def said_of(error: OSError, name: object = "") -> str:
    """The error in one line: the file, or ``name`` where it tells none, and what is the matter."""
    where = error.filename or name
    return f"{where}: {error.strerror or error}" if where else str(error.strerror or error)


def _help(words: list[str]) -> int:
    if words and words[0] in COMMANDS:
        return _dispatch([words[0], "--help"])
    width = max(map(len, COMMANDS))
    print(f"usage: {PROGRAM} COMMAND ...\n\nLint TensorFlow Lite models for the Coral Edge TPU.\n\ncommands:")
    for name, (_, what) in COMMANDS.items():
        print(f"  {name:<{width}}  {what}")
    print(f"\n'{PROGRAM} COMMAND --help' tells more. Start with: {PROGRAM} lint model.tflite")
    return 0


def _unknown(word: str) -> str:
    from ..lint.suggest import did_you_mean

    if word.startswith("-"):
        return f"unknown option '{word}'; see '{PROGRAM} --help'"
    if os.path.exists(word) or word.endswith(".tflite"):
        return f"'{word}' is no command; to lint it: {PROGRAM} lint {word}"
    return f"'{word}' is no command{did_you_mean(word, COMMANDS)}; see '{PROGRAM} --help'"


def _print_anything() -> None:
    """Names in a model may hold characters that the terminal's encoding lacks: escape them, never fail.

    A stream that our caller closed is ``None`` in Python: then there is nothing to read or nobody to tell.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
