"""What is read out of code, expression by expression."""

from __future__ import annotations

import pytest

from tflint_edgetpu.script.quantization import described, interface_of, kind_of
from tflint_edgetpu.script.rewrite import rewrite
from tflint_edgetpu.script.script import Script, read_script
from tflint_edgetpu.script.source import read_source

MADE = 'converter = tf.lite.TFLiteConverter.from_saved_model("model")\n'
INTEGER = (
    MADE + "converter.optimizations = [tf.lite.Optimize.DEFAULT]\nconverter.representative_dataset = images\n"
)
RUN = "data = converter.convert()\n"
MAIN = "if __name__ == '__main__':\n"
WITH_DATA = "def f(c, d):\n    c.optimizations = [1]\n    c.representative_dataset = d\n"
IN_TWO_STEPS = "def f(c):\n    g(c)\ndef g(b):\n    b.optimizations = [1]\n"


def script(code: str) -> Script:
    read = read_script(f"import tensorflow as tf\nimport numpy as np\n{code}".encode(), "a.py")
    assert read.cells[0].error is None, read.cells[0].error
    return read


@pytest.mark.parametrize(
    ("imports", "made"),
    [
        ("import tensorflow as tf", "tf.lite.TFLiteConverter.from_keras_model(m)"),
        ("import tensorflow", "tensorflow.lite.TFLiteConverter.from_keras_model(m)"),
        ("import tensorflow.compat.v1 as tf", "tf.lite.TFLiteConverter.from_session(s, i, o)"),
        ("import tensorflow as tf", "tf.compat.v1.lite.TFLiteConverter.from_frozen_graph('g', i, o)"),
        ("from tensorflow import lite", "lite.TFLiteConverter.from_saved_model('m')"),
        ("import tensorflow.lite as tfl", "tfl.TFLiteConverter.from_saved_model('m')"),
        ("from tensorflow.lite import TFLiteConverter", "TFLiteConverter.from_saved_model('m')"),
        ("from tensorflow.lite.python.lite import TFLiteConverterV2 as C", "C.from_concrete_functions([f])"),
        ("import tensorflow as tf\nC = tf.lite.TFLiteConverter", "C.from_keras_model(m)"),
        ("import tensorflow as tf\nlite = tf.lite", "lite.TFLiteConverter.from_keras_model(m)"),
        ("from tensorflow.contrib import lite", "lite.TocoConverter(graph, i, o)"),
    ],
)
def test_ways_to_make_a_converter(imports: str, made: str) -> None:
    read = read_script(
        f"{imports}\nc = {made}\nc.allow_custom_ops = True\ndata = c.convert()\n".encode(), "a.py"
    )
    (conversion,) = read.conversions
    assert conversion.variable == "c" and conversion.runs[0].result == "data"
    assert conversion.last("allow_custom_ops").constant is True  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "made", ["Converter.from_saved_model('m')", "json.from_saved_model(m)", "tf.lite.Interpreter('m')"]
)
def test_what_is_no_converter(made: str) -> None:
    assert script(f"converter = {made}\nconverter.convert()\n").conversions == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (MADE + RUN, "float"),
        (INTEGER + RUN, "full integer"),
        (INTEGER + "converter.representative_dataset = None\n" + RUN, "dynamic range"),
        (INTEGER + "converter.optimizations = []\n" + RUN, "float, although calibrated"),
        (INTEGER + MAIN + "    converter.optimizations = []\n    converter.convert()\n", "float, although calibrated"),
        (INTEGER + "if x:\n    converter.optimizations = []\n" + RUN, "full integer"),
        (MADE + "for image in images:\n    converter.optimizations = [1]\n" + RUN, "dynamic range"),
        (MADE + "converter.optimizations = levels()\nconverter.representative_dataset = x\n" + RUN, "full integer"),
        (MADE + "try:\n    converter.optimizations = [1]\nexcept E:\n    pass\n" + RUN, "dynamic range"),
        (INTEGER + "try:\n    converter.optimizations = []\nfinally:\n    pass\n" + RUN, "float, although calibrated"),
        (INTEGER + "match x:\n    case 1:\n        converter.optimizations = []\n" + RUN, "full integer"),
        (MADE + "if x:\n    converter = other()\nelse:\n    converter = None\n" + RUN, "float"),
        (MADE + "converter.optimizations.append(1)\n" + RUN, "dynamic range"),
        (MADE + "print(converter)\n" + RUN, "float"),
        (MADE + "tune(converter)\n" + RUN, "not known"),
        (MADE + "with open(x) as f:\n    tune(f, converter=converter)\n" + RUN, "not known"),
        (WITH_DATA + MADE + "f(converter, d=1)\n" + RUN, "full integer"),
        (IN_TWO_STEPS + MADE + "f(converter)\n" + RUN, "dynamic range"),
        (MADE + "def f():\n    converter.optimizations = [1]\nf()\n" + RUN, "dynamic range"),
        (MADE + "converter.target_spec = tf.lite.TargetSpec(supported_types=[tf.float16])\n" + RUN, "float16"),
        (MADE + "converter.target_spec.supported_types = [tf.float16]\n" + RUN, "float16"),
    ],
)  # fmt: skip
def test_what_a_converter_makes(code: str, kind: str) -> None:
    read = script(code)
    (conversion,) = read.conversions
    assert kind_of(conversion, read) == kind and described(conversion, read)


