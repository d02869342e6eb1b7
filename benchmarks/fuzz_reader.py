"""Feed the reader with damaged models: ``python benchmarks/fuzz_reader.py [N] [--seed S]``.

The reader is watched while it reads a good model, so that the damage goes where it looks: offsets, vtables,
lengths, indices.  They are set to boundary values, moved by a little, pointed at one another (aliases, cycles,
overlaps) or swapped; bytes are flipped, cut, repeated or lost.  What comes out may be a model or a ReadError,
nothing else.  Prints inputs tried, tracebacks, the slowest input and the growth of memory; exit code 1 on a
traceback, or on an input that takes a second.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from struct import Struct, calcsize
from typing import Any

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model, read_source
from tflint_edgetpu.model.source import MemorySource

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SECONDS_ALLOWED = 1.0

# Values at which lengths, offsets and indices go wrong, by width in bytes.
BOUNDARIES = {
    1: (0, 1, 32, 127, 128, 255),
    2: (0, 1, 2, 3, 4, 5, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF),
    4: (0, 1, 2, 3, 4, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF),
    8: (0, 1, 2, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1, 2**63, 2**64 - 1),
}


class Watched(MemorySource):
    """Remembers which numbers the reader looked at: ``(position, width)``."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.seen: dict[tuple[int, int], None] = {}

    def unpack(self, layout: Struct, position: int) -> tuple[Any, ...]:
        values = super().unpack(layout, position)
        for times, code in re.findall(r"(\d*)([a-zA-Z?])", layout.format):
            width = calcsize("<" + code)
            for _ in range(int(times or 1)):
                if code != "x":
                    self.seen[position, width] = None
                position += width
        return values


class Specimen:
    """A good model and where its structure stands."""

    def __init__(self, name: str, data: bytes) -> None:
        source = Watched(data)
        use(read_source(source))
        self.name = name
        self.data = data
        self.structure = [place for place in source.seen if place[1] in BOUNDARIES]
        self.words = [position for position, width in self.structure if width == 4]


def use(model: Model) -> None:
    """Ask for everything that is decoded late: constants and custom options."""
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            model.values(tensor)
        for operator in subgraph.operators:
            model.custom_options(operator)
            repr(operator.options)


def put(data: bytearray, position: int, width: int, value: int) -> None:
    data[position : position + width] = (value % 256**width).to_bytes(width, "little")


def boundary(data: bytearray, of: Specimen, chance: random.Random) -> None:
    position, width = chance.choice(of.structure)
    put(data, position, width, chance.choice((*BOUNDARIES[width], len(data), len(data) - position)))


def nudge(data: bytearray, of: Specimen, chance: random.Random) -> None:
    position, width = chance.choice(of.structure)
    old = int.from_bytes(data[position : position + width], "little")
    put(data, position, width, old + chance.choice((-8, -4, -2, -1, 1, 2, 4, 8)))


def alias(data: bytearray, of: Specimen, chance: random.Random) -> None:
    """An offset that leads to some other part of the structure, backwards too."""
    position, target = chance.choice(of.words), chance.choice(of.structure)[0]
    put(data, position, 4, target - position if chance.random() < 0.8 else position - target)


def alias_run(data: bytearray, of: Specimen, chance: random.Random) -> None:
    """Neighbouring offsets that all lead to one place, as in a list whose entries are the same table."""
    first = chance.randrange(len(of.words))
    target = chance.choice(of.structure)[0]
    for position in of.words[first : first + chance.randrange(2, 200)]:
        put(data, position, 4, target - position)


def copy(data: bytearray, of: Specimen, chance: random.Random) -> None:
    (source, _), (position, width) = chance.choice(of.structure), chance.choice(of.structure)
    data[position : position + width] = data[source : source + width].ljust(width, b"\0")


def swap(data: bytearray, of: Specimen, chance: random.Random) -> None:
    a, b = chance.choice(of.words), chance.choice(of.words)
    data[a : a + 4], data[b : b + 4] = bytes(data[b : b + 4]), bytes(data[a : a + 4])


def flip(data: bytearray, of: Specimen, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 16)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut(data: bytearray, of: Specimen, chance: random.Random) -> None:
    del data[chance.randrange(8, len(data)) :]


def lose(data: bytearray, of: Specimen, chance: random.Random) -> None:
    start = chance.randrange(8, len(data))
    del data[start : start + chance.randrange(1, 64)]


def repeat(data: bytearray, of: Specimen, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.randrange(1, 256)]


def fill(data: bytearray, of: Specimen, chance: random.Random) -> None:
    position, _ = chance.choice(of.structure)
    length = min(chance.randrange(1, 64), len(data) - position)
    data[position : position + length] = bytes((chance.choice((0, 4, 127, 255)),)) * length


MUTATIONS: tuple[Callable[[bytearray, Specimen, random.Random], None], ...] = (
    boundary, boundary, nudge, alias, alias, alias_run, copy, swap, flip, cut, lose, repeat, fill,
)  # fmt: skip
# Which keep the length, so that several can follow one another.
STEADY = (boundary, nudge, alias, alias_run, copy, swap, flip, fill)


def damaged(of: Specimen, chance: random.Random) -> bytes:
    """A copy with one to four injuries."""
    data = bytearray(of.data)
    for _ in range(chance.choice((0, 0, 1, 3))):
        chance.choice(STEADY)(data, of, chance)
    chance.choice(MUTATIONS)(data, of, chance)
    return bytes(data)


def specimens() -> list[Specimen]:
    """The shipped models: every kind of table, and small, so that an injury meets the structure."""
    return [Specimen(path.name, path.read_bytes()) for path in sorted(FIXTURES.glob("*.tflite"))]


def try_one(data: bytes) -> bool:
    """Whether ``data`` still is a model; raises whatever the reader should not raise."""
    try:
        use(read_model(data))
    except ReadError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("n", nargs="?", type=int, default=20_000, help="inputs to try (default: 20000)")
    parser.add_argument(
        "--seed", type=int, default=1, help="input i of a seed is always the same (default: 1)"
    )
    arguments = parser.parse_args()
    known = specimens()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    models = tracebacks = 0
    slowest, slowest_input = 0.0, ""
    began = time.perf_counter()
    for number in range(arguments.n):
        chance = random.Random(f"{arguments.seed}:{number}")
        specimen = chance.choice(known)
        data = damaged(specimen, chance)
        started = time.perf_counter()
        try:
            models += try_one(data)
        except Exception:
            tracebacks += 1
            if tracebacks <= 5:
                print(f"input {number}, from {specimen.name}:\n{traceback.format_exc()}")
        seconds = time.perf_counter() - started
        if seconds > slowest:
            slowest, slowest_input = seconds, f"input {number}, from {specimen.name}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    print(
        f"{arguments.n:,} inputs in {time.perf_counter() - began:.0f} s, seed {arguments.seed}: "
        f"{tracebacks} tracebacks, {models:,} still models\n"
        f"slowest {slowest * 1000:.0f} ms ({slowest_input}); "
        f"peak memory {(memory + grown) / 1024:.0f} MB, {grown / 1024:.0f} MB above the start"
    )
    return 0 if not tracebacks and slowest < SECONDS_ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
