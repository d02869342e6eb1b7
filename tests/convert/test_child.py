"""What the child decides without TensorFlow: bytecode in Keras files, savers of a graph, overlaid packages."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tflint_edgetpu.convert.child import versions
from tflint_edgetpu.convert.child.safety import keras_config, refuse_bytecode, refuse_graph_that_reaches_out
from tflint_edgetpu.convert.errors import CannotConvert

OLD_LAMBDA = {
    "class_name": "Lambda",
    "config": {"function": ["4wEAAAA=", None, None], "function_type": "lambda"},
}
NEW_LAMBDA = {
    "class_name": "Lambda",
    "config": {"function": {"class_name": "__lambda__", "config": {"value": {}}}},
}
NAMED = {"class_name": "Lambda", "config": {"function": "relu", "function_type": "function"}}


@pytest.mark.parametrize("layer", [OLD_LAMBDA, NEW_LAMBDA])
def test_bytecode_is_found_however_deep(layer: dict[str, Any]) -> None:
    nested = {"config": {"layers": [{"class_name": "TimeDistributed", "config": {"layer": layer}}]}}
    with pytest.raises(CannotConvert, match="--trust-source"):
        refuse_bytecode(nested, Path("net.keras"))


def test_a_lambda_of_a_named_function_is_none() -> None:
    refuse_bytecode({"config": {"layers": [NAMED]}}, Path("net.keras"))


def test_a_config_nested_beyond_recursion_is_walked() -> None:
    deep: Any = OLD_LAMBDA
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(CannotConvert):
        refuse_bytecode(deep, Path("net.keras"))


def test_the_version_that_wrote_a_keras_file(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Functional"}))
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
    assert keras_config(path) == ({"class_name": "Functional"}, "3.15.1")


def node(op: str, name: str = "", calls: str = "") -> Any:
    return SimpleNamespace(op=op, name=name, attr={"f": SimpleNamespace(func=SimpleNamespace(name=calls))})


def graph(functions: dict[str, list[Any]], saver: str = "") -> Any:
    library = [
        SimpleNamespace(signature=SimpleNamespace(name=n), node_def=nodes) for n, nodes in functions.items()
    ]
    return SimpleNamespace(
        graph_def=SimpleNamespace(
            node=[node("StatefulPartitionedCall", "save_call", saver)],
            library=SimpleNamespace(function=library),
        ),
        saver_def=SimpleNamespace(save_tensor_name="save_call:0"),
    )


def test_saving_is_the_savers_business_and_nobody_elses() -> None:
    saving = {
        "outer": [node("PartitionedCall", calls="inner")],
        "inner": [node("SaveV2"), node("MergeV2Checkpoints")],
    }
    refuse_graph_that_reaches_out(graph(saving, saver="outer"))
    with pytest.raises(CannotConvert, match="SaveV2"):
        refuse_graph_that_reaches_out(graph({**saving, "serve": [node("SaveV2")]}, saver="outer"))


@pytest.mark.parametrize("op", ["ReadFile", "WriteFile", "PyFunc", "EagerPyFunc", "MatchingFiles"])
def test_operators_that_reach_out_need_trust(op: str) -> None:
    with pytest.raises(CannotConvert, match=op):
        refuse_graph_that_reaches_out(graph({"serve": [node("MatMul"), node(op)]}))


def test_two_tensorflows_in_one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"tensorflow": "2.21.0", "tensorflow-cpu": "2.21.0"}
    monkeypatch.setattr(versions, "_installed", installed.get)
    said = versions.overlaid()
    assert said is not None and "--no-deps" in said
    for only in installed:
        monkeypatch.setattr(versions, "_installed", {only: "2.21.0"}.get)
        assert versions.overlaid() is None
