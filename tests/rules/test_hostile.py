"""Operators that no converter writes: missing inputs, outputs, options; shapes and constants that make no sense."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.testing.builder import ModelBuilder

PLUGINS = Plugins()
KINDS = sorted(
    {
        "ADD", "AVERAGE_POOL_2D", "BATCH_MATMUL", "CONCATENATION", "CONV_2D", "CUSTOM", "DEQUANTIZE", "DIV",
        "EXPAND_DIMS", "GATHER", "GATHER_ND", "LEAKY_RELU", "LSTM", "MAX_POOL_2D", "MUL", "PACK", "PAD", "PADV2",
        "QUANTIZE", "RESHAPE", "REVERSE_V2", "RSQRT", "SPLIT", "STRIDED_SLICE", "SUM", "SVDF", "TILE", "TOPK_V2",
        "TRANSPOSE", "UNIDIRECTIONAL_SEQUENCE_LSTM", "VAR_HANDLE", "WHILE",
    }
)  # fmt: skip


CUSTOM_CODES = ("FlexErf", "TFLite_Detection_PostProcess", None)


def check(m: ModelBuilder) -> None:
    """No rule fails, and none that was not imported would have found something."""
    model = m.model()
    found, failures = run_rules(Context(model, consumer="frigate"), PLUGINS.rules.values())
    assert not failures, [str(failure) for failure in failures]
    deferred, _ = run_rules(Context(model, consumer="frigate"), PLUGINS.listed.values())
    assert [finding[:5] for finding in deferred] == [finding[:5] for finding in found]


@pytest.mark.parametrize("kind", KINDS)
def test_an_operator_with_nothing(kind: str) -> None:
    m = ModelBuilder()
    m.op(kind, [], [])
    m.op(kind, [None, None], [])
    check(m)


@st.composite
def tensors(draw: st.DrawFn) -> dict[str, Any]:
    shape = draw(st.lists(st.sampled_from((0, 1, 2, 3, 5)), max_size=6))
    dtype = draw(st.sampled_from(("INT8", "UINT8", "INT32", "INT64", "FLOAT32")))
    data = draw(st.sampled_from((None, None, 0, 1, 3)))
    scale = draw(st.sampled_from((0.5, None)))
    return {"shape": shape, "dtype": dtype, "data": data, "scale": scale}


@given(
    st.lists(tensors(), min_size=1, max_size=8),
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.lists(st.integers(-1, 20), max_size=4),
            st.lists(st.integers(0, 20), max_size=2),
        ),
        max_size=10,
    ),
)
@settings(max_examples=300, deadline=None)
def test_random_graphs(pool: list[dict[str, Any]], operators: list[tuple[str, list[int], list[int]]]) -> None:
    """Cycles, several producers of one tensor and operators that read their own output included."""
    m = ModelBuilder()
    for tensor in pool:
        m.tensor(**tensor)
    m.subgraph.inputs.append(0)
    for kind, reads, writes in operators:
        m.op(
            kind,
            [None if index < 0 else index % len(pool) for index in reads],
            [index % len(pool) for index in writes],
            custom_code=CUSTOM_CODES[len(reads) % 3] if kind == "CUSTOM" else None,
        )
    m.output(len(pool) - 1)
    check(m)
