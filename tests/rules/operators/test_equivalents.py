"""What the rules tell people to write computes what it replaces."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing.builder import ModelBuilder

RULES = Plugins().rules
X = np.linspace(-6, 6, 241)
POSITIVE = np.linspace(0.1, 6, 60)


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


TF = SimpleNamespace(
    maximum=np.maximum,
    minimum=np.minimum,
    zeros=np.zeros,
    sigmoid=sigmoid,
    math=SimpleNamespace(rsqrt=lambda x: 1 / np.sqrt(x)),
    nn=SimpleNamespace(relu=relu, relu6=lambda x: np.clip(x, 0, 6)),
)


def written(code: str, kind: str, **options: Any) -> str:
    """What rule ``code`` says to write in place of an operator of ``kind`` between two convolutions."""
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    x = m.op(kind, [x, x] if kind in ("DIV", "ADD_N") else [x], [m.tensor((1, 8, 8, 8))], **options)
    m.output(m.conv2d(x))
    (finding,) = RULES[code][1]().check_model(Context(m.model()))
    assert finding.fix is not None
    return finding.fix.how


@pytest.mark.parametrize(
    ("code", "kind", "expression", "expected"),
    [
        ("OPS001", "ABS", r"(.+?)   #", np.abs(X)),
        ("OPS001", "NEG", r"(.+?)   #", -X),
        ("OPS001", "SQUARE", r"(.+?)   #", X**2),
        ("OPS001", "TILE", r"(.+?)   #", X),
        ("OPS004", "HARD_SWISH", r"TensorFlow:  (.+)", X * np.clip(X + 3, 0, 6) / 6),
    ],
)
def test_the_same_function(code: str, kind: str, expression: str, expected: Any) -> None:
    match = re.search(expression, written(code, kind))
    assert match is not None
    result = eval(match.group(1), {"tf": TF, "x": X, "shape": X.shape})
    np.testing.assert_allclose(result, expected, atol=1e-12)


def test_the_same_function_of_positive_numbers() -> None:
    match = re.search(r"(.+?)   #", written("OPS001", "SQRT"))
    assert match is not None
    np.testing.assert_allclose(eval(match.group(1), {"tf": TF, "x": POSITIVE}), np.sqrt(POSITIVE))
    match = re.search(r"\n(.+?) for a positive", written("OPS001", "DIV", options="DivOptions"))
    assert match is not None
    np.testing.assert_allclose(eval(match.group(1), {"tf": TF, "x": 3.0, "y": POSITIVE}), 3.0 / POSITIVE)


def test_leaky_relu_with_the_slope_of_the_model() -> None:
    how = written("OPS003", "LEAKY_RELU", options="LeakyReluOptions", alpha=0.25)
    match = re.search(r"TensorFlow:  (.+?)   #", how)
    assert match is not None
    np.testing.assert_allclose(eval(match.group(1), {"tf": TF, "x": X}), np.where(X < 0, 0.25 * X, X))
    assert "Constant(0.25)" in how
