"""What a conversion needs installed; nothing is imported to find it out."""

from __future__ import annotations

from importlib.util import find_spec

from .errors import CannotConvert

INSTALL = "pip install 'tflint-edgetpu[convert]'"
TENSORFLOW = "tensorflow"
LITERT_QUANTIZERS = ("litert_quantizer", "ai_edge_quantizer")  # the same under its new and its old name


def quantizers() -> tuple[str, ...]:
    """The installed packages that can quantize a float .tflite; LiteRT's first."""
    litert = next((name for name in LITERT_QUANTIZERS if _is_installed(name)), None)
    found = (litert, TENSORFLOW if _is_installed(TENSORFLOW) else None)
    return tuple(name for name in found if name is not None)


def require_tensorflow() -> None:
    """Raises CannotConvert with the install command where TensorFlow is missing."""
    if not _is_installed(TENSORFLOW):
        raise CannotConvert(f"a conversion needs TensorFlow, which is not installed: {INSTALL}")


def require_tools(kind: str) -> None:
    """Raises CannotConvert with the install command where something is missing that a source of ``kind`` needs."""
    if kind != "float_tflite":
        require_tensorflow()
    elif not quantizers():
        raise CannotConvert(
            f"a float .tflite is quantized by litert-quantizer or TensorFlow, and neither is installed: {INSTALL}"
        )
    if not _is_installed("ai_edge_litert"):
        raise CannotConvert(
            f"what comes out is repaired and verified with LiteRT, which is not installed: {INSTALL}"
        )


def _is_installed(name: str) -> bool:
    return find_spec(name) is not None
