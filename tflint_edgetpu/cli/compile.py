"""Run edgetpu_compiler where there is one, then lint the model beside what the compiler said and made.

The compiler runs on x86-64 Linux only. It is looked for on PATH, at --compiler PATH, or inside the image of
--container IMAGE (docker or podman; no network, the model read-only). What it made is written beside the model.

Exit code 0: compiled, and no finding at or above --fail-on; 1: a finding, nothing was mapped, or the compiler
refused the model; 2: the compiler could not be run.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..lint.linter import Linter
from ..lint.plugins import Plugins
from ..lint.request import make_request
from ..report.report import Report
from ..report.reporter import BUILT_IN, FOR_PEOPLE, Output, find_reporter
from ..verify.compiler import (
    CannotCompile,
    Compilation,
    Flags,
    compile_model,
    find_compiler,
    how_to_get_it,
    private_folder,
)
from .main import FAILED, FINDINGS, UserError, fail


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("model", metavar="MODEL", help="the .tflite file to compile")
    where = parser.add_argument_group("which compiler")
    where.add_argument("--compiler", metavar="PATH", help="edgetpu_compiler, where it is not on PATH")
    where.add_argument("--container", metavar="IMAGE", help="a local image that has it")
    where.add_argument("--retries", type=int, default=2, metavar="N", help="after an internal error (2)")
    how = parser.add_argument_group("the compiler's own flags")
    how.add_argument("-a", "--multiple-subgraphs", action="store_true", help="compile every part it can")
    how.add_argument("-d", "--search-delegate", action="store_true", help="leave off ends until it compiles")
    how.add_argument("-m", "--min-runtime-version", type=int, metavar="N", help="for devices of runtime N")
    how.add_argument("-n", "--num-segments", type=int, metavar="N", help="cut into N segments of a pipeline")
    how.add_argument(
        "-t", "--timeout-sec", type=int, metavar="S", help="the longest a compile may take (180)"
    )
    how.add_argument("-i", "--intermediate-tensors", metavar="NAMES", help="stop at these tensors")
    report = parser.add_argument_group("the report")
    report.add_argument("-o", "--output-folder", metavar="DIR", help="where the results go (beside MODEL)")
    report.add_argument("--consumer", metavar="NAME", help="pycoral or frigate: who will read the outputs")
    report.add_argument("--fail-on", choices=("error", "warning", "info", "never"), help="(default: error)")
    report.add_argument(
        "--format", default="full", choices=tuple(BUILT_IN), help="as for lint (default: full)"
    )
    report.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="auto: only in a terminal"
    )


def run(arguments: argparse.Namespace) -> int:
    """Compile, write what came out, lint the model with it."""
    model = Path(arguments.model)
    target = Path(arguments.output_folder) if arguments.output_folder else model.parent
    flags = _flags(arguments)
    if not model.is_file():
        raise UserError(f"{model}: there is no such file")
    if not target.is_dir():
        raise UserError(f"{target}: there is no such folder")
    try:
        compiler = find_compiler(arguments.compiler, arguments.container)
    except CannotCompile as error:
        code = fail(str(error))
        print(f"\n{how_to_get_it()}", file=sys.stderr)
        return code
    with private_folder() as folder:
        try:
            made = compile_model(compiler, model, Path(folder), flags, retries=max(0, arguments.retries))
            written = [_keep(file, target) for file in made.files]
        except CannotCompile as error:
            return fail(str(error))
        except OSError as error:
            return fail(f"{error.filename or model}: {error.strerror or error}")
        return _report(arguments, model, made, written)


def _flags(arguments: argparse.Namespace) -> Flags:
    for option, value in (
        ("--min-runtime-version", arguments.min_runtime_version),
        ("--num-segments", arguments.num_segments),
        ("--timeout-sec", arguments.timeout_sec),
    ):
        if value is not None and value < 1:
            raise UserError(f"{option}: a number from 1 on, not {value}")
    names = arguments.intermediate_tensors
    if names is not None and names.startswith("-"):
        raise UserError(f"--intermediate-tensors: the compiler would take '{names}' for a flag")
    return Flags(
        arguments.multiple_subgraphs,
        arguments.search_delegate,
        arguments.min_runtime_version,
        arguments.num_segments,
        arguments.timeout_sec,
        names,
    )


def _keep(file: Path, folder: Path) -> Path:
    """Put a result where it belongs; a reader never sees half of it."""
    from ..fix.write import write_atomically

    path = folder / file.name
    write_atomically(path, file.read_bytes())
    return path


def _report(arguments: argparse.Namespace, model: Path, made: Compilation, written: list[Path]) -> int:
    plugins = Plugins()
    request = make_request(
        fail_on=arguments.fail_on,
        consumer=arguments.consumer,
        min_runtime_version=arguments.min_runtime_version,
        multiple_subgraphs=True if arguments.multiple_subgraphs else None,
        log=str(made.output),
        compiled=_twin(made, written),
    )
    file = Linter(plugins, request).examine(os.fspath(model))
    report = Report([file], plugins)
    reporter = find_reporter(arguments.format)
    assert reporter is not None, "argparse lets no other format through"
    reporter.write(report, Output(sys.stdout, {"always": True, "never": False}.get(arguments.color)))
    if arguments.format in FOR_PEOPLE:
        _tell(made, written)
    if report.exit_code == FAILED:
        return FAILED
    return FINDINGS if made.mapped_nothing else report.exit_code


def _twin(made: Compilation, written: list[Path]) -> str | None:
    """The compiled file that stands for the whole model. A compile that mapped nothing makes none: its
    file is a copy of the model.
    """
    if made.compiled is None or made.mapped_nothing:
        return None
    return next((os.fspath(path) for path in written if path.name == made.compiled.name), None)


def _tell(made: Compilation, written: list[Path]) -> None:
    from ..report.text import printable

    if made.runs > 1:
        print(f"  compiled {made.runs} times: the compiler had an internal error, which comes and goes")
    for path in written:
        print(f"  wrote {printable(str(path))}")
