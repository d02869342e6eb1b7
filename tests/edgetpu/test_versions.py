"""Versions that operators need, against the versions that converters wrote into real models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tflint_edgetpu.edgetpu.target import COMPILERS
from tflint_edgetpu.edgetpu.versions import needed_version, parser_limit, why_version
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.graph import Model, Operator
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder

# Where a header says something else than the operators need: (file, operator) -> (header, needed).
# Lower than needed: a tool changed the model and kept the number. Higher: the converter chose it for a form of the
# model that no longer exists, such as int8 inputs that became uint8 afterwards.
KNOWN = {
    # Rewritten by a tool that keeps the numbers of other types.
    ("compiled/zye1996_fine_tune_model_quant_edgetpu.tflite", "DEQUANTIZE"): (1, 2),
    ("pairs/PINTO0309_deeplabv3_mnv2_dm05_pascal_quant/model_edgetpu.tflite", "DEPTHWISE_CONV_2D"): (1, 2),
    ("singles/ARM-software_ds_cnn_quantized.tflite", "CONV_2D"): (3, 1),
    ("singles/ARM-software_ds_cnn_quantized.tflite", "DEPTHWISE_CONV_2D"): (3, 1),
    ("singles/ARM-software_ds_cnn_quantized.tflite", "AVERAGE_POOL_2D"): (2, 3),
    ("singles/ARM-software_ds_cnn_quantized.tflite", "FULLY_CONNECTED"): (4, 1),
    ("singles/ARM-software_ds_cnn_quantized.tflite", "SOFTMAX"): (2, 3),
    # Written by hand for tests of TensorFlow and LiteRT.
    ("singles/google-ai-edge_blockwise_quantized.tflite", "ADD"): (1, 2),
    ("singles/tensorflow_add0.tflite", "ADD"): (2, 3),
    ("singles/tensorflow_conv0.tflite", "CONV_2D"): (3, 1),
    ("singles/tensorflow_pad0.tflite", "PAD"): (2, 3),
    # The converter chose the number before it was done.
    ("pairs/pperonski_yunet_integer_quant/model.tflite", "QUANTIZE"): (2, 1),
    ("pairs/rubensrech_conv_2d_1_300_300_1_quant/model.tflite", "CONV_2D"): (3, 1),
    ("pairs/rubensrech_conv_2d_1_50_50_1_quant/model.tflite", "CONV_2D"): (3, 1),
    ("pairs/rubensrech_depthwise_conv2d_1_300_300_3_quant/model.tflite", "DEPTHWISE_CONV_2D"): (3, 1),
    ("pairs/rubensrech_depthwise_conv_2d_1_1500_1500_3_quant/model.tflite", "DEPTHWISE_CONV_2D"): (3, 1),
    ("pairs/zye1996_face_detection_front_128_full_integer_quant/model.tflite", "QUANTIZE"): (2, 1),
    ("pairs/zye1996_face_landmark_192_full_integer_quant/model.tflite", "QUANTIZE"): (2, 1),
    ("singles/ARM-software_ssd_mobilenet_v3_int8.tflite", "QUANTIZE"): (2, 1),
    ("singles/arth-simon_model_quant.tflite", "QUANTIZE"): (2, 1),
    ("singles/mlcommons_kws_ref_model_float32.tflite", "FULLY_CONNECTED"): (3, 1),
}


def models(shared: Path) -> Iterator[tuple[str, Model]]:
    corpus = shared / "corpus"
    for path in sorted(corpus.rglob("*.tflite")):
        try:
            yield path.relative_to(corpus).as_posix(), read_model(path)
        except ReadError:
            continue


def sharing(model: Model) -> list[list[Operator]]:
    """The operators of each operator code that is used."""
    uses: dict[int, list[Operator]] = {}
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            uses.setdefault(operator.opcode_index, []).append(operator)
    return list(uses.values())


def test_headers_of_real_models_hold_the_highest_version_needed(shared: Path) -> None:
    """Converters write the highest version of all uses into the code that they share."""
    different: dict[tuple[str, str], tuple[int, int]] = {}
    codes = 0
    for name, model in models(shared):
        for operators in sharing(model):
            first = operators[0]
            if first.kind != "CUSTOM":
                codes += 1
                needed = max(map(needed_version, operators))
                if needed != first.version:
                    different[name, first.kind] = (first.version, needed)
    assert different == KNOWN
    assert codes > 800


def test_no_operator_of_a_compiled_model_is_beyond_the_parser(shared: Path) -> None:
    """What compiled was parsed: by 16.0 or by an older compiler, whose parser knew less."""
    beyond = []
    parsed = 0
    for path in sorted((shared / "corpus" / "pairs").glob("*/model.tflite")):
        if not (path.parent / "model_edgetpu.tflite").is_file():
            continue
        for operators in sharing(read_model(path)):
            first = operators[0]
            limit = parser_limit(first.kind, COMPILERS["16.0"])
            parsed += 1
            if first.kind != "CUSTOM" and (limit is None or first.version > limit):
                beyond.append((path.parent.name, first.kind, first.version, limit))
    assert beyond == []
    assert parsed > 50


def test_what_the_parser_takes() -> None:
    """Each row was seen in a message of the compiler, or in a model that it compiled."""
    newest = COMPILERS["16.0"]
    assert parser_limit("ADD", newest) == 4
    assert parser_limit("CONV_2D", newest) == 5  # issue 631: version 6 is refused
    assert parser_limit("TRANSPOSE_CONV", newest) == 3  # issue 845: version 4 is refused
    assert parser_limit("QUANTIZE", newest) == 2  # issue 879: version 3 is refused
    assert parser_limit("GELU", newest) is None
    assert parser_limit("STABLEHLO_ADD", newest) is None


def test_an_older_compiler_takes_less() -> None:
    assert parser_limit("TRANSPOSE_CONV", COMPILERS["2.1"]) == 2  # issue 147
    assert parser_limit("RESIZE_NEAREST_NEIGHBOR", COMPILERS["2.1"]) == 2  # issue 114
    assert parser_limit("CONV_2D", COMPILERS["14.1"]) == 4  # issue 210
    assert parser_limit("REVERSE_V2", COMPILERS["15.0"]) == 2  # issue 340
    assert parser_limit("RESIZE_NEAREST_NEIGHBOR", COMPILERS["14.1"]) == 3  # parsed and not mapped: issue 187
    for version, target in COMPILERS.items():
        for kind in ("ADD", "CONV_2D", "TRANSPOSE_CONV", "SOFTMAX"):
            older, newest = parser_limit(kind, target), parser_limit(kind, COMPILERS["16.0"])
            assert older is not None and newest is not None and older <= newest, (version, kind)


def built(fill: Callable[[ModelBuilder], object], dtype: str = "INT8") -> Operator:
    m = ModelBuilder(dtype)
    fill(m)
    return m.model().main.operators[-1]


def int64_add(m: ModelBuilder) -> None:
    x = m.input((1, 4), dtype="INT64")
    m.output(m.op("ADD", [x, x], [m.tensor((1, 4), "INT64")], version=4, options="AddOptions"))


def grouped_convolution(m: ModelBuilder) -> None:
    weights = m.tensor((4, 1, 1, 2), data=0)
    inputs = [m.input((1, 4, 4, 4)), weights, m.bias(4)]
    m.output(m.op("CONV_2D", inputs, [m.tensor((1, 4, 4, 4))], version=6, options="Conv2DOptions"))


@pytest.mark.parametrize(("fill", "dtype", "version", "words"), [
    (lambda m: m.conv2d(m.input((1, 4, 4, 2)), filters=2), "INT8", 3, ("int8",)),
    (lambda m: m.conv2d(m.input((1, 4, 4, 2)), filters=2), "UINT8", 1, ()),
    (lambda m: m.conv2d(m.input((1, 4, 4, 2)), filters=2), "FLOAT32", 1, ()),
    (grouped_convolution, "INT8", 6, ("grouped",)),
    (int64_add, "INT8", 4, ("int64",)),
    (lambda m: m.unary("LOGISTIC", m.input((1, 4))), "INT8", 2, ("int8",)),
    (lambda m: m.unary("LOGISTIC", m.input((1, 4))), "INT16", 3, ("int16",)),
    (lambda m: m.unary("FLOOR", m.input((1, 4))), "FLOAT32", 1, ()),
])  # fmt: skip
def test_the_version_an_operator_needs_and_why(
    fill: Callable[[ModelBuilder], object], dtype: str, version: int, words: tuple[str, ...]
) -> None:
    operator = built(fill, dtype)
    assert needed_version(operator) == version
    why = why_version(operator)
    assert [word for word in words if word not in why] == [], why
    assert (why == "nothing in particular") == (version == 1)


def test_every_version_beyond_1_has_a_reason(shared: Path) -> None:
    for name, model in models(shared):
        for subgraph in model.subgraphs:
            for operator in subgraph.operators:
                why = why_version(operator)
                assert why and "\n" not in why
                if needed_version(operator) > 1:
                    assert why != "nothing in particular", (name, operator.ref)
