"""How lint grows with a model: ``python benchmarks/scaling.py``. Prints ratios of whole processes.

100, 1,000 and 10,000 operators; 5 MB and 500 MB of weights (time, and peak memory); 1,000 files in one process,
in two, and one after the other.  Exit code 1 where a limit is missed.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tflint_edgetpu.testing.builder import ModelBuilder

MOST_FOR_TEN_TIMES_THE_OPERATORS = 20.0
MOST_FOR_A_HUNDRED_TIMES_THE_WEIGHTS = 1.2
MOST_MEGABYTES_FOR_WEIGHTS = 20
FILES = 1000

# A process inherits the peak memory of the one that starts it: this one is small.
LAUNCH = """
import os, sys, time
started = time.perf_counter()
output = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=output)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - started, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def chain(operators: int) -> bytes:
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


def weighty(path: Path, megabytes: int) -> Path:
    """The same five layers, and one constant that weighs.

    It is put behind the rest, as a hole in the file.
    """
    m = ModelBuilder()
    x = m.input((1, 1024))
    for _ in range(5):
        x = m.reshape(m.dense(x, 1024), (1, 1024))
    m.output(x)
    marker = bytes(range(64, 80))
    m.constant(np.frombuffer(marker, np.int32), name="weights")
    m.model_t.subgraphs[0].tensors[-1].shape = [megabytes * 2**18]
    data = bytearray(m.build())
    data += b"\0" * (-len(data) % 16)
    vector = data.index(marker) - 4
    words = np.frombuffer(data, "<u4").astype(np.int64)
    (field,) = (int(word) * 4 for word in np.flatnonzero(words + np.arange(len(words)) * 4 == vector))
    struct.pack_into("<I", data, field, len(data) - field)
    with path.open("wb") as file:
        file.write(bytes(data) + struct.pack("<I", megabytes * 2**20))
        file.truncate(len(data) + 4 + megabytes * 2**20)
    return path


def run(paths: Sequence[Path], *options: str) -> tuple[float, float]:
    """Seconds and peak memory in MB of one lint process."""
    command = [sys.executable, "-m", "tflint_edgetpu", "lint", "--format", "json", *options, *map(str, paths)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    launcher = [sys.executable, "-S", "-c", LAUNCH, *command]
    done = subprocess.run(launcher, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds, kilobytes, code = done.stdout.split()
    if int(code) not in (0, 1):
        raise SystemExit(f"{' '.join(command[1:])[:200]} failed")
    return float(seconds), int(kilobytes) / 1024


def least(paths: Sequence[Path], *options: str, runs: int = 5) -> tuple[float, float]:
    """The least of several runs: what the machine does besides only ever adds."""
    run(paths, *options)
    measured = [run(paths, *options) for _ in range(runs)]
    return min(seconds for seconds, _ in measured), min(memory for _, memory in measured)


def operators(folder: Path) -> bool:
    seconds = {}
    for count in (100, 1_000, 10_000):
        path = folder / f"{count}.tflite"
        path.write_bytes(chain(count))
        seconds[count] = least([path])[0]
    grown = seconds[10_000] / seconds[1_000]
    print(
        f"1,000 operators take {seconds[1_000] / seconds[100]:.1f} x the time of 100, 10,000 take {grown:.1f} x "
        f"that of 1,000; at most {MOST_FOR_TEN_TIMES_THE_OPERATORS:.0f} x"
    )
    return grown <= MOST_FOR_TEN_TIMES_THE_OPERATORS


def weights(folder: Path) -> bool:
    (small, small_memory), (large, large_memory) = (
        least([weighty(folder / f"{megabytes}mb.tflite", megabytes)], runs=9) for megabytes in (5, 500)
    )
    print(
        f"500 MB of weights take {large / small:.2f} x the time of 5 MB, at most "
        f"{MOST_FOR_A_HUNDRED_TIMES_THE_WEIGHTS} x; peak memory {large_memory:.0f} MB against {small_memory:.0f} MB, "
        f"at most {MOST_MEGABYTES_FOR_WEIGHTS} MB more"
    )
    return (
        large <= MOST_FOR_A_HUNDRED_TIMES_THE_WEIGHTS * small
        and large_memory - small_memory <= MOST_MEGABYTES_FOR_WEIGHTS
    )


def files(folder: Path) -> bool:
    many = folder / "many"
    many.mkdir()
    original = folder / "100.tflite"
    for number in range(FILES):
        shutil.copy(original, many / f"{number:04}.tflite")
    one = least([original])[0]
    together = run([many])[0]
    jobs = os.cpu_count() or 1
    spread = run([many], "--jobs", str(jobs))[0]
    print(
        f"{FILES:,} files of 100 operators: {together / FILES / one:.2f} x the time of a process for each; "
        f"with --jobs {jobs} on {jobs} cores {together / spread:.1f} x as fast"
    )
    return together < FILES * one


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = [check(folder) for check in (operators, weights, files)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
