"""Which layer loses the most when the model becomes integer, and how much.

TensorFlow's quantization debugger runs every layer twice on the same inputs, in float and in integers.  So the error
is the layer's own, not what came from the layers before.  It is held against the spread of each channel: one wild
channel takes all the steps of its tensor, and the others drown although the sum looks fine.

The debugger quantizes dense layers with a scale a channel whatever it is told (LiteRT issue 3596): it only calibrates
here, the quantizer behind it is called with the recipe's own setting.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..lint.wording import counted, shortened
from ..verify.child_process import run_child
from .calibration.request import CalibrationRequest
from .errors import CannotConvert
from .recipe import Recipe, as_dict
from .source import Source
from .tools import require_tensorflow

CHILD = Path(__file__).parent / "child" / "debug_layers.py"
TIMEOUT_SECONDS = 3600
# The error of rounding alone is spread evenly over one step.
ROUNDING_STEPS = 1 / math.sqrt(12)


class LayerLoss(NamedTuple):
    """The error of one quantized layer over all samples, given the same inputs as in float."""

    operator: str  # CONV_2D ...
    tensor: str  # its output
    error: float  # root mean square of integer minus float, real numbers
    worst_error: float
    scale: float  # one step
    spread: float  # standard deviation of the float layer's values
    clipped: float  # share of the float values that its integers cannot say
    lost: float  # the error as a share of each channel's own spread, at most 1; root mean square over the channels
    channels: int = 1
    drowned: int = 0  # channels whose error is more than half of their spread

    @property
    def steps(self) -> float:
        """The error in steps; rounding alone gives 0.29."""
        return self.error / self.scale if self.scale else 0.0

    @property
    def text(self) -> str:
        parts = [
            f"{self.operator} '{shortened(self.tensor)}' loses {self.lost:.1%} of what its channels carry",
            f"{self.steps:.2f} steps, rounding alone is {ROUNDING_STEPS:.2f}",
        ]
        if self.drowned:
            parts.append(f"{self.drowned} of {counted(self.channels, 'channel')} drown in the error")
        if self.clipped >= 0.001:
            parts.append(f"{self.clipped:.1%} of its values lie beyond the calibrated range")
        return "; ".join(parts)


def layer_losses(
    source: Source,
    recipe: Recipe,
    request: CalibrationRequest,
    *,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[LayerLoss]:
    """Every quantized layer, the one that loses the most first.

    Raises :class:`CannotConvert` where TensorFlow is missing, its quantizer crashes, or nothing is quantized.
    """
    require_tensorflow()

    def report(message: dict[str, Any]) -> None:
        if progress is not None and "done" in message:
            progress(int(message["done"]), int(message["of"]))

    with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-") as folder:
        job = {
            "source": source._asdict(),
            "recipe": as_dict(recipe),
            "request": request._asdict(),
            "shapes": dict(shapes or {}),
            "folder": folder,
        }
        answer = run_child(CHILD, job, TIMEOUT_SECONDS, report)
    if answer.result is None:
        raise CannotConvert(
            f"the quantization debugger does not take the model ({answer.stage}): {answer.why}"
        )
    if "refused" in answer.result:
        raise CannotConvert(str(answer.result["refused"]))
    losses = [LayerLoss(**row) for row in answer.result["layers"]]
    if not losses:
        raise CannotConvert("the quantization debugger found no quantized layer")
    return sorted(losses, key=lambda loss: -loss.lost)
