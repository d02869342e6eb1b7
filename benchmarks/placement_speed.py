"""What placement costs: ``python benchmarks/placement_speed.py``. Prints ratios, not seconds.

The share of a whole lint process that placement takes in a model of 500 operators, its modules' imports
included, and how the time grows from 1,000 to 10,000 operators.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tflint_edgetpu.edgetpu.placement import place_model
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder

RUNS = 15

# Read a model; with any second argument, place it too and ask for everything a report shows.
READ_AND_PLACE = """
import sys
from tflint_edgetpu.model.reader import read_model
model = read_model(sys.argv[1])
if len(sys.argv) > 2:
    from tflint_edgetpu.edgetpu.placement import place_model
    placement = place_model(model)
    placement.compiles, placement.memory
"""


def build(operators: int) -> bytes:
    """Convolutions with SiLU, as a YOLO has them, and every so often an operator that never maps."""
    m = ModelBuilder()
    x = m.input((1, 8, 8, 16))
    weights, bias = m.tensor((16, 1, 1, 16), data=0, scale=[0.5] * 16), m.bias(16)
    for number in range(operators // 3):
        y = m.op("CONV_2D", [x, weights, bias], [m.tensor((1, 8, 8, 16))], version=3, options="Conv2DOptions")
        x = m.add(m.unary("LOGISTIC", y, version=2), y, kind="MUL")
        if number % 50 == 49:
            x = m.unary("LEAKY_RELU", x, options="LeakyReluOptions", alpha=0.1)
    m.output(x)
    return m.build()


def process_seconds(command: tuple[str, ...], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, env=environment, check=False)
    if done.returncode == 2:
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - started


def median_of_runs(folder: str, *commands: tuple[str, ...]) -> list[float]:
    """The commands in turn, so that a busy machine slows all of them; with compiled modules, as installed."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = [[process_seconds(command, environment) for command in commands] for _ in range(RUNS + 1)]
    return [statistics.median(column) for column in zip(*times[1:], strict=True)]


def place_seconds(model: Model) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        placement = place_model(model)
        _ = placement.compiles, placement.memory
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.tflite")
        Path(path).write_bytes(build(500))
        empty, read, placed, lint = median_of_runs(
            folder,
            ("-c", "pass"),
            ("-c", READ_AND_PLACE, path),
            ("-c", READ_AND_PLACE, path, "place"),
            ("-m", "tflint_edgetpu", "lint", path),
        )
    added = placed - read
    share = added / (lint - added)
    print(
        f"500 operators: placement is {share:.0%} of the rest of a lint process, {added / empty:.1f} x a bare python"
    )
    small, large = place_seconds(read_model(build(1_000))), place_seconds(read_model(build(10_000)))
    print(f"10,000 operators take {large / small:.1f} x the time of 1,000")
    return 0 if share <= 0.3 and large / small < 20 else 1


if __name__ == "__main__":
    sys.exit(main())
