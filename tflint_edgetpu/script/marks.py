"""Which files are worth a look: a search for bytes, quick enough for every script of a repository."""

from __future__ import annotations

SCRIPT_SUFFIXES = (".py", ".ipynb")
# The converter itself, and the exporters that call it.
MARKS = (b"TFLiteConverter", b"TocoConverter", b"tflite_convert", b"toco_convert", b"onnx2tf", b"yolo export")
EXPORT_MARKS = ((b".export(", b"tflite"), (b".export(", b"edgetpu"))


def mentions_converter(data: bytes) -> bool:
    """Whether the file may make a model."""
    return any(mark in data for mark in MARKS) or any(a in data and b in data for a, b in EXPORT_MARKS)
