"""What the rules of quantization, shapes and memory say: their numbers, names and fixes, on models made
for the purpose. That they speak at all, and how loud, is in their cases."""

from __future__ import annotations

import numpy as np

from tflint_edgetpu.edgetpu.target import COMPILERS, DEFAULT_TARGET, Target
from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.finding import Finding, Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.testing.builder import ModelBuilder

RULES = Plugins().rules.values()


def findings(m: ModelBuilder, code: str, target: Target = DEFAULT_TARGET) -> list[Finding]:
    found, failures = run_rules(Context(m.model(), target=target), RULES)
    assert not failures
    return [finding for finding in found if finding.code == code]


def dense_with_bias(values: list[int], scale: float, output_scale: float = 0.5) -> ModelBuilder:
    """Input and weights have scale 0.5, so that the kernel assumes 0.25 for the bias."""
    m = ModelBuilder()
    bias = m.constant(np.array(values), name="bias")
    m.subgraph.tensors[bias].quantization = m._quantization([scale], [0], 0)
    weights = m.tensor((len(values), 16), data=0)
    out = m.tensor((1, len(values)), scale=output_scale)
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, bias], [out], version=4))
    return m


def test_bias_mismatch_in_steps_of_the_output() -> None:
    # 400 x (0.2501 - 0.25) is 0.04 too much; a hundredth of a step for each of 400, so the kernel loads it.
    (finding,) = findings(dense_with_bias([10, -400], 0.2501, output_scale=0.01), "QNT005")
    assert finding.severity is Severity.WARNING
    assert finding.evidence["expected_scale"] == 0.25
    assert round(finding.evidence["steps"], 2) == 4
    assert "4 of its 256 steps" in (finding.cost or "")
    assert finding.locations[0].label == "'bias'"


def test_old_compilers_compare_bias_scales_strictly() -> None:
    slightly_off = dense_with_bias([1, 1], 0.25001)
    assert not findings(slightly_off, "QNT005")
    (finding,) = findings(slightly_off, "QNT005", COMPILERS["2.1"])
    assert finding.severity is Severity.ERROR
    assert "1e-6" in (finding.cost or "")


def test_a_float_model_gives_one_finding_that_names_all_its_operators() -> None:
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 8, 8, 3))
    for _ in range(3):
        x = m.conv2d(x, name="first" if m.shape(x)[-1] == 3 else None)
    m.output(x)

    (finding,) = findings(m, "QNT001")

    assert finding.message.startswith("all 3 computing operators work in float (a float32 model)")
    assert "'first'" in finding.message
    assert len(finding.locations) == 3
    assert finding.fix is not None
    for pipeline in ("Keras", "TF Object Detection API", "onnx2tf", "Ultralytics"):
        assert pipeline in finding.fix.how


def test_islands_of_the_same_operators_are_one_finding() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)), name="leaves")
    for _ in range(3):
        x = m.conv2d(m.quantize(m.unary("NEG", m.dequantize(x), dtype="FLOAT32")))
    m.output(x)

    (finding,) = findings(m, "QNT002")

    assert finding.evidence["islands"] == 3
    assert len(finding.locations) == 9
    assert "'leaves'" in finding.message
    assert finding.fix is not None and "x * -1.0" in finding.fix.how


def test_an_operator_that_could_run_on_the_edge_tpu_is_not_blamed_for_the_island_it_is_in() -> None:
    m = ModelBuilder()
    inner = m.unary("NEG", m.dequantize(m.conv2d(m.input((1, 8, 8, 3)))), dtype="FLOAT32")
    inner = m.op("RESHAPE", [inner, m.constant([1, 512])], [m.tensor((1, 512), "FLOAT32")])
    m.output(m.dense(m.quantize(inner)))

    (finding,) = findings(m, "QNT002")

    assert "NEG" in finding.message and "RESHAPE" not in finding.message


def test_how_many_steps_a_score_can_use() -> None:
    m = ModelBuilder()
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=16), (1, 16, 64))
    scores = m.quantize(m.unary("LOGISTIC", x, scale=1 / 256), scale=0.25)
    joined = m.concat([m.unary("RELU", x, scale=0.25), scores], axis=1, scale=0.25, name="joined")
    m.output(joined)

    (finding,) = findings(m, "QNT008")

    assert finding.evidence["steps"] == 4
    assert "only 4 of its 256 steps" in finding.message
    assert finding.fix is not None and [edit.kind for edit in finding.fix.edits] == ["separate-outputs"]


