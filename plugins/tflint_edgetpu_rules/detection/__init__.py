"""Detectors: what the postprocess gives to the application."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .det001_float_detections import FloatDetections
    from .det002_quantized_detections import QuantizedDetections
    from .det003_raw_yolo_head import RawYoloHead
    from .det004_detection_order import DetectionOrder
    from .det005_detection_count import DetectionCount
    from .det006_detection_limits import DetectionLimits
    from .det007_class_count import ClassCount
    from .det008_label_count import LabelCount
    from .det009_anchor_count import AnchorCount

    return [
        FloatDetections,
        QuantizedDetections,
        RawYoloHead,
        DetectionOrder,
        DetectionCount,
        DetectionLimits,
        ClassCount,
        LabelCount,
        AnchorCount,
    ]
