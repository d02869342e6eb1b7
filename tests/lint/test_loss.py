"""How bad it is that operators run on the CPU, and how messages say so."""

from __future__ import annotations

import pytest

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.finding import Severity
from tflint_edgetpu.lint.wording import counted, described, named, percent, reason_of, shortened, subject
from tflint_edgetpu.testing.builder import ModelBuilder


def div(m: ModelBuilder, x: int) -> int:
    return m.add(x, m.unary("RELU", x), kind="DIV")


def loss_of(m: ModelBuilder, *kinds: str) -> tuple[Severity, str]:
    context = Context(m.model())
    operators = list(context.operators(*kinds))
    return context.severity_of_loss(operators), context.cost_of_loss(operators)


def test_arithmetic_behind_it_is_an_error() -> None:
    m = ModelBuilder()
    m.output(m.conv2d(div(m, m.conv2d(m.input((1, 8, 8, 8))))))
    severity, cost = loss_of(m, "DIV")
    assert severity is Severity.ERROR
    assert cost == (
        "1 operator that is fine by itself runs on the CPU behind it; "
        "50% of the arithmetic leaves the Edge TPU"
    )


def test_operators_without_arithmetic_behind_it_are_a_warning() -> None:
    m = ModelBuilder()
    m.output(m.unary("RELU", m.unary("TANH", div(m, m.conv2d(m.input((1, 8, 8, 8)))))))
    severity, cost = loss_of(m, "DIV")
    assert severity is Severity.WARNING
    assert cost == "2 operators that are fine by themselves run on the CPU behind it; no arithmetic is lost"


def test_without_any_arithmetic_the_operators_count() -> None:
    m = ModelBuilder()
    m.output(m.unary("TANH", div(m, m.input((1, 8, 8, 8)))))
    assert loss_of(m, "DIV")[0] is Severity.ERROR


def test_an_end_costs_nothing() -> None:
    m = ModelBuilder()
    m.output(div(m, m.conv2d(m.input((1, 8, 8, 8)))))
    severity, cost = loss_of(m, "DIV")
    assert severity is Severity.INFO
    assert cost == "no other operator leaves the Edge TPU because of it"


def test_what_follows_the_postprocess_is_not_counted() -> None:
    m = ModelBuilder()
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    boxes = m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess")
    m.output(m.quantize(m.quantize(boxes), "UINT8"))
    assert loss_of(m, "DEQUANTIZE", "CUSTOM", "QUANTIZE")[0] is Severity.INFO


def test_a_float_entry_is_not_blamed_for_a_later_break() -> None:
    m = ModelBuilder()
    m.output(m.conv2d(div(m, m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32"))))))
    assert loss_of(m, "QUANTIZE")[0] is Severity.INFO
    assert loss_of(m, "DIV")[0] is Severity.ERROR


def test_breaks_that_share_the_blame() -> None:
    m = ModelBuilder()
    x = m.conv2d(div(m, m.conv2d(m.input((1, 8, 8, 8)))))
    m.output(m.conv2d(m.unary("ELU", x)))
    assert loss_of(m, "DIV")[1].endswith(
        "; other breaks stand in the way too: mending only this one brings back 1"
    )
    assert loss_of(m, "ELU")[1].endswith(
        "; other breaks stand in the way too: mending only this one brings back none"
    )
    assert "other breaks" not in loss_of(m, "DIV", "ELU")[1]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (0.0001, "less than 1%"),
        (0.25, "25%"),
        (0.989, "99%"),
        (0.9999, "more than 99%"),
        (1, "100%"),
    ],
)
def test_shares(share: float, text: str) -> None:
    assert percent(share) == text


def test_names_fit_a_sentence() -> None:
    assert shortened("short") == "short"
    assert shortened("model/conv;model/bias;model/relu") == "model/conv"
    long = shortened("a" * 500 + "/the_end")
    assert len(long) == 60
    assert long.startswith("...a")
    assert long.endswith("/the_end")


def test_operators_are_described() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 8)), name="first;second")
    x = m.conv2d(m.unary("ELU", x, name="active"))
    m.output(m.unary("TANH", m.unary("LOGISTIC", m.unary("RELU", x))))
    operators = list(Context(m.model()).operators())
    assert described(operators[:3]) == "CONV_2D x2, ELU"
    assert described(operators) == "CONV_2D x2, ELU, RELU, 2 other kinds"
    assert named(operators[0]) == "'first'"
    assert subject(operators[1:2]) == "ELU at 'active'"
    assert subject([operators[0], operators[2]]) == "CONV_2D x2 (first at 'first')"
    assert (counted(1, "break"), counted(0, "break"), counted(3, "break")) == (
        "1 break",
        "0 breaks",
        "3 breaks",
    )


def test_reasons_are_shortened_like_names() -> None:
    m = ModelBuilder()
    name = "x" * 300
    out = m.tensor((1, 8, 8), "INT64", name=name)
    m.output(m.op("ARG_MAX", [m.conv2d(m.input((1, 8, 8, 8))), m.constant(3)], [out]))
    context = Context(m.model())
    (operator,) = context.operators("ARG_MAX")
    reason = reason_of(context.placed(operator))
    assert name not in reason
    assert shortened(name) in reason
