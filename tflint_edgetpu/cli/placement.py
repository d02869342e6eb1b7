"""Show where every operator of a model runs, in the words of edgetpu_compiler.

The prediction needs neither the compiler nor an Edge TPU. It is made for one release of the compiler
(--target-compiler); with --multiple-subgraphs as its option -a does, with --intermediate-tensors as -i.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ..edgetpu.target import COMPILERS
from .console import page
from .main import FAILED, UserError, complain

if TYPE_CHECKING:
    from ..edgetpu.placement import Placement
    from ..model.graph import Model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=".tflite files")
    parser.add_argument(
        "--target-compiler", choices=tuple(COMPILERS), default="16.0", help="whose placement (default: 16.0)"
    )
    parser.add_argument(
        "--multiple-subgraphs",
        action="store_true",
        help="as the compiler's -a: every part that maps, not only the first",
    )
    parser.add_argument(
        "--intermediate-tensors", metavar="NAMES", help="as the compiler's -i: comma-separated tensor names"
    )
    parser.add_argument(
        "--format",
        choices=("full", "json", "csv", "model-explorer"),
        default="full",
        help="a picture and the table (full, default), or data; model-explorer: colours for Google's viewer",
    )
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="auto: only in a terminal"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print each placement; 2 where a file is no model or compiled already, 1 where the compiler would map
    nothing.
    """
    from ..edgetpu.custom_op import refuse_compiled
    from ..model.errors import ReadError
    from ..model.reader import read_model

    if len(arguments.models) > 1 and arguments.format not in ("full",):
        raise UserError(f"--format {arguments.format} takes one model")
    worst = 0
    for path in arguments.models:
        try:
            model = read_model(path)
            try:
                refuse_compiled(model)
                placement = _place(arguments, model)
                _print(arguments, path, model, placement)
            finally:
                model.close()
        except ReadError as error:
            complain(f"{path}: {error}")
            worst = FAILED
            continue
        worst = max(worst, int(placement.edgetpu == 0 or placement.compiles.is_refused))
    return worst


def _place(arguments: argparse.Namespace, model: Model) -> Placement:
    from ..edgetpu.placement import place_model
    from ..edgetpu.support.registry import SupportTable
    from ..lint.plugins import Plugins

    names = [name for name in (arguments.intermediate_tensors or "").split(",") if name]
    known = {tensor.name for tensor in model.main.tensors}
    for name in names:
        if name not in known:
            raise UserError(f"there is no tensor '{name}' in the model")
    return place_model(
        model,
        target=COMPILERS[arguments.target_compiler],
        table=SupportTable(Plugins().constraints),
        multiple_subgraphs=arguments.multiple_subgraphs,
        intermediate_tensors=names,
    )


def _print(arguments: argparse.Namespace, path: str, model: Model, placement: Placement) -> None:
    if arguments.format in ("csv", "model-explorer") and placement.compiles.is_refused:
        complain(
            f"{path}: the compiler refuses this file and maps nothing, because {placement.compiles.reason}; "
            "written is what it would do if it took the file"
        )
    if arguments.format == "csv":
        from ..report.placement.csv_table import placement_csv

        sys.stdout.write(placement_csv(placement))
    elif arguments.format == "model-explorer":
        from ..report.placement.model_explorer import placement_node_data

        print(placement_node_data(placement, model.main.name or "main"))
    elif arguments.format == "json":
        import json

        from ..report.placement.data import placement_data

        print(json.dumps(placement_data(placement), indent=2))
    else:
        _show(arguments, path, model, placement)


def _show(arguments: argparse.Namespace, path: str, model: Model, placement: Placement) -> None:
    from ..lint.quantization_kind import quantization_kind
    from ..report.placement.compiler_table import compiler_table, refusal
    from ..report.placement.picture import show_picture
    from ..report.terminal import header
    from ..report.terminal.style import signs

    console = page(arguments.color)
    sign = signs(console)
    header.title(console, path, sign)
    header.model_lines(console, model, quantization_kind(model), sign)
    header.placement_lines(console, placement, arguments.target_compiler, sign)
    console.print()
    show_picture(console, placement, model.main)
    console.print()
    why_none = refusal(placement)
    if why_none is not None:
        print(f"{why_none}\n")
    print(compiler_table(placement))
