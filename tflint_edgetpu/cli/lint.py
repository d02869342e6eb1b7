"""Find what keeps models off the Edge TPU: what, where, what it costs, how to fix it.

A folder stands for the *.tflite and *_edgetpu.log in it that git does not ignore; other files, Python scripts and
notebooks that convert a model among them, are linted when they are named; '-' is the standard input. Settings come
from [tool.tflint-edgetpu] of the nearest pyproject.toml, or from tflint-edgetpu.toml; options beat settings.

Exit code 0: nothing at or above --fail-on; 1: something; 2: the job could not be done (the findings of
the other files are still printed).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..lint.file_report import FileReport
from ..lint.linter import Linter
from ..lint.plugins import Plugins
from ..lint.request import Request, make_request
from ..report.rendering import Rendered, Rendering
from ..report.report import Report
from ..report.reporter import BUILT_IN, Reporter, find_reporter
from .lint_options import add_options, read_plain
from .main import UserError, complain
from .sheet import Sheet, Sheets

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

# Below this many files nobody has time to look at a progress bar.
MANY_FILES = 12
STDIN = "-"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    add_options(parser)


def read_arguments(words: Sequence[str]) -> SimpleNamespace | None:
    """The arguments, if argparse need not be asked."""
    return read_plain(words)


def run(arguments: Namespace | SimpleNamespace) -> int:
    """Lint everything named and report."""
    from ..lint.discover import discover

    if arguments.fix or arguments.diff:
        return _fix(arguments)
    plugins = Plugins()
    wanted = _reports(arguments.reports or (), plugins)
    baseline = _baseline_to_write(arguments)
    linter = Linter(plugins, _request(arguments))
    has_stdin = STDIN in arguments.paths
    named = [path for path in arguments.paths if path != STDIN]
    found = discover(named or ([] if has_stdin else ["."]), linter.settings.exclude)
    if (arguments.log or arguments.compiled) and len(found.files) != 1:
        raise UserError("--log and --compiled belong to one model: name one")
    _spare_inputs(found.files, [baseline, *(file for _, file in wanted)])
    linter.prepare(found.files)
    for argument, why in found.empty:
        complain(f"{argument}: {why}")
    sheets = Sheets([Sheet(*pair, arguments.color) for pair in wanted] if baseline is None else [])
    rendering = sheets.rendering
    files: list[FileReport] = []

    def take(rendered: Iterable[Rendered]) -> None:
        for file, texts in rendered:
            files.append(file)
            sheets.add(texts)

    examined = _examine(arguments.jobs, linter, found.files, rendering)
    take(examined if sheets.are_on_screen else _with_progress(examined, len(found.files)))
    if has_stdin:
        take([rendering.render(linter.examine_bytes(sys.stdin.buffer.read(), "<stdin>"))])
    take(map(rendering.render, linter.unused_ignores(files, whole=found.whole)))
    report = Report(files, plugins, arguments.statistics)
    sheets.close(report)
    code = report.exit_code if baseline is None else _write_baseline(baseline, report)
    if not sheets.are_read_by_people:
        _complain_of_broken(files)
    return 2 if found.empty else code


def _request(arguments: Namespace | SimpleNamespace) -> Request:
    """The options in the words of the Python API."""
    severity = {}
    for text in arguments.severity or ():
        for pair in text.split(","):
            code, equals, level = pair.partition("=")
            if not equals:
                raise UserError(f"--severity takes CODE=LEVEL, such as IOB001=info, not '{pair}'")
            severity[code.strip()] = level.strip()
    names = (
        "config", "select", "ignore", "fail_on", "target_compiler", "min_runtime_version", "multiple_subgraphs",
        "consumer", "baseline", "placement_baseline", "log", "compiled", "join",
    )  # fmt: skip
    request = make_request(severity=severity, **{name: getattr(arguments, name) for name in names})
    return request._replace(use_baseline=arguments.write_baseline is None)


def _reports(wanted: Iterable[tuple[str, str]], plugins: Plugins) -> list[tuple[Reporter, str | None]]:
    """The reporters and where each writes, from the options in the order in which they stand; raises UserError
    where that makes no sense.
    """
    formats: list[list[str | None]] = [[None, None]]  # pairs of format and file
    for option, value in wanted:
        place = 0 if option == "--format" else 1
        if formats[-1][place] is not None:
            formats.append([None, None])
        formats[-1][place] = value
    pairs = [(name or "full", file) for name, file in formats]
    if sum(file is None for _, file in pairs) > 1:
        raise UserError("only one report can go to the standard output: give the others an --output")
    found = []
    added = plugins.reporters if any(name not in BUILT_IN for name, _ in pairs) else []
    for name, file in pairs:
        reporter = find_reporter(name, added)
        if reporter is None:
            from ..lint.suggest import did_you_mean

            known = [*BUILT_IN, *(other.name for other in added)]
            raise UserError(f"--format: there is no format '{name}'{did_you_mean(name, known)}")
        found.append((reporter, file))
    return found


def _examine(jobs: int, linter: Linter, paths: list[str], rendering: Rendering) -> Iterable[Rendered]:
    """The files in the order of ``paths``, whatever process examined them."""
    if jobs < 0:
        raise UserError(f"--jobs takes the number of processes, or 0 for one a core, not {jobs}")
    processes = min(jobs or os.cpu_count() or 1, len(paths))
    if processes < 2:
        return (rendering.render(linter.examine(path)) for path in paths)
    from ..lint.parallel import examine_in_processes

    return examine_in_processes(linter, paths, processes, rendering.render)


def _with_progress(rendered: Iterable[Rendered], total: int) -> Iterable[Rendered]:
    """The same, with a bar where there are many files and a person waits."""
    if total < MANY_FILES or not sys.stderr.isatty():
        return rendered
    from rich.console import Console
    from rich.progress import track

    return track(rendered, "linting", total=total, console=Console(stderr=True), transient=True)


def _baseline_to_write(arguments: Namespace | SimpleNamespace) -> str | None:
    """The file of --write-baseline. Without a value of its own it takes the word behind it: a model there is
    one to lint.
    """
    file: str | None = arguments.write_baseline
    if file is None:
        return None
    if os.path.isdir(file) or file.endswith((".tflite", ".log", ".py", ".ipynb")):
        arguments.paths.append(file)
        file = ""
    file = file or arguments.baseline
    if not file:
        raise UserError("--write-baseline needs a file: --write-baseline FILE")
    return file


def _spare_inputs(inputs: Iterable[str], outputs: Iterable[str | None]) -> None:
    """No report ever takes the place of a model."""
    taken = {os.path.realpath(path) for path in inputs}
    for file in outputs:
        if file is not None and os.path.realpath(file) in taken:
            raise UserError(f"{file} is to be linted; nothing is written over it")


def _write_baseline(path: str, report: Report) -> int:
    from ..lint.baseline import write_baseline
    from ..lint.wording import counted

    print(f"wrote {counted(write_baseline(path, report.files), 'finding')} to {path}")
    return 2 if any(file.broken for file in report.files) else 0


def _complain_of_broken(files: Iterable[FileReport]) -> None:
    for file in files:
        for problem in (file.error, *file.failures):
            if problem is not None:
                complain(f"{file.path}: {problem}")


def _fix(arguments: Namespace | SimpleNamespace) -> int:
    """``lint --fix``: the command ``fix`` over the models named, edits in the scripts."""
    from ..lint.discover import discover
    from .main import run_command

    files = discover(arguments.paths or ["."]).files
    models = [path for path in files if path.endswith(".tflite") and not arguments.diff]
    scripts = [path for path in files if path.lower().endswith((".py", ".ipynb"))]
    if not models and not scripts:
        what = "no script and no notebook" if arguments.diff else "no model, no script and no notebook"
        raise UserError(f"--{'diff' if arguments.diff else 'fix'}: there is {what} among the files named")
    code = _fix_scripts(arguments, scripts) if scripts else 0
    if not models:
        return code
    words = [*models]
    for option in ("select", "ignore", "fail_on", "consumer", "target_compiler"):
        if getattr(arguments, option) is not None:
            words.extend([f"--{option.replace('_', '-')}", getattr(arguments, option)])
    words.extend(["--unsafe-fixes"] if arguments.unsafe_fixes else [])
    words.extend(["--multiple-subgraphs"] if arguments.multiple_subgraphs else [])
    return max(code, run_command("fix", words))


def _fix_scripts(arguments: Namespace | SimpleNamespace, scripts: list[str]) -> int:
    """Edit the scripts, or show the edits, and report what is left."""
    from .fix_scripts import fix_scripts

    plugins = Plugins()
    linter = Linter(plugins, _request(arguments))
    linter.prepare(scripts)
    reports, code = fix_scripts(scripts, linter, write=not arguments.diff)
    if arguments.diff:
        return code
    sheets = Sheets([Sheet(*pair, arguments.color) for pair in _reports(arguments.reports or (), plugins)])
    for file in reports:
        sheets.add(sheets.rendering.render(file).texts)
    report = Report(reports, plugins, arguments.statistics)
    sheets.close(report)
    return max(code, report.exit_code)
