"""Give an operator a code of its own with the version it needs; bring constants back into the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...edgetpu.versions import needed_version
from ...lint.finding import Safety
from ...model.reader import read_model
from ..edit import EditKind, EditRefused
from ..excerpt import excerpt
from ..tree import Tree


def own_code(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the operator; its version becomes the one its own types and options need."""
    node = tree.operator(ref)
    if node not in tree.main.operators:
        raise EditRefused("the operator is gone")
    if node.kind == "CUSTOM":
        raise EditRefused("a custom operator's version is its own business")
    # Asked of the operator as it is now: an earlier edit may have changed types or options.
    version = needed_version(read_model(excerpt([node])).main.operators[0])
    if version == node.version:
        raise EditRefused(f"it needs the version it has, {version}")
    node.version = version


def inline_buffers(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """Every constant stands in the file when a tree is packed: reading it has done the work."""
    if not tree.had_external_buffers:
        raise EditRefused("all constants stand in the file already")
    tree.had_external_buffers = False


EDITS = (
    EditKind(
        "own-operator-code",
        Safety.SAFE,
        "the number names a kernel; the operator gets the one its types and options ask for",
        own_code,
    ),
    EditKind("inline-buffers", Safety.SAFE, "the same bytes, inside the flatbuffer", inline_buffers),
)