def test_dynamic_shape_names_the_tensor_and_what_makes_it() -> None:
    m = ModelBuilder()
    x = m.input((1, 8, 8, 3), signature=(-1, 8, 8, 3), name="picture")
    sizes = m.op("SHAPE", [x], [m.tensor((4,), "INT32", name="sizes")])
    m.output(m.op("RESHAPE", [x, sizes], [m.tensor((1, 8, 8, 3), signature=(-1, 8, 8, 3), name="flat")]))

    (finding,) = findings(m, "SHP001")

    assert "RESHAPE 'flat'" in finding.message
    assert "SHAPE 'sizes'" in finding.message
    assert "'picture' is open: [-1, 8, 8, 3]" in finding.message
    assert "dynamic-sized tensors" in (finding.cost or "")
    assert finding.fix is not None and [edit.kind for edit in finding.fix.edits] == ["freeze-batch"]
    assert "batch_shape=(1, 8, 8, 3)" in finding.fix.how


def test_no_freezing_where_more_than_the_batch_is_open() -> None:
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 1, 1, 3), signature=(-1, -1, -1, 3))))

    (finding,) = findings(m, "SHP001")

    assert finding.severity is Severity.WARNING
    assert finding.fix is not None and not finding.fix.edits
    assert "batch_shape=(1, SIZE, SIZE, 3)" in finding.fix.how


def test_all_sizes_of_a_head_are_one_finding_and_the_first_breaker_leads() -> None:
    m = ModelBuilder()
    x = m.transpose(m.conv2d(m.input((1, 80, 80, 3)), filters=144), (0, 3, 1, 2), name="first")
    x = m.reshape(x, (1, 144, 6400))
    m.output(m.concat([x, x], axis=2))

    (finding,) = findings(m, "MEM001")

    assert finding.locations[0].label == "TRANSPOSE 'first'"
    assert finding.evidence["known_bad"] == 3
    assert "196,608" in finding.message


def test_int8_weights_of_a_layer_with_scales_for_each_unit_are_named_once() -> None:
    m = ModelBuilder()
    m.output(m.dense(m.dense(m.input((1, 16)), 32, per_channel=True), 4, per_channel=True))

    (finding,) = findings(m, "QNT007")

    assert len(finding.locations) == 2
    assert "32 scales" in finding.message
    assert "not on the compiler" in (finding.cost or "")


def test_one_upsampling_is_not_counted_and_several_are() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    messages = []
    for size in (8, 16):
        for axis in (3, 2):
            shape = list(m.shape(x))
            shape.insert(axis, 2)
            x = m.op("PACK", [x, x], [m.tensor(shape)], version=2, options="PackOptions", axis=axis)
        x = m.conv2d(m.reshape(x, (1, 2 * size, 2 * size, 8)))
        m.output(x)
        messages.append(findings(m, "OPS010")[0].message)

    assert messages[0].startswith("nearest-neighbour upsampling (8x8 to 16x16) is")
    assert messages[1].startswith("nearest-neighbour upsampling x2 (8x8 to 16x16, 16x16 to 32x32) is")


def test_one_operator_between_transposes_behind_a_channels_first_input() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.transpose(m.input((1, 64, 128, 128)), (0, 2, 3, 1)), filters=64)
    x = m.unary("RELU", m.transpose(x, (0, 3, 1, 2)))
    m.output(m.conv2d(m.transpose(x, (0, 2, 3, 1))))

    (finding,) = findings(m, "OPS011")

    assert finding.message.startswith(
        "the input is channels-first and 1 operator between transposes that undo each other: TRANSPOSE x3 of"
    )


def test_the_other_layer_is_one() -> None:
    m = ModelBuilder()
    x = m.input((1, 16))
    for _ in range(2):
        bias = m.constant(np.zeros(16), dtype="INT16")
        x = m.op("FULLY_CONNECTED", [x, m.tensor((16, 16), data=0), bias], [m.tensor((1, 16))], version=4)
    m.output(x)

    (finding,) = findings(m, "QNT005")

    assert finding.message.endswith("must be INT32, and 1 more layer like it")


def test_a_16_bit_input_is_not_asked_for_as_uint8() -> None:
    m = ModelBuilder("INT16")
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32"), "INT16")))

    (finding,) = findings(m, "IOB001")

    assert finding.fix is not None
    assert "inference_input_type = tf.int16" in finding.fix.how
