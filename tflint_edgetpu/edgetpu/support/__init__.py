"""One small documented function per constraint of the Edge TPU, grouped by operator family."""
