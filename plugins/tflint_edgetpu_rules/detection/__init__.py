"""Detectors: what the postprocess gives to the application."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

POSTPROCESS = "CUSTOM:TFLite_Detection_PostProcess"
# Rule -> what a file must have for it to be imported at all.
RULES = {
    "det001_float_detections": POSTPROCESS,
    "det002_quantized_detections": POSTPROCESS,
    "det003_raw_yolo_head": ALWAYS,
    "det004_detection_order": POSTPROCESS,
    "det005_detection_count": "consumer",
    "det006_detection_limits": POSTPROCESS,
    "det007_class_count": POSTPROCESS,
    "det008_label_count": ALWAYS,
    "det009_anchor_count": POSTPROCESS,
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)
