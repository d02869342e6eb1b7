"""The texts of one file in all formats of a run: the part of the writing that can happen in another process."""

from __future__ import annotations

from ..lint.file_report import FileReport
from ..model.record import NamedTuple
from .reporter import BuiltInReporter


class Rendered(NamedTuple):
    """A file, and its text in each format."""

    file: FileReport
    texts: tuple[str, ...]


class Rendering(NamedTuple):
    """Makes them; it can be sent to a process. ``formats``: names and looks of built-in formats. ``keep``: whether
    somebody still needs the model, as the format of a plugin may."""

    formats: tuple[tuple[str, object], ...]
    keep: bool

    def render(self, file: FileReport) -> Rendered:
        texts = tuple(BuiltInReporter(name).file_text(file, look) for name, look in self.formats)
        return Rendered(file if self.keep else file.without_model(), texts)
