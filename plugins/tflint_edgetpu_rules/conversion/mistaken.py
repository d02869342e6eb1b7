"""Settings that the converter never reads, and what is meant by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tflint_edgetpu.api import Conversion

# What is often written, and what is meant. A converter takes any attribute without a word.
MEANT = {
    "supported_ops": "target_spec.supported_ops",
    "target_ops": "target_spec.supported_ops",
    "supported_types": "target_spec.supported_types",
    "inference_type": "inference_input_type",
    "post_training_quantize": "optimizations",
    "input_type": "inference_input_type",
    "output_type": "inference_output_type",
}
KNOWN = (
    "optimizations", "representative_dataset", "target_spec.supported_ops", "target_spec.supported_types",
    "inference_input_type", "inference_output_type", "allow_custom_ops", "experimental_new_converter",
    "experimental_new_quantizer", "unfold_batchmatmul", "exclude_conversion_metadata",
)  # fmt: skip
CLOSE = 0.85


def meant_by(name: str, conversion: Conversion) -> str | None:
    """The setting that was meant by one that the converter never reads; None for one that it may read."""
    if name in MEANT:
        # Both are written by who wants to be sure: nothing is lost then.
        return None if conversion.every(MEANT[name]) else MEANT[name]
    if name in KNOWN or name.startswith("_"):
        return None
    from difflib import get_close_matches

    close = get_close_matches(name[:80], KNOWN, n=1, cutoff=CLOSE)
    return close[0] if close and not conversion.every(close[0]) else None


def is_mistaken(name: str, conversion: Conversion) -> bool:
    """Whether a setting is missing only because another name was written: one cause, CNV019 speaks of it."""
    if conversion.first_generation or conversion.constructor == "constructor":
        return False
    return any(meant_by(other, conversion) == name for other in conversion.settings)
