"""Make a fully integer .tflite for the Edge TPU from the model it comes from, explain every setting and prove it.

SOURCE is a SavedModel folder, a Keras file (.keras, .h5), module:function or file.py:function with
--trust-source, or a float .tflite. DATA is a folder of images, .npy or .npz, TFRecord files, or module:function:
inputs as the application will see them, prepared as in training.

A SavedModel is a graph, not Python; it is refused without --trust-source only where its operators reach files or
code outside of it. So is a Keras file with a Lambda layer, which is Python bytecode, and every module:function.

Several sets of settings are tried; each result is linted, repaired with SAFE fixes and linted again. Fixes that
move outputs by rounding are candidates too, where the float model shows that nothing is lost by them (not with
--safe). What maps best wins. The model is written with its recipe beside it, as Python and as JSON.

Exit code 0: written, seen to agree with the float model, no stage failed, every stage that an option asks for was
run, no finding at or above --fail-on; 1: written, but one of these does not hold; 2: nothing was written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..edgetpu.target import COMPILERS
from .console import page
from .convert_options import calibration_request, join_ranges, recipe_of, shapes_of, source_of, wish_of
from .fail_on import fails
from .main import FINDINGS, complain, fail, parse, said_of

if TYPE_CHECKING:
    from ..convert.calibration.request import CalibrationRequest
    from ..convert.conversion import Conversion
    from ..convert.debug_layers import LayerLoss
    from ..convert.source import Source
    from ..convert.write import Files
    from .progress import ConversionProgress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "source", metavar="SOURCE", help="SavedModel, .keras, .h5, module:function or float .tflite"
    )
    add_source_arguments(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="where to write (default: NAME_int8.tflite)")
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there already")
    parser.add_argument(
        "--print-recipe", action="store_true", help="print the recipe as Python and do nothing else"
    )
    parser.add_argument(
        "--safe", action="store_true", help="no fix that moves outputs, not by rounding either"
    )
    parser.add_argument("--consumer", choices=("pycoral", "frigate"), help="who will read the outputs")
    parser.add_argument("--target-compiler", choices=tuple(COMPILERS), help="(default: 16.0)")
    parser.add_argument("--multiple-subgraphs", action="store_true", help="as the compiler's -a")
    parser.add_argument("--fail-on", choices=("error", "warning", "info", "never"), default="error")
    parser.add_argument("--format", choices=("full", "json"), default="full")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def add_source_arguments(parser: argparse.ArgumentParser, *, samples: bool = True) -> None:
    """What ``convert`` and ``fix --source`` have in common: how to read the source and its calibration data."""
    data = parser.add_argument_group("calibration")
    data.add_argument("--calibration", metavar="DATA", help="inputs to calibrate with")
    if samples:
        data.add_argument("--samples", type=int, metavar="N", help="how many of them (default: 200)")
    data.add_argument("--value-range", metavar="RANGE", help="of pixels: -1,1 | 0,1 | 0,255 | mean=..,std=..")
    data.add_argument("--channels", choices=("rgb", "bgr"), default="rgb")
    data.add_argument("--resize", choices=("stretch", "crop", "letterbox"), default="stretch")
    data.add_argument(
        "--random-calibration", action="store_true", help="noise instead of data: to try, not to use"
    )
    model = parser.add_argument_group("conversion")
    model.add_argument("--input-type", choices=("uint8", "int8", "float32"), help="default: uint8")
    model.add_argument(
        "--output-type",
        choices=("uint8", "int8", "float32"),
        help="default: as the input; float32 for detectors",
    )
    model.add_argument("--signature", metavar="NAME", help="of a SavedModel (default: serving_default)")
    model.add_argument("--tags", metavar="TAGS", help="of a SavedModel, comma-separated (default: serve)")
    model.add_argument(
        "--shape", action="append", metavar="[NAME=]1,H,W,C", help="of an input that leaves sizes open"
    )
    model.add_argument("--trust-source", action="store_true", help="let code that comes with the source run")
    proof = parser.add_argument_group("verification")
    proof.add_argument("--min-sqnr", type=float, metavar="DB", help="against the float model (default: 20)")
    proof.add_argument("--compiler", metavar="PATH", help="edgetpu_compiler, where it is not on PATH")
    proof.add_argument("--container", metavar="IMAGE", help="a local image that has it")
    proof.add_argument("--device", default="auto", metavar="NAME", help="auto, never, or one such as usb:0")
    proof.add_argument("--config", metavar="FILE", help="settings (default: the nearest file above OUT)")
    proof.add_argument(
        "--debug-layers", action="store_true", help="name the layers that lose most to quantization"
    )


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The arguments, a range that begins with a minus among them."""
    arguments: argparse.Namespace = parse("convert", sys.modules[__name__], join_ranges(words))
    return arguments


