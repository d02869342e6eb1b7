"""What the user wants of a conversion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..edgetpu.target import DEFAULT_TARGET, Target


class Wish(NamedTuple):
    """Beside the source and the calibration data."""

    input_type: str | None = None  # None: uint8, or what maps better
    output_type: str | None = None
    shapes: Mapping[str, tuple[int, ...]] = {}
    target: Target = DEFAULT_TARGET
    consumer: str | None = None
    multiple_subgraphs: bool = False
    chain: Mapping[str, Any] = {}  # thresholds, compiler and device for the verify chain
    safe_fixes_only: bool = False  # no fixes that move outputs by rounding, however well they agree
    replaces: bytes | None = None  # a model at hand, to be compared with the result
