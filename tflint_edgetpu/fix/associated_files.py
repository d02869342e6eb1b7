"""The files that TFLite Metadata appends to a model: label lists, score calibrations, vocabularies.

They stand behind the flatbuffer as a ZIP archive.  Source:
https://www.tensorflow.org/lite/models/convert/metadata, section "Associated files".
"""

from __future__ import annotations

import io
import zipfile


class AssociatedFiles:
    """The archive behind a model, kept file by file so that it can follow a model of another size."""

    def __init__(self, entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        self.entries = entries

    @classmethod
    def split(cls, data: bytes) -> AssociatedFiles:
        """The archive at the end of ``data``; empty where there is none or it is damaged."""
        stream = io.BytesIO(data)
        if not zipfile.is_zipfile(stream):
            return cls([])
        try:
            with zipfile.ZipFile(stream) as archive:
                return cls([(info, archive.read(info)) for info in archive.infolist()])
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
            return cls([])

    def append_to(self, model: bytes) -> bytes:
        """``model`` with the archive behind it."""
        if not self.entries:
            return model
        stream = io.BytesIO(model)
        stream.seek(0, io.SEEK_END)
        with zipfile.ZipFile(stream, "a") as archive:
            for info, content in self.entries:
                fresh = zipfile.ZipInfo(info.filename, info.date_time)
                fresh.compress_type = info.compress_type
                fresh.external_attr = info.external_attr
                archive.writestr(fresh, content)
        return stream.getvalue()
