"""Which TensorFlow this is."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version


def versions(kind: str) -> dict[str, str]:
    """Versions of what takes part in the conversion of a source of this kind."""
    if kind == "float_tflite":
        names = ("ai-edge-quantizer", "litert-quantizer", "ai-edge-litert", "numpy")
        return {name: found for name in names if (found := _installed(name))}
    others = {name: found for name in ("keras", "tf-keras", "numpy") if (found := _installed(name))}
    return {"tensorflow": str(import_module("tensorflow").__version__), **others}


def overlaid() -> str | None:
    """What is wrong where ``tensorflow`` and ``tensorflow-cpu`` are both installed, else ``None``.

    Both put their files into one folder: the later one has written over the earlier, and taking one away breaks
    the other.  ``pip install tf-keras`` does it, because it requires ``tensorflow``.
    """
    full, cpu = _installed("tensorflow"), _installed("tensorflow-cpu")
    if not full or not cpu:
        return None
    return (
        f"tensorflow {full} is installed over tensorflow-cpu {cpu}, in one folder; 'pip install tf-keras' does that: "
        "start from a new environment and install tf-keras with --no-deps"
    )


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
