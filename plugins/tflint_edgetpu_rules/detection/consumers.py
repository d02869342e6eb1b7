"""The programs that read a detector's outputs, as their makers write them."""

from __future__ import annotations

CALLED = {"pycoral": "PyCoral", "frigate": "Frigate"}
