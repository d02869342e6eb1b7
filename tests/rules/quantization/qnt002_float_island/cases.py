"""Cases of QNT002 float-island."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def island(m: ModelBuilder, x: int, kind: str = "NEG") -> int:
    return m.quantize(m.unary(kind, m.dequantize(x), dtype="FLOAT32"))


@failing(severity="error")
def neg_between_convolutions(m: ModelBuilder) -> None:
    m.output(m.conv2d(island(m, m.conv2d(m.input((1, 8, 8, 3))))))


@failing(severity="error")
def an_operator_of_the_table_left_in_float(m: ModelBuilder) -> None:
    m.output(m.conv2d(island(m, m.conv2d(m.input((1, 8, 8, 3))), "TANH")))


@failing(severity="error")
def a_comparison_through_booleans(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    equal = m.op("EQUAL", [x, m.conv2d(x)], [m.tensor(m.shape(x), "BOOL")])
    mask = m.quantize(m.unary("CAST", equal, dtype="FLOAT32"))
    m.output(m.conv2d(mask))


@failing(severity="warning")
def little_arithmetic_behind(m: ModelBuilder) -> None:
    x = m.conv2d(m.conv2d(m.input((1, 32, 32, 3)), filters=64), filters=64)
    m.output(m.unary("RELU", island(m, x)))


@failing(severity="info")
def float_softmax_at_the_end(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.unary("SOFTMAX", x, dtype="FLOAT32", options="SoftmaxOptions", beta=1.0))


@failing(severity="info")
def float_preprocessing_at_the_start(m: ModelBuilder) -> None:
    x = m.unary("ABS", m.input((1, 8, 8, 3), "FLOAT32"), dtype="FLOAT32")
    m.output(m.conv2d(m.quantize(x)))


@passing
def one_kind_elu_has_its_own_rule(m: ModelBuilder) -> None:
    m.output(m.conv2d(island(m, m.conv2d(m.input((1, 8, 8, 3))), "ELU")))


@passing
def quantized_throughout(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.conv2d(m.input((1, 8, 8, 3)))))


@passing
def float_ends(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))))


@passing
def dequantize_before_the_postprocess(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)), filters=4)
    boxes = m.dequantize(m.reshape(x, (1, 64, 4)))
    outputs = [m.tensor((), "FLOAT32") for _ in range(4)]
    m.op("CUSTOM", [boxes], outputs, custom_code="TFLite_Detection_PostProcess")
    m.output(*(m.quantize(output, "UINT8") for output in outputs))


@passing(dtype="FLOAT32")
def the_whole_model_is_float(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def most_of_the_model_is_float(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3)), filters=2, size=1))
    m.dtype = "FLOAT32"
    x = m.conv2d(m.conv2d(x), filters=16)
    m.dtype = "INT8"
    m.output(m.quantize(x))


@passing
def an_end_to_end_head_has_its_own_rule(m: ModelBuilder) -> None:
    scores = m.dequantize(m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=1), (1, 64)))
    best, where = m.tensor((1, 8), "FLOAT32"), m.tensor((1, 8), "INT32")
    m.op("TOPK_V2", [scores, m.constant(8)], [best, where], options="TopKV2Options")
    picked = m.tensor((1, 8), "FLOAT32")
    m.op("GATHER", [scores, where], [picked], options="GatherOptions", axis=1, batch_dims=1)
    m.output(m.quantize(best), m.quantize(picked))
