"""What the Edge TPU and its compiler do with a model."""
