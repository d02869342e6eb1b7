"""One input of each kind a model takes, and the sources that have many of them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]
Sample = dict[str, Array]


class Samples(Protocol):
    """Samples by number, in an order that does not change."""

    shuffled: bool  # whether the order is already a mixture

    @property
    def notes(self) -> list[str]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> Sample: ...

    def label(self, number: int) -> str:
        """What a person calls this entry: a file name, 'sample 3'."""
