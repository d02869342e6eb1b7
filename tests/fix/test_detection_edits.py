"""Edits around a detection postprocess, and those that change the set of outputs."""

from __future__ import annotations

import numpy as np
import pytest

from tflint_edgetpu.fix.edit import EditRefused
from tflint_edgetpu.fix.edits import edit_kinds
from tflint_edgetpu.fix.tree import Tree
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.flexbuffers import postprocess_options
from tflint_edgetpu.verify.numeric import compare
from tflint_edgetpu.verify.structure import structure_problems

KINDS = edit_kinds()
RANDOM = np.random.default_rng(11)
ANCHORS, CLASSES, DETECTIONS = 12, 3, 4


def detector(m: ModelBuilder, *, quantized: bool) -> None:
    """Boxes and scores as inputs, a postprocess, its four outputs in the order of TF2 exports."""
    boxes = m.input((1, ANCHORS, 4), name="raw_boxes", scale=0.05)
    scores = m.input((1, ANCHORS, CLASSES + 1), name="raw_scores", scale=1 / 256, zero_point=-128)
    anchors = m.tensor((ANCHORS, 4), "FLOAT32", data=RANDOM.uniform(0.2, 0.8, (ANCHORS, 4)))
    found = [
        m.tensor((1, DETECTIONS, 4), "FLOAT32", name="boxes"),
        m.tensor((1, DETECTIONS), "FLOAT32", name="classes"),
        m.tensor((1, DETECTIONS), "FLOAT32", name="scores"),
        m.tensor((1,), "FLOAT32", name="count"),
    ]
    m.op(
        "CUSTOM", [m.dequantize(boxes), m.dequantize(scores), anchors], found,
        custom_code="TFLite_Detection_PostProcess",
        custom_options=postprocess_options(
            max_detections=DETECTIONS, max_classes_per_detection=1, num_classes=CLASSES,
            nms_score_threshold=0.1, nms_iou_threshold=0.6, y_scale=10.0, x_scale=10.0, h_scale=5.0, w_scale=5.0,
        ),
    )  # fmt: skip
    if quantized:
        found = [
            m.quantize(
                m.quantize(index, "INT8", scale=0.02), "UINT8", scale=0.02, zero_point=128, name=f"out_{n}"
            )
            for n, index in enumerate(found)
        ]
    m.output(found[2], found[0], found[3], found[1])
    m.signature("serving_default", {"a": boxes, "b": scores}, {"boxes": found[0], "classes": found[1]})


def built(*, quantized: bool) -> bytes:
    m = ModelBuilder()
    detector(m, quantized=quantized)
    return m.build()


def test_float_detections_are_restored() -> None:
    before = built(quantized=True)
    tree = Tree(before)
    for output in read_model(before).main.outputs:
        KINDS["restore-float-detections"].apply(tree, output.ref, {})
    after = tree.pack()
    model = read_model(after)
    assert [tensor.dtype for tensor in model.main.outputs] == ["FLOAT32"] * 4
    assert [tensor.name for tensor in model.main.outputs] == [t.name for t in read_model(before).main.outputs]
    assert [operator.kind for operator in model.main.operators] == ["DEQUANTIZE", "DEQUANTIZE", "CUSTOM"]
    assert dict(model.signatures[0].outputs)["boxes"] is model.main.outputs[1]
    assert structure_problems(after) == []
    assert compare(before, after).identical


def test_detections_are_reordered() -> None:
    before = built(quantized=True)
    operators = read_model(before).main.operators
    custom = next(operator for operator in operators if operator.kind == "CUSTOM")
    tree = Tree(before)
    KINDS["reorder-detections"].apply(tree, custom.ref, {})
    after = tree.pack()
    assert [tensor.name for tensor in read_model(after).main.outputs] == ["out_0", "out_1", "out_2", "out_3"]
    assert dict(read_model(after).signatures[0].outputs)["boxes"].name == "out_0"
    assert compare(before, after).identical
    again = read_model(after).main.operators
    with pytest.raises(EditRefused, match="in this order already"):
        KINDS["reorder-detections"].apply(
            Tree(after), next(operator.ref for operator in again if operator.kind == "CUSTOM"), {}
        )


