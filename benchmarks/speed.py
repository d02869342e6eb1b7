"""How fast a whole lint process is: ``python benchmarks/speed.py [MODEL] [--tensorflow-python PYTHON]``.

Prints ratios of medians, not seconds: ``lint --format json MODEL`` against ``python -c pass``, and, where a Python
with TensorFlow is named, against a process that runs ``tf.lite.experimental.Analyzer.analyze`` on the same file.
Commands run in turn, so that a busy machine slows all of them; modules are compiled, as an installer leaves them.
Without MODEL, a MobileNet of 4 MB is built.  Exit code 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tflint_edgetpu.testing.builder import ModelBuilder

MOST_BARE_PYTHONS = 6.0  # aim: 4
LEAST_FASTER_THAN_ANALYZER = 30.0

ANALYZE = "import sys, tensorflow as tf; tf.lite.experimental.Analyzer.analyze(model_path=sys.argv[1])"

# MobileNet v1: stride and filters of each separable block.
BLOCKS = ((1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512), *((1, 512),) * 5, (2, 1024), (1, 1024))


def mobilenet() -> bytes:
    """MobileNet v1, int8, with random weights: 4.2 million of them."""
    m = ModelBuilder()
    random = np.random.default_rng(1)
    x = m.conv2d(m.input((1, 224, 224, 3)), filters=32, size=3, stride=2, activation="RELU6")
    for stride, filters in BLOCKS:
        x = m.depthwise_conv2d(x, size=3, stride=stride, activation="RELU6")
        x = m.conv2d(x, filters=filters, size=1, activation="RELU6")
    x = m.pool("AVERAGE_POOL_2D", x, size=7)
    x = m.dense(m.reshape(x, (1, 1024)), 1001)
    m.output(m.unary("SOFTMAX", x, version=2, scale=1 / 256, options="SoftmaxOptions", beta=1.0))
    for buffer in m.model_t.buffers:
        if buffer.data is not None and len(buffer.data) > 8192:
            buffer.data = random.integers(-127, 128, len(buffer.data), np.int8).view(np.uint8)
    return m.build()


def seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace')[-500:]}")
    return time.perf_counter() - started


def medians(runs: int, *commands: list[str]) -> list[float]:
    """Each command once to warm up, then all of them in turn ``runs`` times."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for command in commands:
        seconds(command, environment)
    times = [[seconds(command, environment) for command in commands] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def lint(path: Path) -> list[str]:
    """As an installer leaves it, or as a module where this Python has no such script."""
    script = Path(sys.executable).with_name("tflint-edgetpu")
    program = [str(script)] if script.is_file() else [sys.executable, "-m", "tflint_edgetpu"]
    return [*program, "lint", "--format", "json", str(path)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Ratios of a whole lint process to others.")
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--tensorflow-python", metavar="PYTHON", help="an interpreter that has TensorFlow")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model: Path = arguments.model or Path(folder) / "mobilenet.tflite"
        if arguments.model is None:
            model.write_bytes(mobilenet())
        bare, linted = medians(arguments.runs, [sys.executable, "-c", "pass"], lint(model))
        good = linted <= MOST_BARE_PYTHONS * bare
        print(
            f"{model.name} ({model.stat().st_size / 1e6:.1f} MB): lint takes {linted / bare:.1f} x a bare Python "
            f"({bare * 1000:.0f} ms); at most {MOST_BARE_PYTHONS:.0f} x"
        )
        if arguments.tensorflow_python:
            analyze = [arguments.tensorflow_python, "-c", ANALYZE, str(model)]
            analyzed, linted = medians(3, analyze, lint(model))
            good = good and analyzed >= LEAST_FASTER_THAN_ANALYZER * linted
            print(
                f"tf.lite.experimental.Analyzer.analyze takes {analyzed / linted:.0f} x as long as lint "
                f"({analyzed:.1f} s); at least {LEAST_FASTER_THAN_ANALYZER:.0f} x"
            )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
