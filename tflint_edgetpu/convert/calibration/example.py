"""``tf.train.Example``: named lists of bytes, floats or integers, read from its protocol buffer.

Source: tensorflow/core/example/{example,feature}.proto.  ``Example { Features features = 1 }``, ``Features {
map<string, Feature> feature = 1 }``, ``Feature { oneof { BytesList bytes_list = 1; FloatList float_list = 2;
Int64List int64_list = 3 } }``, each list ``repeated value = 1``, numbers packed or not.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class BadExample(Exception):
    """The bytes are no tf.train.Example; the text says why."""


class Feature(NamedTuple):
    texts: tuple[bytes, ...] = ()
    numbers: Sequence[float] = ()
    is_float: bool = False


def read_example(data: bytes) -> dict[str, Feature]:
    """Name -> feature; raises :class:`BadExample`. Time and memory are linear in the length of ``data``."""
    features: dict[str, Feature] = {}
    for block in _messages(memoryview(data), 1):
        for entry in _messages(block, 1):
            name, feature = b"", Feature()
            for number, kind, value in _fields(entry):
                if number == 1 and kind == _BYTES:
                    name = bytes(value)
                elif number == 2 and kind == _BYTES:
                    feature = _feature(value)
            features[name.decode("utf-8", "replace")] = feature
    if not features:
        raise BadExample("it is no tf.train.Example with features")
    return features


def _feature(data: memoryview) -> Feature:
    for number, kind, value in _fields(data):
        if kind != _BYTES:
            continue
        if number == 1:
            return Feature(texts=tuple(bytes(text) for text in _messages(value, 1)))
        if number == 2:
            return Feature(numbers=_floats(value), is_float=True)
        if number == 3:
            return Feature(numbers=_integers(value))
    return Feature()


def _floats(data: memoryview) -> list[float]:
    numbers: list[float] = []
    for number, kind, value in _fields(data):
        if number != 1:
            continue
        if kind not in (_BYTES, _FIXED32) or len(value) % 4:
            raise BadExample("a list of floats is damaged")
        numbers.extend(struct.unpack(f"<{len(value) // 4}f", value))
    return numbers


def _integers(data: memoryview) -> list[int]:
    numbers: list[int] = []
    for number, kind, value in _fields(data):
        if number != 1:
            continue
        if kind not in (_VARINT, _BYTES):
            raise BadExample("a list of integers is damaged")
        at = 0
        while at < len(value):
            found, at = _varint(value, at)
            numbers.append(found - 2**64 if found >= 2**63 else found)
    return numbers


def _messages(data: memoryview, wanted: int) -> Iterator[memoryview]:
    for number, kind, value in _fields(data):
        if number == wanted and kind == _BYTES:
            yield value


def _fields(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """(field number, wire type, bytes of the value) of each field; a varint's bytes as they stand."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        start = at
        if kind == _VARINT:
            _, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        elif kind == _BYTES:
            length, start = _varint(data, at)
            at = start + length
        else:
            raise BadExample(f"it is no protocol buffer (wire type {kind})")
        if at > len(data) or number == 0:
            raise BadExample("it is no protocol buffer, or it is cut off")
        yield number, kind, data[start:at]


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """The number at ``at`` and the position behind it."""
    number = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise BadExample("it is no protocol buffer, or it is cut off")
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:
            return number & (2**64 - 1), at
