"""Any bytes and any text: a clean ReadError or a result, never a traceback, in time that grows with the length."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.lint.script_place import ScriptComments
from tflint_edgetpu.lint.select import Selection
from tflint_edgetpu.lint.settings import Settings
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.script.converter_output import KNOWN, MEANINGS, MOST_MESSAGES, converter_messages
from tflint_edgetpu.script.script import read_script
from tflint_edgetpu.testing.notebooks import notebook

PLUGINS = Plugins()
SELECTION = Selection(Settings(), PLUGINS)
FEW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

LINES = st.sampled_from(
    r"""
import tensorflow as tf
from tensorflow import lite as tf
converter = tf.lite.TFLiteConverter.from_saved_model(m)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = f
converter.target_spec.supported_ops = ops
ops = ops
ops.append(ops)
x = x
x, converter = converter, x
converter = f(converter)
def f(converter):
    return f(converter)
    yield [f]
f = lambda: f()
if x:
for x in f():
    converter.convert()
class f:
try:
except f:
with open(x) as f:
    f.write(x)
!tflite_convert \
%%bash
!yolo export format=edgetpu
x = !ls
pass  # noqa: CNV001,
	x = 1
\
'''
@f
# tflint-edgetpu: ignore[CNV003, ,]
os.system('onnx2tf -i "')
x /= 255
f(**f)
match x:
    case f():
setattr(converter, 'x', 1)
converter.target_spec = f(supported_ops=x)
global converter
del converter
*x, y = x
x = converter.convert()
open('int8', 'wb').write(x)
""".strip("\n").split("\n")
)
CODE = st.lists(LINES | st.text(max_size=30), max_size=14).map("\n".join)


def look_at(data: bytes, name: str) -> None:
    """Everything that is ever asked about a script."""
    try:
        script = read_script(data, name)
    except ReadError:
        return
    context = Context(None, script=script)
    findings, failures = run_rules(context, PLUGINS.listed.values())
    assert not failures, [str(failure) for failure in failures]
    comments = ScriptComments(script, SELECTION)
    for finding in findings:
        comments.reason(finding)
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert all(location.line is None or 1 <= location.line <= lines for location in finding.locations)


@FEW
@given(st.binary(max_size=200), st.sampled_from(("a.py", "a.ipynb")))
@example(b"# -*- coding: rot13 -*-", "a.py")
@example(b"# coding: nothing", "a.py")
@example(b"# coding: utf-16\nx", "a.py")
@example(b"\xef\xbb\xbfx = 1\r\r\n", "a.py")
@example(b'{"cells": [{"source": 3}, 4, {"cell_type": "code"}]}', "a.ipynb")
@example(b"[" * 100_000, "a.ipynb")
def test_bytes(data: bytes, name: str) -> None:
    look_at(data, name)


@FEW
@given(CODE)
def test_scripts(code: str) -> None:
    look_at(code.encode("utf-8", "replace"), "a.py")


@FEW
@given(st.lists(CODE, max_size=4), st.text(max_size=50))
def test_notebooks(cells: list[str], printed: str) -> None:
    text = notebook(*cells, outputs={1: printed})
    look_at(text.encode("utf-8", "replace"), "a.ipynb")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("code"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("cells", "source", "cell_type", "outputs", "data", "text")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@FEW
@given(JSON, JSON)
def test_json_that_is_no_notebook(value: object, cell: object) -> None:
    for document in (value, {"cells": value}, {"cells": [cell, {"cell_type": "code", "source": value}]}):
        look_at(json.dumps(document).encode(), "a.ipynb")


@FEW
@given(
    st.lists(st.text(max_size=20) | st.sampled_from([known.text for known in KNOWN]), max_size=8).map(
        " ".join
    )
)
def test_converter_output(text: str) -> None:
    for message in converter_messages(text):
        assert message.kind in MEANINGS and message.text
        assert message.line is not None and 1 <= message.line <= text.count("\n") + 1


LONG = {
    "chain": "x = " + ".a" * 5000,
    "sum": "x = " + "+".join(["1"] * 3000),
    "calls": "x = " + "f(" * 90 + ")" * 90,
    "elif": "if x:\n    pass\n" + "elif x:\n    pass\n" * 600,
    "aliases": "\n".join(f"a{n} = a{n - 1}" for n in range(1, 3000)),
    "converters": "converter = tf.lite.TFLiteConverter.from_saved_model('m')\nconverter.convert()\n" * 600,
    "functions": "\n".join(f"def f{n}(c):\n    return f{n + 1}(c)" for n in range(1500))
    + "\nconverter = tf.lite.TFLiteConverter.from_saved_model('m')\nf0(converter)",
    "one name": "def f(c):\n    f(c)\n    c.allow_custom_ops = True\n" * 400
    + "converter = tf.lite.TFLiteConverter.from_saved_model('m')\nf(converter)",
    "blanks": "!" + " " * 1_000_000 + "x",
    "assignments": "x = TFLiteConverter\n" * 8_000,
    "lists of lists": "\n".join(f"o{n} = [{', '.join(f'o{n + 1}' for _ in range(300))}]" for n in range(6))
    + "\nconverter = tf.lite.TFLiteConverter.from_saved_model('m')\nconverter.optimizations = o0",
    "names of names": "\n".join(f"a{n} = {' + '.join([f'a{n + 1}'] * 60)}" for n in range(20))
    + "\nconverter = tf.lite.TFLiteConverter.from_saved_model('m')\nconverter.representative_dataset = [a0]",
    "deep functions": "".join(
        f"def f{n}(c):\n" + "".join(f"{' ' * (k + 1)}if c:\n" for k in range(90)) + f"{' ' * 92}f{n + 1}(c)\n"
        for n in range(5)
    )
    + "converter = tf.lite.TFLiteConverter.from_saved_model('m')\nf0(converter)",
    "deep generators": "".join(
        f"def f{n}():\n"
        + "".join(f"{' ' * (k + 1)}if c:\n" for k in range(90))
        + f"{' ' * 92}yield [f{n + 1}()]\n"
        for n in range(8)
    )
    + "converter = tf.lite.TFLiteConverter.from_saved_model('m')\nconverter.representative_dataset = f0",
    "a long branch": "if x:\n" + "    x = 1\n" * 8_000,
    "writes": (
        "converter = tf.lite.TFLiteConverter.from_saved_model('m')\nconverter.optimizations = [D]\n"
        "converter.representative_dataset = f\nx = converter.convert()\nopen('int8', 'wb').write(x)\n"
    )
    * 300,
    "comments": "x = 1  # noqa: CNV001\n" * 3000,
}


@pytest.mark.parametrize("name", LONG)
def test_length_costs_no_more_than_it_must(name: str) -> None:
    for path, text in (("a.py", LONG[name]), ("a.ipynb", notebook(LONG[name]))):
        start = time.perf_counter()
        look_at(text.encode(), path)
        assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "text", ["'" + "a" * 3_000_000, "x\n" * 1_000_000, KNOWN[0].text * 100_000, "\x1b[" * 1_000_000]
)
def test_long_outputs(text: str) -> None:
    start = time.perf_counter()
    assert len(converter_messages(text)) <= MOST_MESSAGES
    assert time.perf_counter() - start < 10
