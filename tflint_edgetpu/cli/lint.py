"""Find what keeps models off the Edge TPU: what, where, what it costs, how to fix it.

A folder stands for the *.tflite and *_edgetpu.log in it that git does not ignore; other files are linted when
they are named. Settings come from [tool.tflint-edgetpu] of the nearest pyproject.toml, or from
tflint-edgetpu.toml; options beat settings.

Exit code 0: nothing at or above --fail-on; 1: something; 2: the job could not be done (the findings of
the other files are still printed).
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..lint.file_report import FileReport
from ..lint.plugins import Plugins
from ..report.report import Report
from ..report.reporter import BUILT_IN, FOR_PEOPLE, Output, find_reporter
from .main import PROGRAM, UserError

# Below this many files nobody has time to look at a progress bar.
MANY_FILES = 12


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="FILE", help="models, compiler logs, folders, patterns (default: .)")
    which = parser.add_argument_group("which findings")
    which.add_argument(
        "--select", metavar="CODES", help="only these: codes, prefixes or names, comma-separated"
    )
    which.add_argument("--ignore", metavar="CODES", help="none of these")
    which.add_argument("--severity", action="append", metavar="CODE=LEVEL", help="grade a rule anew")
    which.add_argument("--fail-on", choices=("error", "warning", "info", "never"), help="(default: error)")
    which.add_argument("--config", metavar="FILE", help="the settings file to use")
    which.add_argument("--baseline", metavar="FILE", help="report only what is not in this file")
    which.add_argument("--write-baseline", metavar="FILE", help="write what is found now, and exit with 0")
    which.add_argument("--placement-baseline", metavar="FILE", help="an earlier JSON report: did fewer map?")
    what = parser.add_argument_group("what for")
    what.add_argument("--target-compiler", metavar="VERSION", help="2.1, 14.1, 15.0 or 16.0 (default)")
    what.add_argument("--min-runtime-version", type=int, metavar="N", help="as the compiler's -m")
    what.add_argument("--multiple-subgraphs", action="store_true", default=None, help="as the compiler's -a")
    what.add_argument("--consumer", metavar="NAME", help="pycoral or frigate: who will read the outputs")
    with_ = parser.add_argument_group("with what the compiler made")
    with_.add_argument("--log", metavar="FILE", help="the compiler's output for the one model named")
    with_.add_argument("--compiled", metavar="FILE", help="what the compiler made of the one model named")
    with_.add_argument("--join", action="store_true", help="take logs and compiled files beside each model")
    how = parser.add_argument_group("how to tell")
    how.add_argument(
        "--format", default="full", metavar="FORMAT", help=f"{', '.join(BUILT_IN)} or a plugin's"
    )
    how.add_argument("--output", "-o", metavar="FILE", help="write the report to FILE")
    how.add_argument("--statistics", action="store_true", help="count the findings of each rule")
    how.add_argument("--jobs", "-j", type=int, default=1, metavar="N", help="processes (0: one a core)")
    how.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    repair = parser.add_argument_group("repair")
    repair.add_argument(
        "--fix", action="store_true", help="repair the models: the same as 'fix' for all of them"
    )
    repair.add_argument("--unsafe-fixes", action="store_true", help="with --fix: also what may move outputs")


def run(arguments: Namespace) -> int:
    """Lint everything named and report."""
    from ..lint.discover import discover
    from .lint_settings import SettingsOf

    if arguments.fix:
        return _fix(arguments)
    plugins = Plugins()
    reporter = find_reporter(arguments.format, plugins.reporters)
    if reporter is None:
        from ..lint.suggest import did_you_mean

        known = [*BUILT_IN, *(added.name for added in plugins.reporters)]
        raise UserError(
            f"--format: there is no format '{arguments.format}'{did_you_mean(arguments.format, known)}"
        )
    settings = SettingsOf(arguments, plugins)
    found = discover(arguments.paths or ["."], settings.exclude)
    if (arguments.log or arguments.compiled) and len(found.files) != 1:
        raise UserError("--log and --compiled belong to one model: name one")
    files = _examine(arguments, settings, found.files)
    files = [*files, *settings.unused_ignores(files, whole=found.whole)]
    report = Report(files, plugins, arguments.statistics)
    if arguments.write_baseline:
        from ..lint.baseline import write_baseline

        count = write_baseline(arguments.write_baseline, files)
        print(f"wrote {count} findings to {arguments.write_baseline}")
        return 2 if any(file.broken for file in files) or found.empty else 0
    _write(arguments, reporter, report)
    for argument, why in found.empty:
        _complain(f"{argument}: {why}")
    if arguments.format not in FOR_PEOPLE or arguments.output:
        for file in files:
            for problem in filter(None, (file.error, *file.failures)):
                _complain(f"{file.path}: {problem}")
    return 2 if found.empty else report.exit_code


def _examine(arguments: Namespace, settings: object, paths: list[str]) -> list[FileReport]:
    """The reports in the order of ``paths``, whatever process made them."""
    from .lint_settings import SettingsOf

    assert isinstance(settings, SettingsOf)
    jobs = arguments.jobs if arguments.jobs > 0 else (os.cpu_count() or 1)
    looks = arguments.format in FOR_PEOPLE and sys.stderr.isatty() and len(paths) >= MANY_FILES
    if jobs > 1 and len(paths) > 1:
        from .lint_jobs import examine_in_processes

        reports = examine_in_processes(arguments, settings.plugins, paths, min(jobs, len(paths)))
    else:
        reports = (settings.examine(path) for path in paths)
    if not looks:
        return list(reports)
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return list(track(reports, "linting", total=len(paths), console=console, transient=True))


def _write(arguments: Namespace, reporter: object, report: Report) -> None:
    color = {"always": True, "never": False}.get(arguments.color)
    if not arguments.output:
        reporter.write(report, Output(sys.stdout, color))  # type: ignore[attr-defined]
        return
    temporary = f"{arguments.output}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8") as stream:
            reporter.write(report, Output(stream, color or False))  # type: ignore[attr-defined]
        os.replace(temporary, arguments.output)
    except OSError as error:
        raise UserError(f"{arguments.output}: cannot be written: {error.strerror or error}") from None


def _fix(arguments: Namespace) -> int:
    """``lint --fix``: the command ``fix`` over everything named."""
    from ..lint.discover import discover
    from .main import run_command

    models = [path for path in discover(arguments.paths or ["."]).files if path.endswith(".tflite")]
    if not models:
        raise UserError("--fix: there is no model among the files named")
    words = [*models]
    for option in ("select", "ignore", "fail_on", "consumer", "target_compiler"):
        if getattr(arguments, option) is not None:
            words.extend([f"--{option.replace('_', '-')}", getattr(arguments, option)])
    words.extend(["--unsafe-fixes"] if arguments.unsafe_fixes else [])
    words.extend(["--multiple-subgraphs"] if arguments.multiple_subgraphs else [])
    return run_command("fix", words)


def _complain(message: str) -> None:
    from ..report.text import printable

    print(f"{PROGRAM}: {printable(message)}", file=sys.stderr)