def test_the_postprocess_is_cut_off() -> None:
    before = built(quantized=False)
    tree = Tree(before)
    KINDS["cut-tail"].apply(tree, "subgraph[0].op[2]", {})
    after = tree.pack()
    model = read_model(after)
    assert [operator.kind for operator in model.main.operators] == ["DEQUANTIZE", "DEQUANTIZE"]
    assert len(model.main.outputs) == 2
    assert len(after) < len(before), "the anchors go with the postprocess"
    assert compare(before, after).identical


def test_a_cut_that_leaves_nothing_is_refused() -> None:
    m = ModelBuilder()
    m.output(m.unary("LOGISTIC", m.input((1, 4))))
    with pytest.raises(EditRefused):
        KINDS["cut-tail"].apply(Tree(m.build()), "subgraph[0].op[0]", {})


def test_dead_operators_are_dropped() -> None:
    m = ModelBuilder()
    x = m.input((1, 4), scale=0.05)
    m.unary("RELU6", m.unary("RELU6", x, version=2, scale=0.05), version=2, scale=0.05)
    m.output(m.unary("RELU", x, version=2, scale=0.05))
    before = m.build()
    tree = Tree(before)
    KINDS["drop-dead-operators"].apply(tree, "subgraph[0].op[0]", {})
    after = tree.pack()
    assert [operator.kind for operator in read_model(after).main.operators] == ["RELU"]
    assert len(read_model(after).main.tensors) == 2
    assert compare(before, after).identical
    with pytest.raises(EditRefused):
        KINDS["drop-dead-operators"].apply(Tree(after), "subgraph[0].op[0]", {})


def test_joined_outputs_are_separated() -> None:
    m = ModelBuilder()
    boxes = m.input((1, 8, 4), scale=2.0)
    scores = m.input((1, 8, 3), scale=1 / 256, zero_point=-128)
    left = m.unary("RELU", boxes, version=2, scale=2.0, name="left")
    right = m.unary("RELU", scores, version=2, scale=1 / 256, name="right")
    m.output(m.concat([left, m.quantize(right, scale=2.0)], scale=2.0))
    before = m.build()
    tree = Tree(before)
    KINDS["separate-outputs"].apply(tree, "subgraph[0].op[3]", {})
    after = tree.pack()
    assert [tensor.name for tensor in read_model(after).main.outputs] == ["left", "right"]
    assert [operator.kind for operator in read_model(after).main.operators] == ["RELU", "RELU"]
    assert compare(before, after).identical


def test_batch_matmul_with_a_constant_becomes_dense() -> None:
    m = ModelBuilder()
    x = m.input((1, 6, 16), scale=0.05)
    matrix = m.tensor((1, 16, 5), "INT8", data=RANDOM.integers(-127, 128, (1, 16, 5)), scale=0.02)
    m.output(m.op("BATCH_MATMUL", [x, matrix], [m.tensor((1, 6, 5), scale=0.2)], version=2,
                  options="BatchMatMulOptions"))  # fmt: skip
    before = m.build()
    tree = Tree(before)
    KINDS["batch-matmul-to-dense"].apply(tree, "subgraph[0].op[0]", {})
    after = tree.pack()
    assert [operator.kind for operator in read_model(after).main.operators] == ["FULLY_CONNECTED", "RESHAPE"]
    comparison = compare(before, after)
    assert comparison.within(1.0) and comparison.outputs[0].exercised


def test_a_bias_gets_the_scale_its_kernel_assumes() -> None:
    m = ModelBuilder()
    x = m.input((1, 16), scale=0.05)
    weights = m.tensor((4, 16), "INT8", data=RANDOM.integers(-127, 128, (4, 16)), scale=0.02)
    bias = m.constant([1000, -1000, 500, 0])
    m.subgraph.tensors[bias].quantization = m._quantization([0.00100001], [0], 0)
    m.output(m.op("FULLY_CONNECTED", [x, weights, bias], [m.tensor((1, 4), scale=0.4)], version=4,
                  options="FullyConnectedOptions"))  # fmt: skip
    before = m.build()
    tree = Tree(before)
    KINDS["rescale-bias"].apply(tree, "subgraph[0].op[0]", {})
    after = tree.pack()
    repaired = read_model(after).main.operators[0].inputs[2]
    assert repaired is not None and repaired.quantization is not None
    assert repaired.quantization.scale == pytest.approx(0.001)
    assert compare(before, after).within(1.0)
