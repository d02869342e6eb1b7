"""Our FlexBuffers reader against the writer and the reader of the package ``flatbuffers``."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from typing import Any

import pytest
from flatbuffers import flexbuffers
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.flexbuffer import MAX_DEPTH, read_flexbuffer
from tflint_edgetpu.testing.flexbuffers import postprocess_options

# A key ends with a zero byte, so it cannot hold one; the writer takes ASCII only.
keys = st.text(st.characters(max_codepoint=127, exclude_characters="\0"), max_size=12)
# The writer chooses the width of a float by trying 32 bits, which fails for what is too large for them.
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(width=32),
    st.text(max_size=300),
    st.binary(max_size=20),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=20,
)


def expected(value: Any) -> Any:
    """As ours: strings are bytes."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return [expected(entry) for entry in value]
    if isinstance(value, dict):
        return {key: expected(entry) for key, entry in value.items()}
    return value


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, float):
        return isinstance(ours, float) and (ours == theirs or (math.isnan(ours) and math.isnan(theirs)))
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict)
            and ours.keys() == theirs.keys()
            and all(same(ours[key], theirs[key]) for key in theirs)
        )
    return type(ours) is type(theirs) and bool(ours == theirs)


@settings(max_examples=400, deadline=None)
@given(values)
def test_values_come_back_as_they_were_written(value: Any) -> None:
    assert same(read_flexbuffer(bytes(flexbuffers.Dumps(value))), expected(value))


def written(write: Callable[[Any], object], **options: Any) -> bytes:
    builder = flexbuffers.Builder(**options)
    write(builder)
    return bytes(builder.Finish())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=40))
def test_typed_vectors_of_integers(numbers: list[int]) -> None:
    assert read_flexbuffer(written(lambda b: b.TypedVectorFromElements(numbers))) == numbers


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=4))
def test_fixed_vectors(numbers: list[int]) -> None:
    data = written(lambda b: b.FixedTypedVectorFromElements(numbers, element_type=flexbuffers.Type.UINT))
    assert read_flexbuffer(data) == numbers


@pytest.mark.parametrize("width", [4, 8])
def test_floats_of_each_width(width: int) -> None:
    assert read_flexbuffer(written(lambda b: b.Float(0.25, width))) == 0.25
    assert read_flexbuffer(written(lambda b: b.IndirectFloat(0.25, width))) == 0.25


def test_a_float_of_16_bits() -> None:
    """The package cannot write one; by hand: 0.25, type 3, width 2."""
    assert read_flexbuffer(bytes([0x00, 0x34, 3 << 2 | 1, 2])) == 0.25


def test_numbers_stored_aside() -> None:
    assert read_flexbuffer(written(lambda b: b.IndirectInt(-5))) == -5
    assert read_flexbuffer(written(lambda b: b.IndirectUInt(2**63))) == 2**63


def test_keys_and_shared_keys() -> None:
    def write(b: Any) -> None:
        with b.Vector():
            for number in range(3):
                with b.Map():
                    b.Int("first", number)
                    b.String("second", "text")
            b.Key("a key")

    maps = [{"first": number, "second": b"text"} for number in range(3)]
    assert read_flexbuffer(written(write, share_keys=True)) == [*maps, "a key"]


def test_options_of_the_postprocessing() -> None:
    data = postprocess_options(max_detections=10, y_scale=10.0, use_regular_nms=False, num_classes=90)
    assert read_flexbuffer(data) == {
        "max_detections": 10, "num_classes": 90, "use_regular_nms": False, "y_scale": 10.0,
    }  # fmt: skip


def attempt(data: bytes) -> None:
    started = time.perf_counter()
    with contextlib.suppress(ReadError):
        read_flexbuffer(data)
    assert time.perf_counter() - started < 1


@settings(max_examples=1000, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_read_error(data: bytes) -> None:
    attempt(data)


@settings(max_examples=500, deadline=None)
@given(
    values,
    st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_damaged_bytes_give_a_value_or_a_read_error(value: Any, changes: list[tuple[int, int]]) -> None:
    data = bytearray(flexbuffers.Dumps(value))
    for position, byte in changes:
        data[-1 - position % len(data)] = byte
    attempt(bytes(data))


def test_nested_to_the_limit_and_beyond() -> None:
    def nested(depth: int) -> Any:
        return [nested(depth - 1)] if depth else 7

    assert read_flexbuffer(bytes(flexbuffers.Dumps(nested(MAX_DEPTH)))) == nested(MAX_DEPTH)
    with pytest.raises(ReadError, match="nested or shared"):
        read_flexbuffer(bytes(flexbuffers.Dumps(nested(MAX_DEPTH + 1))))


def test_a_vector_that_holds_itself() -> None:
    """One element, which leads back to the vector: type 10, width 1."""
    with pytest.raises(ReadError, match="nested or shared"):
        read_flexbuffer(bytes([1, 0, 10 << 2, 2, 10 << 2, 1]))


def test_vectors_that_share_their_elements_again_and_again() -> None:
    """Ten levels of 100 references to the level below: 10**20 values in 5 kB."""
    data = bytearray([1, 0, 7, 0, 1 << 2])  # a vector of width 2 with the one number 7
    target = 2
    for _ in range(10):
        data += b"\0" * (len(data) % 2) + (100).to_bytes(2, "little")
        start = len(data)
        for number in range(100):
            data += (start + 2 * number - target).to_bytes(2, "little")
        data += bytes([10 << 2 | 1]) * 100
        target = start
    data += (len(data) - target).to_bytes(2, "little") + bytes([10 << 2 | 1, 2])
    started = time.perf_counter()
    with pytest.raises(ReadError, match="nested or shared"):
        read_flexbuffer(bytes(data))
    assert time.perf_counter() - started < 1
