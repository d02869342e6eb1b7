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
        _refuse_lost_zeros(head)
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


def _refuse_lost_zeros(head: bytes) -> None:
    """Raise where a tool for text turned every zero byte into something else, or left the zeros out.

    A model begins with an offset below 16 MB, so that its fourth byte is 0, and its first tables are
    full of small numbers: no undamaged beginning of any length is without a zero byte.
    """
    if len(head) >= 64 and b"\0" not in head:
        now = "spaces" if head.count(b" ") > len(head) // 8 else "something else"
        raise ReadError(
            f"this was a .tflite model, but its zero bytes are {now} now: it went through a tool that takes "
            "files for text (an editor, a text-mode transfer, copy and paste). Get it again, as binary",
            head.find(b" ") if now == "spaces" else 3,
        )


def _describe(head: bytes, size: int) -> str | None:
    if not head.strip(b"\0"):
        return f"{size:,} bytes, the first {len(head):,} of them zero: the disk was full, or the download broke off"
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if head[4:8] == b"DWN1":
        return "a bare Edge TPU package (DWN1) without the .tflite file around it"
    if head[257:262] == b"ustar":
        return "a tar archive: unpack it first"
    if FILE_IDENTIFIER in head[:64]:
        return _describe_damaged(head)
    return _describe_utf16(head) or _describe_text(head, size) or _describe_protobuf(head)


def _describe_damaged(head: bytes) -> str:
    """The identifier stands near the beginning, but not where it belongs."""
    if b"\xef\xbf\xbd" in head:
        return (
            "what was left of one when it was read as text: its bytes became U+FFFD. Get it again, as binary"
        )
    return (
        f"one whose bytes are shifted: the identifier TFL3 stands at byte {head.find(FILE_IDENTIFIER)} instead "
        "of 4. Something was put in front of it, or cut off"
    )


def _describe_utf16(head: bytes) -> str | None:
    """Redirecting a download in PowerShell writes UTF-16, whatever came."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
        if "TFL3" in text[:64]:
            return "what was left of one when a shell wrote it as UTF-16 text. Get it again, as binary"
        return f"UTF-16 text that begins with {_beginning(text)!r}"
    return None


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
    if start.startswith(("../", "./", "/")) and text == text.strip() and "\n" not in text and size < 4096:
        return (
            f"a Git symbolic link that was checked out as text: it holds only the path {text[:200]!r}. "
            "Take the file it names, or clone with 'git clone -c core.symlinks=true'"
        )
    if "unsigned char" in start:
        return "C source: take the .tflite file it was made from"
    return f"text that begins with {_beginning(text)!r}"


def _beginning(text: str) -> str:
    first = (text.strip("\ufeff \t\r\n").splitlines() or [""])[0]
    return first if len(first) <= 80 else first[:77] + "..."


def _describe_protobuf(head: bytes) -> str | None:
    # SavedModel: field 1 (schema version) = 1, then field 2 (meta graph).
    if head[:3] == b"\x08\x01\x12":
        return "a TensorFlow SavedModel (saved_model.pb): convert it first"
    # ONNX ModelProto: field 1 (ir_version, varint below 32), then opset, producer or graph.
    begins = len(head) > 4 and head[0] == 0x08 and head[1] < 0x20 and head[2] in (0x12, 0x3A, 0x42)
    if begins and (head[2] == 0x12 or b"onnx" in head.lower() or b"pytorch" in head.lower()):
        return "an ONNX model: convert it first, for example with onnx2tf -oiqt"
    if head[:1] == b"\x0a" and (b"Placeholder" in head or b"Const" in head):
        return "a frozen TensorFlow graph (.pb): convert it first"
    return None
