"""What may run when a source is loaded: looked at before it is loaded.

A SavedModel holds a graph, not Python.  Loading and tracing it runs parts of the graph, though (restoring
variables, initialisers, folding of constants), and some operators of TensorFlow read and write files or call
Python; TensorFlow's own advice is to treat a model as a program.  A graph with such an operator is refused unless
the source is trusted.  A Keras file may carry Python bytecode in a Lambda layer.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import CannotConvert

# Operators that touch files, processes, the network or Python. Restoring is what loading is about; saving belongs
# to the function that the SavedModel itself names as its saver, and to no other.
REACHES_OUT = frozenset(
    (
        "EagerPyFunc", "MatchingFiles", "MatchingFilesDataset", "PyFunc", "PyFuncStateless", "ReadFile", "WriteFile",
        "FixedLengthRecordReaderV2", "IdentityReaderV2", "TFRecordReaderV2", "TextLineReaderV2", "WholeFileReaderV2",
        "TFRecordDataset", "TextLineDataset", "FixedLengthRecordDatasetV2", "CSVDataset", "SqlDataset",
        "CreateSummaryFileWriter", "CreateSummaryDbWriter", "RpcCall", "RpcClient", "RpcServer",
        "FileSystemSetConfiguration",
        "DebugIdentity", "DebugIdentityV2", "DebugIdentityV3", "PrintV2",
    )
)  # fmt: skip
SAVING = frozenset(("DeleteOldDirs", "MergeV2Checkpoints", "Save", "SaveSlices", "SaveV2"))


def refuse_graph_that_reaches_out(graph: Any) -> None:
    """``graph`` is a MetaGraphDef; raises CannotConvert naming the operators that need trust."""
    savers = _savers(graph)
    found: set[str] = set()
    for function, node in _nodes(graph.graph_def):
        if node.op in REACHES_OUT or (node.op in SAVING and function and function not in savers):
            found.add(node.op)
    if found:
        raise CannotConvert(
            f"the SavedModel's graph reaches files or code outside of it ({', '.join(sorted(found)[:4])}): say "
            "--trust-source if you know where it comes from"
        )


def _nodes(graph: Any) -> Iterator[tuple[str, Any]]:
    for node in graph.node:
        yield "", node
    for function in graph.library.function:
        for node in function.node_def:
            yield function.signature.name, node


def _savers(graph: Any) -> set[str]:
    """Names of the functions that the saver of the SavedModel calls, and of those that these call."""
    named = graph.saver_def.save_tensor_name.partition(":")[0]
    called: dict[str, set[str]] = {
        function.signature.name: {
            a.func.name for n in function.node_def for a in n.attr.values() if a.func.name
        }
        for function in graph.graph_def.library.function
    }
    todo = [a.func.name for node in graph.graph_def.node if node.name == named for a in node.attr.values()]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name and name not in found:
            found.add(name)
            todo.extend(called.get(name, ()))
    return found


def keras_config(path: Path) -> tuple[Any, str]:
    """The layers of a Keras file as it describes them, and the version of Keras that wrote it ('' unknown)."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
            about = json.loads(archive.read("metadata.json")) if "metadata.json" in archive.namelist() else {}
        return config, str(about.get("keras_version", ""))
    with import_module("h5py").File(path, "r") as file:
        config = file.attrs.get("model_config")
        version = file.attrs.get("keras_version", "")
    if config is None:
        raise CannotConvert(f"{path} holds weights without a model: save the whole model with model.save()")
    text = config.decode() if isinstance(config, bytes) else str(config)
    return json.loads(text), version.decode() if isinstance(version, bytes) else str(version)


def refuse_bytecode(config: Any, path: Path) -> None:
    """Raises CannotConvert where a layer carries Python bytecode. Keras' own safe_mode overlooked it in .h5
    files for years, and tf-keras still does.
    """
    todo = [config]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if part.get("class_name") == "__lambda__" or part.get("function_type") == "lambda":
                raise CannotConvert(
                    f"{path} holds a Lambda layer, which is Python bytecode: say --trust-source if you know where "
                    "it comes from"
                )
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
