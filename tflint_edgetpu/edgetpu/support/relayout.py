"""Operators that lay data out anew: what they move must fit into the memory of the tiles that hold it."""

from __future__ import annotations

from ...model.graph import Operator
from ..target import TILE_ACTIVATION_BYTES
from ..tiles import Shape, bytes_on_fullest_tile, is_one_row, rows_columns_channels, stored_bytes
from .constraint import Facts, Grey, Seen, Status, constraint, guess, measured, within
from .evidence import Band, Case

YOLO = "ultralytics_dfl_head"
EFFICIENTDET = "efficientdet"
YOLOV5 = "yolov5"
SSD = "ssd_detection"
MEMORY = "libedgetpu beagle_chip_config.h: 196,608 bytes of activations a tile"


def _transposed(inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> int:
    return sum(map(stored_bytes, (*inputs, *outputs)))


def _nhwc_to_nchw(size: int, channels: int) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    return ((1, size, size, channels),), ((1, channels, size, size),)


TRANSPOSE = Band(
    _transposed,
    "bytes",
    (
        Case("TRANSPOSE", True, *_nhwc_to_nchw(22, 144), YOLO, "edward62740_yolov5nu 176 px, 16.0"),
        Case("TRANSPOSE", True, *_nhwc_to_nchw(24, 144), YOLO,
             "jveitchmichaelis/edgetpu-yolo, yolov8n 192 px, 16.0"),
        Case("TRANSPOSE", False, *_nhwc_to_nchw(28, 144), YOLO, "edward62740_yolov8n 224 px, 16.0"),
        Case("TRANSPOSE", False, *_nhwc_to_nchw(40, 70), YOLO, "chienthan2vn_best 640 px, 16.0"),
        Case("TRANSPOSE", False, ((1, 4, 16, 2100),), ((1, 16, 4, 2100),), YOLO,
             "MRezqalla_yolov8n 320 px, 16.0"),
        Case("TRANSPOSE", True, ((1, 196, 3, 85),), ((1, 3, 196, 85),), YOLOV5,
             "jveitchmichaelis/edgetpu-yolo, yolov5s 224 px, 16.0"),
        Case("TRANSPOSE", False, ((1, 784, 3, 85),), ((1, 3, 784, 85),), YOLOV5,
             "jveitchmichaelis/edgetpu-yolo, yolov5s 224 px, 16.0"),
    ),
    TILE_ACTIVATION_BYTES,
)  # fmt: skip


@constraint(
    "TRANSPOSE",
    status=Status.UNSPECIFIED,
    source=measured(f"compiled models and logs of 16.0; {MEMORY}"),
    cases=TRANSPOSE.cases,
)
def a_transpose_fits_one_tile(operator: Operator, facts: Facts) -> Seen:
    """The input and the output of a TRANSPOSE together, channels padded to fours, fit the activation memory
    of one tile, 196,608 bytes."""
    return within(TRANSPOSE, operator, facts, "input and output take")


def _reshaped(inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> int:
    """What is read and what is written; once where only dimensions of 1 come and go, so that nothing moves."""
    shapes = (*inputs, *outputs)
    if len({rows_columns_channels(shape) for shape in shapes}) == 1:
        shapes = shapes[:1]
    return sum(map(bytes_on_fullest_tile, shapes))


RESHAPE = Band(
    _reshaped,
    "bytes",
    (
        Case("RESHAPE", True, ((1, 64, 2100),), ((1, 4, 16, 2100),), YOLO, "MRezqalla_yolov8n 320 px, 16.0"),
        Case("RESHAPE", False, ((1, 144, 40, 40),), ((1, 144, 1600),), YOLO,
             "MRezqalla_yolov8n 320 px, 16.0"),
        Case("RESHAPE", False, ((1, 64, 8400),), ((1, 4, 16, 8400),), YOLO, "MRezqalla_yolov8n 640 px, 16.0"),
        Case("RESHAPE", True, ((1, 12, 12, 810),), ((1, 1296, 90),), EFFICIENTDET,
             "hjonnala/snippets, lite1, 16.0"),
        Case("RESHAPE", False, ((1, 24, 24, 810),), ((1, 5184, 90),), EFFICIENTDET,
             "hjonnala/snippets, lite1, 16.0"),
        Case("RESHAPE", True, ((1, 40, 40, 255),), ((1, 1600, 3, 85),), YOLOV5,
             "ultralytics/yolov5 issue 10527, 640 px, 16.0"),
        Case("RESHAPE", False, ((1, 80, 80, 255),), ((1, 6400, 3, 85),), YOLOV5,
             "ultralytics/yolov5 issue 10527, 640 px, 16.0"),
        Case("RESHAPE", False, ((1, 3, 784, 85),), ((1, 2352, 85),), YOLOV5,
             "jveitchmichaelis/edgetpu-yolo, yolov5s 224 px, 16.0"),
        Case("RESHAPE", True, ((1, 80, 80, 10),), ((1, 6400, 10),), "yunet",
             "pperonski_yunet_integer_quant, 16.0"),
    ),
    TILE_ACTIVATION_BYTES,
)  # fmt: skip


@constraint(
    "RESHAPE",
    status=Status.UNSPECIFIED,
    source=measured(f"compiled models and logs of 15.0 and 16.0; {MEMORY}"),
    cases=RESHAPE.cases,
)
def a_reshape_fits_its_tiles(operator: Operator, facts: Facts) -> Seen:
    """On every tile, what RESHAPE reads and what it writes together fit 196,608 bytes. Rows and columns are
    spread over four by four tiles; a tensor of one row, such as [1, anchors, classes], is not."""
    return within(RESHAPE, operator, facts, "on the fullest tile input and output take")


RESIZE = Band(
    lambda inputs, outputs: sum(map(bytes_on_fullest_tile, (*inputs, *outputs))),
    "bytes",
    (
        Case("RESIZE_BILINEAR", False, ((1, 33, 33, 19),), ((1, 513, 513, 19),), "deeplab",
             "google-coral_deeplab_mobilenet_edgetpu_slim, runtime 12"),
        Case("RESIZE_NEAREST_NEIGHBOR", True, ((1, 40, 40, 128),), ((1, 80, 80, 128),), YOLO,
             "MRezqalla_yolov8n 640 px, 16.0"),
        Case("RESIZE_NEAREST_NEIGHBOR", True, ((1, 40, 40, 64),), ((1, 80, 80, 64),), "yunet",
             "pperonski_face_detection_yunet, 16.0"),
        Case("RESIZE_BILINEAR", True, ((1, 128, 128, 32),), ((1, 256, 256, 32),), "midas",
             "KapiBara MiDaS v2, 16.0"),
    ),
    TILE_ACTIVATION_BYTES,
)  # fmt: skip


@constraint(
    "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR",
    status=Status.UNSPECIFIED,
    source=measured(f"compiled models of runtime 12 and 16.0; {MEMORY}"),
    cases=RESIZE.cases,
)  # fmt: skip
def a_resize_fits_its_tiles(operator: Operator, facts: Facts) -> Seen:
    """On every tile, what a RESIZE reads and what it writes together fit 196,608 bytes."""
    return within(RESIZE, operator, facts, "on the fullest tile input and output take")


FROM_ONE_PIXEL = (
    Case("RESIZE_BILINEAR", False, ((1, 1, 1, 256),), ((1, 33, 33, 256),), "deeplab",
         "google-coral_deeplabv3_mnv2_pascal and three more, runtime 12"),
)  # fmt: skip


@constraint(
    "RESIZE_BILINEAR",
    status=Status.UNSPECIFIED,
    source=measured(
        "4 of 4 in deeplab models of runtime 12; Coral's table: refused to avoid a loss of precision"
    ),
    cases=FROM_ONE_PIXEL,
)
def a_bilinear_resize_has_pixels_to_mix(operator: Operator, facts: Facts) -> Seen:
    """RESIZE_BILINEAR enlarges an image of more than one pixel. To spread a single pixel, as the image pooling
    of deeplab does, add it to a constant of zeros instead: ADD broadcasts."""
    image, output = operator.input(0), operator.output()
    if image is None or output is None or len(image.shape) != 4 or image.shape[1:3] != (1, 1):
        return None
    if output.shape[1:3] == (1, 1):
        return None
    seen = f"it enlarges 1 x 1 to {output.shape[1]} x {output.shape[2]}"
    return seen if facts.knows(FROM_ONE_PIXEL) else Grey(seen, refused=True)


def _largest_row(inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> int:
    return max((stored_bytes(shape) for shape in (*inputs, *outputs) if is_one_row(shape)), default=0)


ROW = Band(
    _largest_row,
    "bytes",
    (
        Case("CONCATENATION", True, ((1, 2, 2100), (1, 2, 2100), (1, 80, 2100)), ((1, 84, 2100),), YOLO,
             "MRezqalla_yolov8n 320 px, 16.0"),
        Case("CONCATENATION", False, ((1, 144, 1600), (1, 144, 400), (1, 144, 100)), ((1, 144, 2100),), YOLO,
             "MRezqalla_yolov8n 320 px, 16.0"),
        Case("CONCATENATION", True, ((1, 1200, 91), (1, 600, 91)), ((1, 2034, 91),), SSD,
             "google-coral ssdlite_mobiledet, LibrEdgeTPU docs/HARDWARE_ANALYSIS.md, 16.0"),
        Case("CONCATENATION", False, ((1, 2352, 85), (1, 588, 85), (1, 147, 85)), ((1, 3087, 85),), YOLOV5,
             "jveitchmichaelis/edgetpu-yolo, yolov5s 224 px, 16.0"),
        Case("CONCATENATION", False, ((1, 20736, 90),), ((1, 27621, 90),), EFFICIENTDET,
             "hjonnala/snippets, lite1, 16.0"),
        Case("LOGISTIC", True, ((1, 80, 2100),), ((1, 80, 2100),), YOLO, "MRezqalla_yolov8n 320 px, 16.0"),
        Case("LOGISTIC", False, ((1, 80, 8400),), ((1, 80, 8400),), YOLO, "MRezqalla_yolov8n 640 px, 16.0"),
        Case("LOGISTIC", True, ((1, 2034, 91),), ((1, 2034, 91),), SSD,
             "google-coral ssdlite_mobiledet, LibrEdgeTPU docs/HARDWARE_ANALYSIS.md, 16.0"),
        Case("LOGISTIC", False, ((1, 27621, 90),), ((1, 27621, 90),), EFFICIENTDET,
             "hjonnala/snippets, lite1, 16.0"),
        Case("QUANTIZE", True, ((1, 80, 2100),), ((1, 80, 2100),), YOLO, "MRezqalla_yolov8n 320 px, 16.0"),
        Case("QUANTIZE", False, ((1, 80, 8400),), ((1, 80, 8400),), YOLO, "MRezqalla_yolov8n 640 px, 16.0"),
        Case("QUANTIZE", False, ((1, 3087, 85),), ((1, 3087, 85),), YOLOV5,
             "jveitchmichaelis/edgetpu-yolo, yolov5s 224 px, 16.0"),
        Case("STRIDED_SLICE", True, ((1, 144, 756),), ((1, 80, 756),), YOLO,
             "jveitchmichaelis/edgetpu-yolo, yolov8n 192 px, 16.0"),
        Case("STRIDED_SLICE", False, ((1, 144, 2100),), ((1, 80, 2100),), YOLO,
             "MRezqalla_yolov8n 320 px, 16.0"),
    ),
    TILE_ACTIVATION_BYTES,
)  # fmt: skip

SEEN_TO_NEED_ONE_TILE = ("CONCATENATION", "LOGISTIC", "QUANTIZE", "STRIDED_SLICE")
LIKE_THEM = (
    "ADD", "L2_NORMALIZATION", "MAXIMUM", "MINIMUM", "MUL", "PRELU", "RELU", "RELU6", "RELU_N1_TO_1", "RSQRT",
    "SLICE", "SPLIT", "SQUARED_DIFFERENCE", "SUB", "TANH",
)  # fmt: skip


@constraint(
    *SEEN_TO_NEED_ONE_TILE,
    status=Status.UNSPECIFIED,
    source=measured(f"compiled models and logs of 16.0; {MEMORY}"),
    cases=ROW.cases,
)
def a_single_row_fits_one_tile(operator: Operator, facts: Facts) -> Seen:
    """A tensor of one row, [1, n, channels] or [n, channels], fits the activation memory of one tile with its
    channels padded to fours: 196,608 bytes. Feature maps of several rows are spread and may be larger."""
    return within(ROW, operator, facts, "a single row takes")


@constraint(
    *LIKE_THEM,
    status=Status.UNSPECIFIED,
    source=guess(f"by analogy with CONCATENATION, LOGISTIC, QUANTIZE and STRIDED_SLICE; {MEMORY}"),
)
def a_single_row_fits_one_tile_too(operator: Operator, facts: Facts) -> Seen:
    """A tensor of one row fits the activation memory of one tile, 196,608 bytes: seen for CONCATENATION,
    LOGISTIC, QUANTIZE and STRIDED_SLICE, and guessed for the other operators that move or map single values."""
    tensors = (*facts.activations(operator.inputs), *operator.outputs)
    amount = max((stored_bytes(t.shape) for t in tensors if is_one_row(t.shape)), default=0)
    if amount <= TILE_ACTIVATION_BYTES:
        return None
    return Grey(f"a single row takes {amount:,} bytes, {TILE_ACTIVATION_BYTES:,} fit", refused=True)


CONSTRAINTS = (
    a_transpose_fits_one_tile,
    a_reshape_fits_its_tiles,
    a_resize_fits_its_tiles,
    a_bilinear_resize_has_pixels_to_mix,
    a_single_row_fits_one_tile,
    a_single_row_fits_one_tile_too,
)
