"""Bytes that lie: the reader gives a model or a ReadError, within a second and in little memory."""

from __future__ import annotations

import importlib.util
import random
import struct
import sys
import time
import tracemalloc
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder


def load_fuzzer() -> ModuleType:
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz_reader.py"
    spec = importlib.util.spec_from_file_location("benchmark_fuzz_reader", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


FUZZER = load_fuzzer()
SPECIMENS = FUZZER.specimens()
SECONDS = 1.0
BYTES_PER_BYTE = 64  # of memory, for one byte of a file
FLOOR = 2 * 2**20


def attempt(data: bytes) -> Model | ReadError:
    """What the reader makes of ``data``; every other exception fails the test, as do time and memory."""
    started = time.perf_counter()
    result = used(data)
    seconds = time.perf_counter() - started
    tracemalloc.start()  # slows down everything, so the time was taken before
    used(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < SECONDS * (1 + len(data) / 2**20), f"{seconds:.2f} s for {len(data):,} bytes"
    assert peak < FLOOR + BYTES_PER_BYTE * len(data), f"{peak:,} bytes for {len(data):,} bytes"
    return result


def used(data: bytes) -> Model | ReadError:
    try:
        model = read_model(data)
        FUZZER.use(model)
    except ReadError as error:
        assert "\n" not in str(error) and len(str(error)) < 1000
        return error
    return model


# Structure mutations chosen by hypothesis

words = st.sampled_from(sorted({value for values in FUZZER.BOUNDARIES.values() for value in values}))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SPECIMENS), st.lists(st.tuples(st.integers(0, 2**31), words), min_size=1, max_size=4))
def test_numbers_set_to_boundary_values(specimen: object, changes: list[tuple[int, int]]) -> None:
    structure = specimen.structure  # type: ignore[attr-defined]
    data = bytearray(specimen.data)  # type: ignore[attr-defined]
    for which, value in changes:
        FUZZER.put(data, *structure[which % len(structure)], value)
    attempt(bytes(data))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SPECIMENS),
    st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 2**31)), min_size=1, max_size=6),
)
def test_offsets_pointed_at_other_structures(specimen: object, links: list[tuple[int, int]]) -> None:
    structure, offsets = specimen.structure, specimen.words  # type: ignore[attr-defined]
    data = bytearray(specimen.data)  # type: ignore[attr-defined]
    for a, b in links:
        position = offsets[a % len(offsets)]
        FUZZER.put(data, position, 4, structure[b % len(structure)][0] - position)
    attempt(bytes(data))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SPECIMENS), st.integers(0, 2**64))
def test_the_mutations_of_the_fuzzer(specimen: object, seed: int) -> None:
    attempt(FUZZER.damaged(specimen, random.Random(seed)))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=512))
def test_anything_behind_the_identifier(tail: bytes) -> None:
    attempt(b"\x10\0\0\0TFL3" + tail)


# By hand


def small() -> bytes:
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 4, 4, 2)), filters=2))
    return m.build()


def table_at(data: bytes, position: int) -> tuple[int, int]:
    """``(position of the table an offset leads to, position of its vtable)``."""
    table = position + struct.unpack_from("<I", data, position)[0]
    return table, table - struct.unpack_from("<i", data, table)[0]


