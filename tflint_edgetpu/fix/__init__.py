"""Repairing a model in the flatbuffer itself, and proving that nothing else moved."""
