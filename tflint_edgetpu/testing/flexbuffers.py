"""Options of custom operators, written as their converters write them."""

from __future__ import annotations

from typing import Union

from flatbuffers import flexbuffers


def postprocess_options(**values: Union[bool, int, float]) -> bytes:
    """The FlexBuffer of ``TFLite_Detection_PostProcess``: max_detections, num_classes, nms_score_threshold,
    y_scale ... as keywords; floats are stored in 32 bits, as the TF exporter does."""
    builder = flexbuffers.Builder()
    with builder.Map():
        for name in sorted(values):
            value = values[name]
            if isinstance(value, bool):
                builder.Bool(name, value)
            elif isinstance(value, int):
                builder.Int(name, value)
            else:
                builder.Float(name, value, 4)
    return bytes(builder.Finish())
