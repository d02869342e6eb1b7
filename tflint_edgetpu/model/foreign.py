"""What a file really is that was handed over as a model but is none."""

from __future__ import annotations

from .errors import ReadError
from .schema import FILE_IDENTIFIER
from .source import ByteSource

_LFS = b"version https://git-lfs"
_HEAD = 4096

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive. A MediaPipe .task or .zip bundle holds .tflite files: unpack it and lint "
                    "those. A Keras .keras file is a ZIP archive too: convert it first"),
    (b"\x1f\x8b", "gzip-compressed data: unpack it first (gunzip or tar xzf)"),
    (b"\x89HDF\r\n", "an HDF5 file, most likely a Keras .h5 model: convert it to .tflite first"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x7fELF", "an ELF program or library"),
    (b"MZ", "a Windows program"),
    (b"%PDF", "a PDF document"),
    (b"BZh", "bzip2-compressed data: unpack it first"),
    (b"\xfd7zXZ", "xz-compressed data: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x80\x02", "a Python pickle, for example a PyTorch checkpoint: export and convert it first"),
)  # fmt: skip


def refuse_foreign(source: ByteSource) -> None:
    """Raise :class:`ReadError` that says what the file is, unless it carries the identifier ``TFL3``."""
    if source.size == 0:
        raise ReadError("the file is empty (0 bytes)")
    head = source.read(0, min(source.size, _HEAD))
    if head[4:8] == FILE_IDENTIFIER:
        return
    what = _describe(head, source.size)
    if what:
        raise ReadError(f"this is not a .tflite model but {what}")
    if source.size < 8:
        raise ReadError(
            f"the file has only {source.size} bytes; a .tflite model begins with 8 bytes of header"
        )
    shown = head[4:8].decode("ascii", "backslashreplace")
    raise ReadError(
        f"this is not a .tflite model: bytes 4 to 7 read {shown!r} instead of 'TFL3', the identifier of "
        "the format. The download may be damaged, or it is another kind of file",
        4,
    )


def _describe(head: bytes, size: int) -> str | None:
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if head[4:8] == b"DWN1":
        return "a bare Edge TPU package (DWN1) without the .tflite file around it"
    if head[257:262] == b"ustar":
        return "a tar archive: unpack it first"
    return _describe_text(head, size) or _describe_protobuf(head)


def _describe_text(head: bytes, size: int) -> str | None:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 or error.start == 0:
            return None
        text = head[: error.start].decode("utf-8")
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        return None
    if head.startswith(_LFS):
        wanted = next((line.split()[1] for line in text.splitlines() if line.startswith("size ")), None)
        size_text = f" of {int(wanted):,} bytes" if wanted and wanted.isdigit() else ""
        return (
            f"a Git LFS pointer: the model itself{size_text} was not downloaded. Run 'git lfs pull' in the "
            "repository, or download the file by its 'raw' link"
        )
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<!doctype html", "<html")) or "<html" in start[:512]:
        return (
            "a web page (HTML). A link to a page was downloaded instead of the file: use the 'raw' or "
            "'download' link"
        )
    if start.startswith("<?xml") or start.startswith("<error"):
        return "an XML document, often a storage server's error message instead of the file"
    if start.startswith(("{", "[")):
        return "JSON text"
    if "edge tpu compiler version" in start:
        return "a log of edgetpu_compiler"
    if not start:
        return f"{size} bytes of white space"
    first = text.strip().splitlines()[0][:60]
    return f"text that begins with {first!r}"


def _describe_protobuf(head: bytes) -> str | None:
    # ONNX ModelProto: field 1 (ir_version, varint below 32), then opset, producer or graph.
    if len(head) > 4 and head[0] == 0x08 and head[1] < 0x20 and head[2] in (0x12, 0x3A, 0x42):
        if b"onnx" in head.lower() or b"pytorch" in head.lower() or head[2] == 0x12:
            return "an ONNX model: convert it first, for example with onnx2tf -oiqt"
    # SavedModel: field 1 (schema version) = 1, then field 2 (meta graph).
    if head[:3] == b"\x08\x01\x12":
        return "a TensorFlow SavedModel (saved_model.pb): convert it first"
    if head[:1] == b"\x0a" and (b"Placeholder" in head or b"Const" in head):
        return "a frozen TensorFlow graph (.pb): convert it first"
    return None