def test_the_interface() -> None:
    code = INTEGER + "converter.inference_input_type = converter.inference_output_type = tf.int8\n"
    assert interface_of(script(code + RUN).conversions[0]) == "int8 in, int8 out"
    assert interface_of(script(INTEGER + RUN).conversions[0]) == "float32 in, float32 out"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("yield [np.random.rand(1, 8, 8, 3)]", "random"),
        ("yield [np.random.rand(1, 8, 8, 3).astype('float32') * 255]", "random"),
        ("yield {'x': tf.random.uniform((1, 8))}", "random"),
        ("x = np.random.randn(1, 8)\n    x = (x - x.min()) / 2\n    yield [x]", "data"),
        ("x = np.random.randn(1, 8)\n    x = tf.cast(x, tf.float32)\n    yield [x]", "random"),
        ("for x in np.random.rand(9, 1, 8):\n        yield [x]", "random"),
        ("x = [np.random.rand(8) for _ in range(9)]\n    for one in x:\n        yield [one]", "random"),
        ("yield [np.ones((1, 8))]", "constant"),
        ("yield [np.full((1, 8), 3) + np.zeros((1, 8))]", "constant"),
        ("yield [np.zeros((1, 8)) + np.random.rand(1, 8)]", "random"),
        ("yield [load()]", "data"),
        ("yield [load(np.random.randint(9))]", "data"),
        ("yield [x_train[np.random.randint(9)]]", "data"),
        ("yield [image + np.random.normal(size=(1, 8))]", "data"),
        ("for path in random.sample(paths, 9):\n        yield [path]", "data"),
        ("x = np.zeros((1, 8))\n    x[0] = load()\n    yield [x]", "data"),
        ("x = np.zeros((1, 8))\n    x[:] = np.random.rand(8)\n    yield [x]", "random"),
        ("x = np.zeros((1, 8))\n    cv2.resize(image, (8, 8), x)\n    yield [x]", "data"),
        ("x = []\n    x.append(load())\n    yield x", "data"),
        ("x = np.zeros(8)\n    x += load()\n    yield [x]", "data"),
        ("with open(f) as x:\n        yield [x]", "data"),
        (
            "try:\n        x = load()\n    except OSError:\n        x = np.zeros(8)\n    yield [load()]",
            "data",
        ),
        ("yield", "unknown"),
    ],
)
def test_what_a_generator_yields(body: str, kind: str) -> None:
    read = script(f"import random\nimport cv2\ndef images():\n    {body}\n{INTEGER}{RUN}")
    dataset = read.dataset(read.conversions[0])
    assert dataset is not None and dataset.kind == kind
    assert (dataset.span is not None) is (kind in ("random", "constant"))


@pytest.mark.parametrize(
    ("code", "range_"),
    [
        ("x = x / 255", "0..1"),
        ("x = x / 255.0", "0..1"),
        ("x = x * (1 / 255)", "0..1"),
        ("x /= 255", "0..1"),
        ("x = load(path)[None] / 127.5 - 1", "-1..1"),
        ("x = (tf.cast(x, tf.float32) - 127.5) / 127.5", "-1..1"),
        ("x = 2 * (x / 255) - 1", "-1..1"),
        ("x = x / 255\nx = x - 0.5", "-0.5..0.5"),
        ("x = x.astype('float32')\nx -= 128\nx /= 128", "-1..1"),
        ("x = tf.image.convert_image_dtype(x, tf.float32)", "0..1"),
        ("x = tf.keras.layers.Rescaling(1. / 255)(x)", "0..1"),
        ("x = tf.keras.layers.Rescaling(1 / 127.5, offset=-1)(x)", "-1..1"),
        ("g = ImageDataGenerator(rescale=1. / 255)", "0..1"),
        ("x = tf.keras.applications.mobilenet_v2.preprocess_input(x)", "-1..1"),
        ("x = tf.keras.applications.vgg16.preprocess_input(x)", "BGR minus the ImageNet mean"),
        ("x = x / 100", None),
        ("x = x - mean", None),
        ("mask = mask / 255", None),
        ("plt.imshow(x / 255)", None),
        ("x = 1 / x", None),
    ],
)
def test_ranges_of_pixels(code: str, range_: str | None) -> None:
    assert [one.range for one in script(code + "\n").normalizations] == ([range_] if range_ else [])


def test_which_bytes_are_written() -> None:
    code = f"{INTEGER}{RUN}open('a', 'wb').write(data)\ndata = pad(data)\nopen('b', 'wb').write(data)\n"
    read = script(code)
    assert [(w.path, w.conversion is not None) for w in read.writes] == [("a", True), ("b", False)]


def test_columns_behind_other_letters() -> None:
    code = '"é€𝄞"; converter.target_spec.supported_ops = [a.TFLITE_BUILTINS_INT8, a.SELECT_TF_OPS]\n'
    setting = script(INTEGER + code + RUN).conversions[0].last("target_spec.supported_ops")
    assert setting is not None and setting.items is not None
    span = setting.items[1].span
    assert span is not None and code[span.column : span.end_column] == "a.SELECT_TF_OPS"


def test_of_two_edits_that_overlap_one_is_made() -> None:
    source = read_source(b"abcdef = 1\n", "a.py")
    edits = [
        {"cell": 0, "line": 1, "column": start, "end_line": 1, "end_column": end, "text": text}
        for start, end, text in ((1, 4, "X"), (2, 5, "Y"), (5, 6, "Z"))
    ]
    assert rewrite(source, edits, "a.py") == b"aXeZ = 1\n"
