"""The cure for the upsampling of the TF2 Object Detection API, to paste: both the model and the log show it."""

from __future__ import annotations

NATIVE_UPSAMPLING = """\
TF2 Object Detection API, before the exporter builds the model (checkpoint and training stay as they are):
    import tensorflow as tf
    from object_detection.utils import ops
    def nearest(x, scale=None, height_scale=None, width_scale=None, name=None):
        size = [x.shape[1] * (height_scale or scale), x.shape[2] * (width_scale or scale)]
        return tf.compat.v1.image.resize_nearest_neighbor(x, size)
    ops.nearest_neighbor_upsampling = nearest
"""
