"""Compiled models, as far as a reader looks at them: ``edgetpu-custom-op`` with a package that runs nowhere.

The layout is that of ``executable/executable.fbs`` of google-coral/libedgetpu.  A package built here has
no instructions: it stands in for a real one in tests, nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence

import flatbuffers
from flatbuffers import flexbuffers

from .builder import ModelBuilder

_STAND_ALONE, _PARAMETER_CACHING, _EXECUTION_ONLY = range(3)


def edgetpu_part(
    m: ModelBuilder,
    inputs: Sequence[int],
    outputs: Sequence[int],
    *,
    min_runtime: int = 14,
    cached: int = 1024,
    streamed: int = 0,
    token: int = 1,
    payload: bytes | None = None,
) -> int:
    """Add an ``edgetpu-custom-op`` from tensors to tensors; returns the first of ``outputs``.

    ``cached`` and ``streamed`` are bytes of parameters; ``payload`` takes the place of the package.
    """
    if payload is None:
        payload = package(min_runtime=min_runtime, cached=cached, streamed=streamed, token=token)
    return m.op(
        "CUSTOM", inputs, outputs, custom_code="edgetpu-custom-op", custom_options=custom_options(payload)
    )


def custom_options(payload: bytes) -> bytes:
    """The FlexBuffer map of the operator with ``payload`` as its package."""
    builder = flexbuffers.Builder()
    with builder.Map():
        builder.Int("1", 0)
        builder.Key("4")
        builder.Blob(payload)
        builder.Int("5", -1)
    return bytes(builder.Finish())


def package(*, min_runtime: int = 14, cached: int = 1024, streamed: int = 0, token: int = 1) -> bytes:
    """A package of two executables: one that loads ``cached`` bytes of parameters, one that runs."""
    executables = [
        _executable(_EXECUTION_ONLY, streamed, token),
        _executable(_PARAMETER_CACHING, cached, token),
    ]
    builder = flatbuffers.Builder(1024)
    strings = [builder.CreateString(executable) for executable in executables]
    builder.StartVector(4, len(strings), 4)
    for string in reversed(strings):
        builder.PrependUOffsetTRelative(string)
    vector = builder.EndVector()
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, vector, 0)
    builder.Finish(builder.EndObject())
    multi_executable = bytes(builder.Output())

    builder = flatbuffers.Builder(1024)
    content = builder.CreateByteVector(multi_executable)
    compiler = builder.CreateString("stand-in")
    builder.StartObject(8)
    builder.PrependInt32Slot(0, min_runtime, 0)
    builder.PrependUOffsetTRelativeSlot(1, content, 0)
    builder.PrependUOffsetTRelativeSlot(4, compiler, 0)
    builder.Finish(builder.EndObject(), file_identifier=b"DWN1")
    return bytes(builder.Output())


def _executable(kind: int, parameters: int, token: int) -> bytes:
    builder = flatbuffers.Builder(1024)
    chip = builder.CreateString("beagle")
    content = builder.CreateByteVector(bytes(parameters))
    builder.StartObject(17)
    builder.PrependInt32Slot(3, 1, 0)
    builder.PrependUOffsetTRelativeSlot(6, content, 0)
    builder.PrependUOffsetTRelativeSlot(10, chip, 0)
    builder.PrependInt16Slot(13, kind, 0)
    builder.PrependUint64Slot(14, token, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())
