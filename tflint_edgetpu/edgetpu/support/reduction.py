"""MEAN, SUM, REDUCE_MAX, REDUCE_MIN, SOFTMAX."""

from __future__ import annotations

from ...model.graph import Operator, Tensor
from ..tiles import rows_columns_channels
from .constraint import Facts, Grey, Seen, Status, constraint, documented, measured
from .evidence import Band, Case
from .operators import TABLE

REDUCTIONS = ("MEAN", "REDUCE_MAX", "REDUCE_MIN", "SUM")


def _reduced(operator: Operator, facts: Facts) -> tuple[Tensor, frozenset[int]] | None:
    """The input and the axes that are reduced, counted from 0."""
    values = operator.input(0)
    axes = facts.model.values(operator.input(1), limit=16)
    if values is None or axes is None or not values.shape:
        return None
    return values, frozenset(int(axis) % len(values.shape) for axis in axes)


SUM_AXIS_0 = (
    Case("SUM", True, ((16, 2, 1),), ((2, 1),), "forest_gemm", "R-e-d-a-X_model_16_1_2_1, 16.0"),
    Case("SUM", True, ((1, 2, 256),), ((2, 256),), "forest_gemm", "R-e-d-a-X_model_1_1_2_256, 16.0"),
)


@constraint(*REDUCTIONS, status=Status.UNSPECIFIED, source=documented(TABLE), cases=SUM_AXIS_0)
def no_reduction_over_the_batch(operator: Operator, facts: Facts) -> Seen:
    """The batch is not reduced: axis 0 of a tensor with four dimensions. With three or fewer dimensions axis 0
    is no batch: SUM over it maps."""
    reduced = _reduced(operator, facts)
    if reduced is None or 0 not in reduced[1]:
        return None
    values = reduced[0]
    seen = f"it reduces axis 0 of {list(values.shape)}"
    if len(values.shape) > 3 or not facts.knows(SUM_AXIS_0):
        return seen
    return None if operator.kind == "SUM" else Grey(f"{seen}, seen to map for SUM only", refused=False)


@constraint("MEAN", status=Status.UNSPECIFIED, source=documented(TABLE))
def channels_averaged_are_a_multiple_of_4(operator: Operator, facts: Facts) -> str | None:
    """A MEAN over the channels reduces a multiple of 4 of them."""
    reduced = _reduced(operator, facts)
    if reduced is None:
        return None
    values, axes = reduced
    if len(values.shape) - 1 not in axes or values.shape[-1] % 4 == 0:
        return None
    return f"it averages {values.shape[-1]} channels"


# Pixels that one MEAN averages, all rows and columns of its input.
WINDOW = Band(
    lambda inputs, outputs: (
        rows_columns_channels(inputs[0])[0] * rows_columns_channels(inputs[0])[1] if inputs else 0
    ),
    "pixels",
    (
        Case(
            "MEAN",
            True,
            ((1, 64, 128, 3),),
            ((1, 3),),
            "mean_of_image",
            "google-coral/edgetpu issue 461, 16.0",
        ),
        Case(
            "MEAN",
            False,
            ((1, 256, 128, 3),),
            ((1, 3),),
            "mean_of_image",
            "google-coral/edgetpu issue 461, 16.0",
        ),
    ),
)


@constraint(
    "MEAN",
    status=Status.UNSPECIFIED,
    source=measured("google-coral/edgetpu issue 461: 32,768 pixels refused, 8,192 mapped"),
    cases=WINDOW.cases,
)
def a_mean_averages_few_enough_pixels(operator: Operator, facts: Facts) -> Seen:
    """A MEAN over rows and columns averages fewer pixels than 32,768 at once; large ones can be split in two."""
    reduced = _reduced(operator, facts)
    if reduced is None:
        return None
    values, axes = reduced
    rank = len(values.shape)
    rows, columns, _ = rows_columns_channels(values.shape)
    pixels = (rows if rank - 3 in axes else 1) * (columns if rank - 2 in axes else 1)
    zone = WINDOW.locate(pixels, facts.held_out)
    if not (zone.refused or zone.is_grey):
        return None
    seen = f"it averages {pixels:,} pixels ({zone.explain('pixels', None)})"
    return Grey(seen, zone.refused) if zone.is_grey else seen


# Values over which one SOFTMAX runs: the innermost dimension.
LENGTH = Band(
    lambda inputs, outputs: max((rows_columns_channels(shape)[2] for shape in inputs), default=1),
    "values",
    (
        Case("SOFTMAX", True, ((1, 16384),), ((1, 16384),), "libredge_tracker",
             "ricardodeazambuj_bright_128x128, 16.0"),
        Case("SOFTMAX", True, ((1, 4, 756, 16),), ((1, 4, 756, 16),), "ultralytics_dfl_head",
             "jveitchmichaelis/edgetpu-yolo, yolov8n 192 px, 16.0"),
        Case("SOFTMAX", True, ((1076, 2),), ((1076, 2),), "yunet", "pperonski_yunet_integer_quant, 16.0"),
    ),
    boundary=16_000,
)  # fmt: skip


@constraint(
    "SOFTMAX",
    status=Status.UNSPECIFIED,
    source=documented(f"{TABLE}: at most 16,000 elements"),
    cases=LENGTH.cases,
)
def a_softmax_is_short_enough(operator: Operator, facts: Facts) -> Seen:
    """A SOFTMAX runs over at most 16,000 values (16,384 were seen to map). Several rows of them are fine."""
    values = facts.activations(operator.inputs)
    length = max((rows_columns_channels(tensor.shape)[2] for tensor in values), default=1)
    zone = LENGTH.locate(length, facts.held_out)
    if not zone.refused:
        return None
    return Grey(f"it runs over {length:,} values ({zone.explain('values', LENGTH.boundary)})", refused=True)


CONSTRAINTS = (
    no_reduction_over_the_batch,
    channels_averaged_are_a_multiple_of_4,
    a_mean_averages_few_enough_pixels,
    a_softmax_is_short_enough,
)
