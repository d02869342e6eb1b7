"""A dense layer in float and in integers, as alike or unlike as a test wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.testing.builder import ModelBuilder

RANDOM = np.random.default_rng(11)
WEIGHTS = RANDOM.uniform(-1, 1, (6, 8))
SAMPLES = RANDOM.uniform(-1, 1, (24, 1, 8)).astype(np.float32)
HELD_BACK = RANDOM.uniform(-1, 1, (12, 1, 8)).astype(np.float32)
BIAS = np.zeros(6)


class Nets:
    """Models that compute ``y = weights x + bias``, and inputs from -1 to 1."""

    weights = WEIGHTS

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.samples = self.save("samples", x=SAMPLES)
        self.held_back = self.save("held_back", x=HELD_BACK)

    def save(self, name: str, **arrays: Any) -> Path:
        np.savez(self.folder / f"{name}.npz", **arrays)
        return self.folder / f"{name}.npz"

    def float_model(
        self,
        weights: Any = WEIGHTS,
        bias: Any = BIAS,
        *,
        outputs: Sequence[str] = ("y",),
        signature: bool = True,
        finish: Callable[[ModelBuilder, int], int] | None = None,
    ) -> bytes:
        m = ModelBuilder("FLOAT32")
        x = m.input((1, 8), name="x", scale=None)
        made = {}
        for number, name in enumerate(outputs):
            factor = 1.0 + number  # so that one output is not taken for another
            w = m.tensor((6, 8), "FLOAT32", data=np.float32(weights * factor), scale=None)
            b = m.tensor((6,), "FLOAT32", data=np.float32(bias * factor), scale=None)
            y = m.tensor((1, 6), "FLOAT32", scale=None, name=f"t_{name}")
            m.op("FULLY_CONNECTED", [x, w, b], [y], options="FullyConnectedOptions")
            made[name] = y if finish is None else finish(m, y)
            m.output(made[name])
        if signature:
            m.signature("serving_default", {"x": x}, made)
        return m.build()

    def integer_model(
        self,
        weights: Any = WEIGHTS,
        bias: Any = BIAS,
        *,
        scale: float = 4 / 127,
        zero_point: int = 0,
        outputs: Sequence[str] = ("y",),
        signature: bool = True,
        dtype: str = "INT8",
        dequantize: bool = False,
        prefix: str = "q_",
    ) -> bytes:
        m = ModelBuilder()
        step = 1 / 127
        x = m.input(
            (1, 8),
            dtype,
            name="image" if prefix else "x",
            scale=step,
            zero_point=128 if dtype == "UINT8" else 0,
        )
        source = m.quantize(x, scale=step) if dtype == "UINT8" else x
        made = {}
        for name in outputs:
            factor = 1.0 + outputs.index(name) if name == "y" else 1.0 + int(name[1:] or 0)
            w_scale = float(max(np.abs(weights).max() * factor, 1e-3)) / 127
            w = m.tensor((6, 8), "INT8", data=np.round(weights * factor / w_scale), scale=w_scale)
            b = m.bias(6, w_scale * step)
            m.subgraph.tensors[b].buffer = m.buffer(
                np.int32(np.round(bias * factor / (w_scale * step))).tobytes()
            )
            y = m.tensor((1, 6), scale=scale * factor, zero_point=zero_point, name=f"{prefix}{name}")
            m.op("FULLY_CONNECTED", [source, w, b], [y], version=4, options="FullyConnectedOptions")
            made[name] = m.dequantize(y, name=f"real_{name}") if dequantize else y
            m.output(made[name])
        if signature:
            m.signature("serving_default", {"x": x}, made)
        return m.build()


@pytest.fixture
def nets(tmp_path: Path) -> Nets:
    return Nets(tmp_path)
