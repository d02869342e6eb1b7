"""Where bytes come from: large files by pages, and files that change under our hands."""

from __future__ import annotations

import gc
import os
import pickle
import struct
import time
import tracemalloc
from pathlib import Path

import pytest

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.model.source import READ_WHOLE_BELOW, FileSource, MemorySource, open_source
from tflint_edgetpu.testing.builder import ModelBuilder

MB = 2**20
U32 = struct.Struct("<I")


def behind(weights: int, path: Path) -> Path:
    """A model at ``path`` whose weights are ``weights`` bytes behind the flatbuffer, a hole in the file."""
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 8, 8, 4)), filters=16))
    m.constant([1, 2, 3], name="small")
    external = m.buffer(b"")
    for _ in range(2):  # the size of the flatbuffer is known once it is written
        m.model_t.buffers[external].data = None
        m.model_t.buffers[external].offset = size = len(m.build())
        m.model_t.buffers[external].size = weights
    data = m.build()
    assert len(data) == size
    with path.open("wb") as file:
        file.write(data)
        file.truncate(size + weights)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return behind(500 * MB, tmp_path_factory.mktemp("large") / "large.tflite")


def seconds_and_bytes(path: Path) -> tuple[float, int]:
    """The least of five, and the peak of Python's memory."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        read_model(path).close()
        times.append(time.perf_counter() - started)
    tracemalloc.start()
    read_model(path).close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(times), peak


def test_500_mb_cost_no_more_than_20(large: Path, tmp_path: Path) -> None:
    small_seconds, small_bytes = seconds_and_bytes(behind(20 * MB, tmp_path / "small.tflite"))
    large_seconds, large_bytes = seconds_and_bytes(large)
    assert large_seconds < 2 * small_seconds + 0.005
    assert large_bytes < small_bytes + 64 * 1024
    assert large_bytes < MB


def test_constants_of_a_large_file_are_read_on_demand(large: Path) -> None:
    model = read_model(large)
    small = next(tensor for tensor in model.main.tensors if tensor.name == "small")
    assert model.values(small) == (1, 2, 3)
    external = next(buffer for buffer in model.buffers if buffer.external)
    assert external.length == 500 * MB
    assert model.source.read(external.start + external.length - 4, 4) == bytes(4)
    with pytest.raises(ReadError):
        model.source.read(external.start + external.length - 4, 5)
    model.close()


def test_what_was_decoded_outlives_the_file_constants_do_not(large: Path) -> None:
    model = read_model(large)
    small = next(tensor for tensor in model.main.tensors if tensor.name == "small")
    model.close()
    assert small.shape == (3,)
    with pytest.raises(ReadError):
        model.source.read(model.size - 4, 4)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted in /proc")
def test_closing_releases_the_file(large: Path, tmp_path: Path) -> None:
    before = open_files()
    model = read_model(large)
    assert open_files() == before + 1
    model.close()
    assert open_files() == before
    broken = tmp_path / "broken.tflite"
    with broken.open("wb") as file:
        file.write(b"\xff\xff\xff\x7fTFL3")
        file.truncate(READ_WHOLE_BELOW + 1)
    with pytest.raises(ReadError):
        read_model(broken)
    gc.collect()
    assert open_files() == before, "a file that is refused stays open"


def test_a_small_file_is_closed_at_once(tmp_path: Path) -> None:
    path = behind(MB, tmp_path / "small.tflite")
    model = read_model(path)
    assert isinstance(model.source, MemorySource)
    path.write_bytes(b"replaced")
    small = next(tensor for tensor in model.main.tensors if tensor.name == "small")
    assert model.values(small) == (1, 2, 3)


@pytest.mark.parametrize("left", [0, 100, 4096])
def test_a_file_that_shrinks_after_it_was_opened(tmp_path: Path, left: int) -> None:
    path = behind(READ_WHOLE_BELOW, tmp_path / "shrinks.tflite")
    source = open_source(path)
    assert isinstance(source, FileSource)
    os.truncate(path, left)
    with pytest.raises(ReadError, match="shorter"):
        source.read(left // 2, left + 1)
    with pytest.raises(ReadError, match="shorter"):
        source.unpack(U32, source.size - 4)
    source.close()


def test_a_model_whose_file_shrinks(tmp_path: Path) -> None:
    path = behind(READ_WHOLE_BELOW, tmp_path / "shrinks.tflite")
    model = read_model(path)
    os.truncate(path, 8)
    with pytest.raises(ReadError, match="shorter"):
        model.source.read(model.size - 100, 100)
    model.close()


@pytest.mark.parametrize("size", [5, READ_WHOLE_BELOW + 1])
@pytest.mark.parametrize(("position", "length"), [(-1, 1), (-4, 4), (0, 2**40), (2**40, 1), (2**63, 4)])
def test_outside_of_the_file(tmp_path: Path, size: int, position: int, length: int) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(size)
    source = open_source(path)
    with pytest.raises(ReadError):
        source.read(position, length)
    if position:
        with pytest.raises(ReadError):
            source.unpack(U32, position)
    source.close()


def test_pages_give_the_same_bytes_as_memory(tmp_path: Path) -> None:
    data = bytes(range(251)) * (READ_WHOLE_BELOW // 251 + 2)
    path = tmp_path / "file"
    path.write_bytes(data)
    paged, whole = open_source(path), MemorySource(data)
    assert isinstance(paged, FileSource)
    for position in (0, 16_380, 16_382, 16_384, 5_000_001, len(data) - 20):
        for length in (0, 1, 4, 20):
            assert paged.read(position, length) == whole.read(position, length)
        assert paged.unpack(U32, position) == whole.unpack(U32, position)
    assert paged.read(100, 100_000) == data[100:100_100]
    paged.close()


def test_another_process_gets_the_model_without_the_file(large: Path) -> None:
    model = read_model(large)
    copy = pickle.loads(pickle.dumps(model.source))
    assert copy.size == model.size
    with pytest.raises(ReadError, match="the file is closed"):
        copy.read(0, 4)
    model.close()
    assert isinstance(model, Model)
