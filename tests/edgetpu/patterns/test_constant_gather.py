"""Gathers by constants that are slices."""

from __future__ import annotations

from typing import Any

import pytest

from tflint_edgetpu.edgetpu.patterns.constant_gather import ConstantGather, constant_gather
from tflint_edgetpu.testing.builder import ModelBuilder


def gather(kind: str, indices: Any, **options: int) -> ConstantGather | None:
    m = ModelBuilder()
    x = m.input((6, 8))
    table = {"options": "GatherOptions", **options} if kind == "GATHER" else {}
    m.output(m.op(kind, [x, m.constant(indices)], [m.tensor((2, 8))], **table))
    model = m.model()
    return constant_gather(model, model.main.operators[0])


@pytest.mark.parametrize(
    ("kind", "indices", "options", "expected"),
    [
        ("GATHER", [2, 3], {"axis": 1}, ConstantGather(1, 2, 4, 1, 8)),
        ("GATHER", [0, 3, 6], {"axis": -1}, ConstantGather(1, 0, 7, 3, 8)),
        ("GATHER", [5], {"axis": 0}, ConstantGather(0, 5, 6, 1, 6)),
        ("GATHER_ND", [[0], [1], [2], [3], [4], [5]], {}, ConstantGather(0, 0, 6, 1, 6)),
    ],
)
def test_slices(kind: str, indices: Any, options: dict[str, int], expected: ConstantGather) -> None:
    assert gather(kind, indices, **options) == expected


def test_identity() -> None:
    found = gather("GATHER_ND", [[row] for row in range(6)])
    assert found is not None
    assert found.is_identity
    part = gather("GATHER_ND", [[row] for row in range(5)])
    assert part is not None
    assert not part.is_identity


@pytest.mark.parametrize(
    ("kind", "indices", "options"),
    [
        ("GATHER", [3, 2], {"axis": 1}),  # backwards
        ("GATHER", [2, 2], {"axis": 1}),  # twice
        ("GATHER", [0, 1, 3], {"axis": 1}),
        ("GATHER", [7, 8], {"axis": 1}),  # out of range
        ("GATHER", [[0, 1]], {"axis": 1}),  # indices of rank 2 make a new dimension
        ("GATHER", [0, 1], {"axis": 1, "batch_dims": 1}),
        ("GATHER", [0, 1], {"axis": 5}),
        ("GATHER_ND", [[0, 1], [1, 1]], {}),  # picks single elements
    ],
)
def test_other_gathers(kind: str, indices: Any, options: dict[str, int]) -> None:
    assert gather(kind, indices, **options) is None
