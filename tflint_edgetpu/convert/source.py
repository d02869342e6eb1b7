"""What a user calls SOURCE, recognised by what is in it. Nothing here imports TensorFlow."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..model.errors import ReadError
from ..model.reader import read_model
from .errors import SourceError

# A flatbuffer's offsets are 32 bits, signed: TensorFlow's converter writes no model beyond this, and the float
# model that it calibrates with is one.
LARGEST_BYTES = 2**31 - 1

_HDF5 = b"\x89HDF\r\n\x1a\n"
_FUNCTION = re.compile(r"(?P<module>[\w./\\ -]+?(\.py)?|[A-Za-z]:[\w./\\ -]+?\.py):(?P<name>[A-Za-z_][\w.]*)")
_ELSEWHERE = {
    ".onnx": "an ONNX model: 'onnx2tf -i MODEL.onnx -osd' makes a SavedModel of it, in an environment of its own",
    ".pt": "a PyTorch file: Ultralytics exports it (yolo export model=FILE format=saved_model); others go through ONNX",
    ".pth": "a PyTorch file: export it to ONNX, then onnx2tf makes a SavedModel",
    ".pb": "a frozen graph: load it with tf.compat.v1 and save it as a SavedModel, then give that folder",
    ".ckpt": "a checkpoint holds weights without a graph: export a SavedModel from the code that built it",
    ".py": "a script: name the function that builds the model, as FILE.py:function",
    ".ipynb": "a notebook: save the model it builds (model.save('model.keras')), or 'tflint-edgetpu lint' the notebook",
}


class Source(NamedTuple):
    """A model to convert. ``path`` is a folder, a file, or ``module:function``."""

    kind: str  # saved_model, keras, function or float_tflite
    path: str
    signature: str | None = None  # of a SavedModel; None: serving_default, or the only one
    tags: tuple[str, ...] = ()  # of a SavedModel; empty: serve, or the only set
    trust: bool = False  # code that comes with the source may run

    @property
    def stem(self) -> str:
        """A name for files made from it."""
        if self.kind == "function":
            return self.path.rpartition(":")[2]
        return (
            Path(self.path).resolve().stem if self.kind != "saved_model" else Path(self.path).resolve().name
        )


def recognise(
    text: str, *, signature: str | None = None, tags: tuple[str, ...] = (), trust: bool = False
) -> Source:
    """The source that ``text`` names; raises SourceError with a way on."""
    path = Path(text)
    if path.is_dir():
        _look_into(path)
        return Source("saved_model", text, signature, tags, trust)
    found = Source(_kind_of_file(path), text, None, (), trust) if path.is_file() else _function(text, trust)
    if signature is not None or tags:
        raise SourceError(f"--signature and --tags choose from a SavedModel; {text} is none")
    return found


def _look_into(folder: Path) -> None:
    if (folder / "saved_model.pb").is_file():
        return
    if (folder / "saved_model.pbtxt").is_file():
        raise SourceError(f"{folder} holds a SavedModel as text (saved_model.pbtxt); save it again as binary")
    below = sorted(folder.glob("*/saved_model.pb"))
    if below:
        raise SourceError(f"{folder} is no SavedModel, but {below[0].parent} is: give that")
    raise SourceError(f"{folder} is no SavedModel: there is no saved_model.pb in it")


def _kind_of_file(path: Path) -> str:
    if path.name == "saved_model.pb":
        raise SourceError(f"give the folder of the SavedModel, {path.parent}, not the file in it")
    with path.open("rb") as file:
        head = file.read(8)
    if head == _HDF5:
        return "keras"
    elsewhere = _ELSEWHERE.get(path.suffix.lower())  # a PyTorch file may be a ZIP archive too
    if head[:2] == b"PK":
        if not zipfile.is_zipfile(path):
            raise SourceError(
                f"{path} is a damaged ZIP archive, as of a Keras model that was not copied to its end"
            )
        with zipfile.ZipFile(path) as archive:
            if "config.json" in archive.namelist():
                return "keras"
        if elsewhere is None:
            raise SourceError(f"{path} is a ZIP archive without a config.json: no Keras model")
    if head[4:8] == b"TFL3":
        return _float_model(path)
    raise SourceError(
        f"{path} is {elsewhere}" if elsewhere else
        f"{path} is neither a Keras model (.keras, .h5) nor a float .tflite; a SavedModel is given as its folder"
    )  # fmt: skip


def _float_model(path: Path) -> str:
    try:
        model = read_model(str(path))
    except ReadError as error:
        raise SourceError(f"{path}: {error}") from None
    try:
        quantized = [tensor for tensor in model.main.tensors if tensor.is_quantized]
        floats = any(tensor.dtype == "FLOAT32" for tensor in model.main.tensors)
    finally:
        model.close()
    if quantized or not floats:
        raise SourceError(
            f"{path} is quantized already, and quantizing twice only loses: 'tflint-edgetpu fix' repairs it; "
            "to convert again, give the model it was made from"
        )
    return "float_tflite"


def _function(text: str, trust: bool) -> Source:
    match = _FUNCTION.fullmatch(text)
    if match is None:
        raise SourceError(f"there is no file or folder '{text}'")
    module = match["module"]
    if module.endswith(".py") and not Path(module).is_file():
        raise SourceError(f"there is no file '{module}'")
    if not trust:
        raise SourceError(
            f"{text} is code of yours, and importing it runs it: say --trust-source to allow that"
        )
    return Source("function", text, trust=True)


def source_hash(source: Source) -> str | None:
    """SHA-256 of the source's bytes (of a folder: of its files in the order of their names); ``None`` for a
    function of an installed module, whose bytes nobody can bound.
    """
    path = source.path
    if source.kind == "function":
        path = path.rpartition(":")[0]
        if not path.endswith(".py"):
            return None
    digest = hashlib.sha256()
    for name, file in _files(Path(path)):
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
        with file.open("rb") as stream:
            while piece := stream.read(2**20):
                digest.update(piece)
    return digest.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield "", path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file():
            yield file.relative_to(path).as_posix(), file
