"""From a source model to a fully integer .tflite: settings, calibration, candidates, the best of them."""
