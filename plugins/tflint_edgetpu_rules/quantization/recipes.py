"""How to get a fully quantized model, per exporter: text that several rules print."""

from __future__ import annotations

KERAS = """\
Keras:
  converter = tf.lite.TFLiteConverter.from_keras_model(model)
  converter.optimizations = [tf.lite.Optimize.DEFAULT]
  converter.representative_dataset = representative_dataset  # yields 100 or more real, preprocessed inputs
  converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
  converter.inference_input_type = tf.uint8
  converter.inference_output_type = tf.uint8
  converter._experimental_disable_per_channel_quantization_for_dense_layers = True  # TF 2.17 and later
"""

OBJECT_DETECTION_API = """\
TF Object Detection API: export_tflite_graph_tf2.py, then the same with
  converter = tf.lite.TFLiteConverter.from_saved_model("exported/saved_model")
  converter.allow_custom_ops = True
and without inference_output_type: the detections stay float32
"""

ONNX2TF = """\
onnx2tf: onnx2tf -i model.onnx -b 1 -oiqt
  and take the file *_full_integer_quant.tflite
"""

ULTRALYTICS = """\
Ultralytics: yolo export model=best.pt format=edgetpu imgsz=320 data=your_dataset.yaml
  and take the file *_full_integer_quant.tflite"""

FULL_INTEGER = KERAS + OBJECT_DETECTION_API + ONNX2TF + ULTRALYTICS