def run(arguments: argparse.Namespace) -> int:
    """Convert, write and report; 0, 1 or 2 as the epilog says."""
    from ..convert.calibration.errors import CalibrationError
    from ..convert.errors import CannotConvert, SourceError
    from ..convert.write import default_output, files_for, refuse_to_replace

    try:
        source = source_of(arguments.source, arguments)
        out = Path(arguments.output) if arguments.output else default_output(source)
        if arguments.print_recipe:
            return _print_recipe(arguments, source, out)
        request = calibration_request(arguments)
        files = files_for(out)
        refuse_to_replace(files, source, overwrite=arguments.overwrite)
        return convert_and_report(arguments, source, request, files)
    except (SourceError, CannotConvert, CalibrationError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(said_of(error))


def convert_and_report(
    arguments: argparse.Namespace,
    source: Source,
    request: CalibrationRequest,
    files: Files,
    replaces: bytes | None = None,
) -> int:
    """Convert, write ``files`` and report; ``replaces`` is a model at hand that is compared with the result."""
    from ..convert.tools import require_tools

    wish = wish_of(arguments, files.model.parent, replaces)
    require_tools(source.kind)  # before what needs LiteRT is imported
    from ..convert.conversion import NothingConverted
    from ..convert.errors import CannotConvert
    from ..convert.session import convert_source
    from ..lint.plugins import Plugins
    from ..lint.run import RuleFailure
    from ..report.convert_card import show_nothing
    from ..report.convert_data import nothing_dict
    from ..verify.numeric import CannotVerify
    from .progress import ConversionProgress

    try:
        with ConversionProgress(request.samples, quiet=arguments.format == "json") as progress:
            conversion = convert_source(source, request, Plugins(), wish, progress=progress)
            losses = _layer_losses(conversion, progress) if arguments.debug_layers else None
    except NothingConverted as error:
        if arguments.format == "json":
            _dump(nothing_dict(source, error))
        else:
            show_nothing(page(arguments.color), source, error)
        return fail(str(error))
    except (CannotVerify, RuleFailure) as error:
        raise CannotConvert(str(error)) from None
    return _finish(arguments, conversion, files, losses)


def _finish(
    arguments: argparse.Namespace, conversion: Conversion, files: Files, losses: list[LayerLoss] | None
) -> int:
    from ..convert.document import document, script_of
    from ..convert.write import write_all
    from ..report.convert_card import show_conversion
    from ..report.convert_data import conversion_dict
    from ..verify.chain import left_out, stages_asked_for

    written = None if getattr(arguments, "dry_run", False) else files
    if written is not None:
        write_all(files, conversion.data, script_of(conversion, str(files.model)), document(conversion))
    if arguments.format == "json":
        _dump(conversion_dict(conversion, written, losses))
    else:
        show_conversion(page(arguments.color), conversion, written, losses)
    asked = stages_asked_for(arguments.compiler, arguments.container, arguments.device)
    idle = left_out(conversion.stages, asked) or (arguments.debug_layers and losses is None)
    well = conversion.is_proved and not conversion.failed_stages and not idle
    return 0 if well and not fails(conversion.linted.findings, arguments.fail_on) else FINDINGS


def _layer_losses(conversion: Conversion, progress: ConversionProgress) -> list[LayerLoss] | None:
    """``None`` where they cannot be found out, with one line why: the model is there all the same."""
    from ..convert.debug_layers import layer_losses
    from ..convert.errors import CannotConvert

    progress.step("compare layer by layer")
    shapes = (
        {spec.name: spec.shape for spec in conversion.described.inputs} if conversion.told_shapes else None
    )
    try:
        return layer_losses(
            conversion.source,
            conversion.recipe,
            conversion.request,
            shapes=shapes,
            progress=progress.calibrated,
        )
    except CannotConvert as error:
        complain(f"--debug-layers: {error}")
        return None


def _print_recipe(arguments: argparse.Namespace, source: Source, out: Path) -> int:
    from ..convert.script import recipe_script

    request = calibration_request(arguments)
    script = recipe_script(
        source, recipe_of(arguments), request, out=str(out), shapes=shapes_of(arguments.shape),
    )  # fmt: skip
    sys.stdout.write(script)
    return 0


def _dump(data: dict[str, Any]) -> None:
    print(json.dumps({"schema_version": 1, **data}, indent=2))