def patched(data: bytes, layout: str, position: int, *values: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(layout, changed, position, *values)
    return bytes(changed)


def refused(data: bytes) -> str:
    result = attempt(data)
    assert isinstance(result, ReadError), "was read as a model"
    return str(result)


def test_every_offset_of_the_root() -> None:
    """The root may stand anywhere: in the middle of a table, on itself, outside."""
    data = small()
    models = 0
    for offset in (*range(len(data) + 8), 2**31 - 1, 2**31, 2**32 - 4, 2**32 - 1):
        models += isinstance(attempt(patched(data, "<I", 0, offset)), Model)
    assert models == 1, "only the true root is one"


def test_every_length_of_a_truncated_file() -> None:
    data = small()
    for length in range(len(data)):
        attempt(data[:length])
    assert "truncated" in refused(data[: len(data) // 2])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 7, 0x7FFF, 65535])
def test_size_of_a_vtable(size: int) -> None:
    data = small()
    _, vtable = table_at(data, 0)
    refused(patched(data, "<H", vtable, size))


def test_a_vtable_as_long_as_it_can_be() -> None:
    """65,534 bytes are legal where the file has them; slots beyond the schema mean nothing."""
    data = small()
    _, vtable = table_at(data, 0)
    slots = data[vtable + 4 : vtable + struct.unpack_from("<H", data, vtable)[0]]
    moved = struct.pack("<HH", 65534, 64) + slots.ljust(65530, b"\0")
    table, _ = table_at(data, 0)
    changed = patched(data, "<i", table, table - len(data)) + moved
    assert isinstance(attempt(changed), Model)


@pytest.mark.parametrize("back", [-(2**31), -(2**30), -4096, -1, 0, 1, 4, 2**20, 2**31 - 1])
def test_the_offset_from_a_table_to_its_vtable(back: int) -> None:
    """Negative ones lead forward, which is legal; 0 makes the table its own vtable."""
    data = small()
    table, _ = table_at(data, 0)
    refused(patched(data, "<i", table, back))


def test_slots_that_lead_outside() -> None:
    data = small()
    _, vtable = table_at(data, 0)
    for slot in range(5):
        refused(patched(data, "<H", vtable + 4 + 2 * slot, 0xFFFF))


def test_lengths_of_every_list() -> None:
    """Each number that the reader takes for a length or an offset, set to what overflows."""
    data = small()
    specimen = FUZZER.Specimen("small", data)
    for position in specimen.words:
        for value in (0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(data), 0):
            attempt(patched(data, "<I", position, value))


def test_tables_that_point_at_themselves() -> None:
    data = small()
    specimen = FUZZER.Specimen("small", data)
    for position in specimen.words:
        attempt(patched(data, "<I", position, 0))
        attempt(patched(data, "<i", position, -position))


class Writer:
    """A flatbuffer written by hand, front to back; the header first, what it points at later."""

    def __init__(self) -> None:
        self.data = bytearray(b"\0\0\0\0TFL3")

    def vtable(self, *slots: int, size: int) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        at = len(self.data)
        self.data += struct.pack(f"<HH{len(slots)}H", 4 + 2 * len(slots), size, *slots)
        return at

    def table(self, vtable: int, fields: int) -> int:
        """A table with room for ``fields`` words, all 0."""
        self.data += b"\0" * (-len(self.data) % 4)
        at = len(self.data)
        self.data += struct.pack("<i", at - vtable) + b"\0" * 4 * fields
        return at

    def point(self, position: int, target: int) -> None:
        struct.pack_into("<I", self.data, position, target - position)


def model_of(entries: int, letters: int, *, distinct: bool = False) -> bytes:
    """A subgraph of ``entries`` tensors that all have the same name of ``letters`` letters.

    Offsets are unsigned, so what is shared stands at the end of the file.
    """
    w = Writer()
    root_vtable = w.vtable(4, 0, 8, size=12)
    graph_vtable = w.vtable(4, size=8)
    tensor_vtable = w.vtable(0, 0, 0, 4, size=8)
    root = w.table(root_vtable, 2)
    w.point(0, root)
    struct.pack_into("<I", w.data, root + 4, 3)
    graphs = len(w.data)
    w.data += struct.pack("<II", 1, 0)
    w.point(root + 8, graphs)
    graph = w.table(graph_vtable, 1)
    w.point(graphs + 4, graph)
    tensors = len(w.data)
    w.point(graph + 4, tensors)
    w.data += struct.pack("<I", entries) + b"\0" * 4 * entries
    made = [w.table(tensor_vtable, 1) for _ in range(entries if distinct else 1)]
    for number in range(entries):
        w.point(tensors + 4 + 4 * number, made[number if distinct else 0])
    shared = len(w.data)
    w.data += struct.pack("<I", letters) + b"x" * letters
    for tensor in made:
        w.point(tensor + 4, shared)
    return bytes(w.data)


def test_a_model_written_by_hand_is_read() -> None:
    model = attempt(model_of(3, 2))
    assert isinstance(model, Model)
    assert [tensor.name for tensor in model.main.tensors] == ["xx"] * 3


@pytest.mark.parametrize("distinct", [False, True])
def test_100_000_tensors_that_share_a_long_list(distinct: bool) -> None:
    """At most 1.3 MB that describe 10 GB: refused long before."""
    said = refused(model_of(100_000, 100_000, distinct=distinct))
    assert "overlap" in said


@pytest.mark.parametrize("entries", [1_000, 100_000, 500_000])
def test_a_list_of_one_table_again_and_again(entries: int) -> None:
    """Each entry takes 4 bytes of the file and becomes a whole tensor."""
    attempt(model_of(entries, 1))


def test_subgraphs_that_are_one_and_the_same() -> None:
    """Squaring: many subgraphs, each with the same list of many tensors."""
    w = Writer()
    root_vtable = w.vtable(4, 0, 8, size=12)
    graph_vtable = w.vtable(4, size=8)
    tensor_vtable = w.vtable(size=4)
    root = w.table(root_vtable, 2)
    w.point(0, root)
    struct.pack_into("<I", w.data, root + 4, 3)
    count = 20_000
    graphs = len(w.data)
    w.point(root + 8, graphs)
    w.data += struct.pack("<I", count) + b"\0" * 4 * count
    graph = w.table(graph_vtable, 1)
    for number in range(count):
        w.point(graphs + 4 + 4 * number, graph)
    tensors = len(w.data)
    w.point(graph + 4, tensors)
    w.data += struct.pack("<I", count) + b"\0" * 4 * count
    tensor = w.table(tensor_vtable, 0)
    for number in range(count):
        w.point(tensors + 4 + 4 * number, tensor)
    assert "overlap" in refused(bytes(w.data))


def test_more_dimensions_than_any_kernel_takes() -> None:
    """The product of a million sizes would be a number of megabytes."""
    m = ModelBuilder()
    m.output(m.unary("RELU", m.input((1,) * 64)))
    model = attempt(m.build())
    assert isinstance(model, Model) and model.main.inputs[0].elements == 1
    m = ModelBuilder()
    m.output(m.unary("RELU", m.input((2**31 - 1,) * 65)))
    assert "65 dimensions" in refused(m.build())


def test_two_fields_in_the_same_bytes() -> None:
    data = bytearray(small())
    _, vtable = table_at(bytes(data), 0)
    tensors_vtable = read_model(bytes(data)).main.tensors[0].position
    vtable = tensors_vtable - struct.unpack_from("<i", data, tensors_vtable)[0]
    slots = [slot for slot in range(10) if struct.unpack_from("<H", data, vtable + 4 + 2 * slot)[0]][:2]
    first = struct.unpack_from("<H", data, vtable + 4 + 2 * slots[0])[0]
    struct.pack_into("<H", data, vtable + 4 + 2 * slots[1], first)
    assert "same bytes" in refused(bytes(data))


def test_an_offset_of_0() -> None:
    """It would point at itself."""
    data = bytearray(small())
    tensor = read_model(bytes(data)).main.tensors[0].position
    vtable = tensor - struct.unpack_from("<i", data, tensor)[0]
    shape = tensor + struct.unpack_from("<H", data, vtable + 4)[0]
    assert "offset is 0" in refused(patched(bytes(data), "<I", shape, 0))
