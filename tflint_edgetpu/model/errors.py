"""What can go wrong while a model is read."""

from __future__ import annotations


class ReadError(Exception):
    """The bytes are not the model they should be.

    ``what`` is one line for a person; ``position`` the byte at which it was noticed, ``None`` where
    the file as a whole is meant (an empty file, a directory, another format).
    """

    def __init__(self, what: str, position: int | None = None) -> None:
        super().__init__(what, position)
        self.what = what
        self.position = position

    def __str__(self) -> str:
        return self.what if self.position is None else f"{self.what} (at byte {self.position:,})"
