"""Find what keeps models off the Edge TPU: what, where, what it costs, how to fix it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ..lint.discover import discover
from ..lint.examine import Examiner
from ..lint.plugins import Plugins
from ..lint.settings import Settings
from ..report.report import FileReport, Report
from ..report.reporter import BUILT_IN, Output, find_reporter
from .main import UserError


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="FILE", help="models and compiler logs, folders, patterns")
    parser.add_argument("--format", default="full", metavar="FORMAT", help=f"{', '.join(BUILT_IN)} or a plugin's")
    parser.add_argument("--statistics", action="store_true", help="count the findings of each rule")
    parser.add_argument("--jobs", "-j", type=int, default=1, metavar="N", help="processes to use")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def run(arguments: Namespace) -> int:
    plugins = Plugins()
    found = discover(arguments.paths or ["."])
    settings = Settings()
    examiner = Examiner(settings, plugins)
    files = [examiner.examine(path) for path in found.files]
    report = Report(files, plugins, arguments.statistics)
    reporter = find_reporter(arguments.format, ())
    if reporter is None:
        raise UserError(f"--format: there is no format '{arguments.format}'")
    reporter.write(report, Output(sys.stdout))
    return report.exit_code
