"""A ``.tflite`` file as plain frozen data."""
