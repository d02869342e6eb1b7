"""From the options of ``convert`` and ``fix --source`` to a source, a request for data, and a recipe."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .main import UserError

if TYPE_CHECKING:
    from ..convert.calibration.request import CalibrationRequest
    from ..convert.recipe import Recipe
    from ..convert.source import Source
    from ..convert.wish import Wish

DEFAULT_SAMPLES = 200


def join_ranges(words: Sequence[str]) -> list[str]:
    """``--value-range -1,1`` as one word: argparse takes what begins with a minus for an option."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "--value-range" and word[:1] == "-" and word[1:2] in tuple("0123456789."):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def source_of(text: str, arguments: argparse.Namespace) -> Source:
    """Raises SourceError."""
    from ..convert.source import recognise

    tags = tuple(tag.strip() for tag in (arguments.tags or "").split(",") if tag.strip())
    return recognise(text, signature=arguments.signature, tags=tags, trust=arguments.trust_source)


def calibration_request(arguments: argparse.Namespace) -> CalibrationRequest:
    """What to calibrate with; raises UserError where nothing is named, or both data and noise are, CalibrationError
    for values that make no sense.
    """
    from ..convert.calibration.kind import calibration_kind
    from ..convert.calibration.request import CalibrationRequest, check

    data = arguments.calibration
    if arguments.random_calibration and data:
        raise UserError("--calibration names data, --random-calibration asks for noise: choose one")
    if not arguments.random_calibration and not data:
        raise UserError(
            "integer ranges are read off your data: --calibration DATA (images, .npz, TFRecord, module:function); "
            "only to try, --random-calibration uses noise"
        )
    kind = "random" if not data else calibration_kind(data)
    if kind == "function" and not arguments.trust_source:
        raise UserError(
            f"--calibration {data} is code of yours, and it runs: say --trust-source to allow that"
        )
    request = CalibrationRequest(
        kind,
        data or "",
        samples=DEFAULT_SAMPLES if arguments.samples is None else arguments.samples,
        value_range=arguments.value_range or "",
        channels=arguments.channels,
        resize=arguments.resize,
        trust_source=arguments.trust_source,
    )
    check(request)  # before TensorFlow is loaded
    return request


def shapes_of(texts: list[str] | None) -> dict[str, tuple[int, ...]]:
    """``NAME=1,224,224,3`` or ``1,224,224,3`` for the only input (named ''); raises UserError."""
    shapes = {}
    for text in texts or ():
        name, _, sizes = text.rpartition("=")
        try:
            shape = tuple(int(size) for size in sizes.split(","))
        except ValueError:
            shape = ()
        if not shape or min(shape) < 1:
            raise UserError(f"--shape {text}: sizes are numbers from 1, as in --shape image=1,224,224,3")
        shapes[name] = shape
    return shapes


def wish_of(arguments: argparse.Namespace, folder: Path, replaces: bytes | None) -> Wish:
    """What the options and the nearest settings file above ``folder`` ask for; raises SettingsError."""
    from ..convert.wish import Wish
    from ..edgetpu.target import COMPILERS
    from ..lint.settings import VERIFY_LIMITS, Settings, SettingsError
    from ..lint.settings_file import find_settings, read_settings
    from ..verify.chain import limits_from

    file = arguments.config or find_settings(str(folder))
    settings = read_settings(file) if file else Settings()
    given = dict(settings.verify)
    if arguments.min_sqnr is not None:
        low, high = VERIFY_LIMITS["sqnr-db"]
        if not low <= arguments.min_sqnr <= high:
            raise SettingsError(f"--min-sqnr: a number from {low:g} to {high:g}, not {arguments.min_sqnr:g}")
        given["sqnr-db"] = arguments.min_sqnr
    thresholds, limits = limits_from(given)
    return Wish(
        arguments.input_type,
        arguments.output_type,
        shapes_of(arguments.shape),
        COMPILERS[arguments.target_compiler] if arguments.target_compiler else settings.target,
        arguments.consumer or settings.consumer,
        arguments.multiple_subgraphs or settings.multiple_subgraphs,
        {
            "thresholds": thresholds,
            "limits": limits,
            "compiler": arguments.compiler or "auto",
            "container": arguments.container,
            "device": arguments.device,
        },
        arguments.safe,
        replaces,
    )


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """The first step of the ladder as the options have it."""
    from ..convert.recipe import Recipe

    recipe = Recipe()
    return recipe._replace(
        input_type=arguments.input_type or recipe.input_type,
        output_type=arguments.output_type or arguments.input_type or recipe.output_type,
    )
