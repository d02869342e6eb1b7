"""Lint quantized TensorFlow Lite models for the Coral Edge TPU.

>>> import tflint_edgetpu
>>> report = tflint_edgetpu.lint("model.tflite")
>>> for finding in report.findings:
...     print(finding.severity.word, finding.code, finding.message)
>>> placement = tflint_edgetpu.place("model.tflite")
>>> print(placement.edgetpu, "of", len(placement.operators), "operators on the Edge TPU")
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .convert.conversion import Conversion
    from .edgetpu.placement import Placement
    from .fix.session import Outcome
    from .report.report import Report
    from .verify.numeric import Comparison

__all__ = ["__version__", "convert", "fix", "lint", "place", "verify"]

# Four functions share their names with packages. A package takes its name in here when it is first imported,
# so that has to happen before the functions are defined. Nothing else is imported before it is asked for: the
# command line passes through here, and every start counts.
for _name in ("lint", "verify", "fix", "convert"):
    import_module(f".{_name}", __name__)


def lint(
    source: str | os.PathLike[str] | bytes, *more: str | os.PathLike[str], jobs: int = 1, **options: Any
) -> Report:
    """Lint files, folders and patterns, or one model in memory.

    ``options`` are those of the command ``tflint-edgetpu lint`` in Python's spelling: ``select``, ``ignore``,
    ``severity``, ``fail_on``, ``target_compiler``, ``min_runtime_version``, ``multiple_subgraphs``, ``consumer``,
    ``baseline``, ``placement_baseline``, ``log``, ``compiled``, ``join``, ``config``.  Settings files count as they
    do there.  A file that cannot be read is a :class:`FileReport` with an ``error``.

    Raises SettingsError for settings and options that cannot be used, PluginError for a broken plugin.
    """
    from .lint.discover import discover
    from .lint.file_report import FileReport
    from .lint.linter import Linter
    from .lint.plugins import Plugins
    from .lint.request import make_request
    from .report.report import Report

    plugins = Plugins()
    linter = Linter(plugins, make_request(**options))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return Report([linter.examine_bytes(bytes(source), "<memory>")], plugins)
    found = discover([os.fspath(path) for path in (source, *more)], linter.settings.exclude)
    if jobs > 1:
        from .lint.parallel import examine_in_processes, whole

        files = list(examine_in_processes(linter, found.files, jobs, whole))
    else:
        files = [linter.examine(path) for path in found.files]
    files.extend(FileReport(name, "unreadable", linter.settings, error=why) for name, why in found.empty)
    files.extend(linter.unused_ignores(files, whole=found.whole))
    return Report(files, plugins)


def place(
    source: str | os.PathLike[str] | bytes,
    *,
    target_compiler: str = "16.0",
    multiple_subgraphs: bool = False,
) -> Placement:
    """Predict where every operator of a model runs; ``multiple_subgraphs`` is the compiler's ``-a``.

    Where ``placement.compiles.is_refused``, the compiler stops at the file as a whole: the rest is what it would do
    if it took the file.

    Raises ReadError for what is no model or compiled already, SettingsError for a compiler that nobody knows.
    """
    from .edgetpu.custom_op import refuse_compiled
    from .edgetpu.placement import place_model
    from .edgetpu.support.registry import SupportTable
    from .lint.plugins import Plugins
    from .lint.request import make_request
    from .model.reader import read_model

    target = make_request(target_compiler=target_compiler).overrides["target"]
    model = read_model(source)
    try:
        refuse_compiled(model)
        table = SupportTable(Plugins().constraints)
        placement = place_model(model, target=target, table=table, multiple_subgraphs=multiple_subgraphs)
        placement.compiles, placement.memory  # noqa: B018  # computed while the file is open
        return placement
    finally:
        model.close()


def fix(source: str | os.PathLike[str] | bytes, *, unsafe: bool = False, **options: Any) -> Outcome:
    """Repair a model and prove the repair; ``outcome.after`` are the new bytes, nothing is written.

    ``options`` are those of :func:`tflint_edgetpu.fix.repair.repair`.  Needs the extra ``fix``.
    Raises ReadError for what is no model, CannotVerify where nothing can be proved.
    """
    from .fix.repair import repair
    from .lint.finding import Safety
    from .lint.plugins import Plugins

    level = Safety.UNSAFE if unsafe else Safety.SAFE
    return repair(_bytes(source), Plugins(), level=level, **options)


def convert(
    source: str | os.PathLike[str],
    calibration: str | os.PathLike[str] | None = None,
    *,
    random_calibration: bool = False,
    trust_source: bool = False,
    signature: str | None = None,
    tags: tuple[str, ...] = (),
    shapes: dict[str, tuple[int, ...]] | None = None,
    input_type: str | None = None,
    output_type: str | None = None,
    target_compiler: str = "16.0",
    consumer: str | None = None,
    multiple_subgraphs: bool = False,
    **data: Any,
) -> Conversion:
    """Make an integer model from its source; ``conversion.data`` are its bytes, nothing is written.

    ``data`` are ``samples``, ``value_range``, ``channels``, ``resize``, ``seed`` and ``held_back`` of the
    calibration.  ``conversion.stages`` tell what was verified, ``conversion.why`` why these settings won.  Needs the
    extra ``convert``.  Raises SourceError for what is no source, CannotConvert where nothing came out,
    CalibrationError for data that cannot be used, SettingsError for options that do not exist.
    """
    from .convert.calibration.errors import CalibrationError
    from .convert.calibration.kind import calibration_kind
    from .convert.calibration.request import CalibrationRequest
    from .convert.source import recognise
    from .convert.tools import require_tools
    from .lint.plugins import Plugins
    from .lint.request import make_request

    found = recognise(os.fspath(source), signature=signature, tags=tags, trust=trust_source)
    if (calibration is None) is not random_calibration:
        raise CalibrationError("give calibration data, or say random_calibration=True, and not both")
    where = "" if calibration is None else os.fspath(calibration)
    kind = calibration_kind(where) if where else "random"
    request = CalibrationRequest(kind, where, trust_source=trust_source, **data)
    require_tools(found.kind)  # before what needs LiteRT is imported
    from .convert.session import convert_source
    from .convert.wish import Wish

    target = make_request(target_compiler=target_compiler).overrides["target"]
    wish = Wish(input_type, output_type, shapes or {}, target, consumer, multiple_subgraphs)
    return convert_source(found, request, Plugins(), wish)


def verify(
    source: str | os.PathLike[str] | bytes, reference: str | os.PathLike[str] | bytes, **options: Any
) -> Comparison:
    """Compare what a model computes with what ``reference`` computes.

    ``options`` are those of :func:`tflint_edgetpu.verify.numeric.compare`.  Needs the extra ``fix``.
    Raises CannotVerify where one of the two cannot be run.
    """
    from .verify.numeric import compare

    return compare(_bytes(reference), _bytes(source), **options)


def _bytes(source: str | os.PathLike[str] | bytes) -> bytes:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    from pathlib import Path

    return Path(source).read_bytes()
