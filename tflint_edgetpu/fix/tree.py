"""A model as a tree of objects that can be edited and packed again.

The schema's own object API refers to tensors, buffers and operator codes by index, so that every
removal shifts the indices of everything else: operators, signatures, metadata.  Here an operator holds
its tensors, a tensor its buffer, an operator its code and version; indices are made anew when the tree
is packed.  What no edit touches is kept: metadata with its associated files, signatures, descriptions,
the order of tensors and buffers.  Packing twice gives the same bytes.

Needs the extra ``fix`` (LiteRT's generated schema, flatbuffers, numpy).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ..model.schema import BUILTIN_OPERATORS, CUSTOM_CODE
from .associated_files import AssociatedFiles
from .nodes import AlignedBuffer, Graph, OperatorNode, SignatureNode, TensorNode


class Tree:
    """A whole file."""

    def __init__(self, data: bytes) -> None:
        self.files = AssociatedFiles(data)
        # The generated unpacker copies vectors as views on this array: it stays alive with the tree.
        self.table = schema.ModelT.InitFromPackedBuf(bytearray(data), 0)
        self.had_external_buffers = any(b.offset > 1 and b.size for b in self.table.buffers or [])
        self.buffers = [_adopt_buffer(buffer, data) for buffer in self.table.buffers or []]
        if not self.buffers:
            self.buffers = [AlignedBuffer()]
        self.metadata = [(entry, self.buffers[entry.buffer]) for entry in self.table.metadata or []]
        self.graphs = [self._adopt_graph(graph, data) for graph in self.table.subgraphs or []]
        self.signatures = [self._adopt_signature(entry) for entry in self.table.signatureDefs or []]
        self._by_ref = dict(self._refs())
        self._used_at_load = {tensor for graph in self.graphs for tensor in graph.used()}
        self._buffers_at_load = set(map(id, self._referenced_buffers()))
        self._codes = [
            (code.builtinCode, code.customCode, code.version)
            for code in map(_wide, self.table.operatorCodes or [])
        ]

    @property
    def main(self) -> Graph:
        return self.graphs[0]

    def _refs(self) -> Iterator[tuple[str, TensorNode | OperatorNode]]:
        for number, graph in enumerate(self.graphs):
            for index, operator in enumerate(graph.operators):
                yield f"subgraph[{number}].op[{index}]", operator
            for index, tensor in enumerate(graph.tensors):
                yield f"subgraph[{number}].tensor[{index}]", tensor

    def operator(self, ref: str) -> OperatorNode:
        """The operator that had this ref when the file was read; raises KeyError for any other."""
        node = self._by_ref[ref]
        if not isinstance(node, OperatorNode):
            raise KeyError(ref)
        return node

    def tensor(self, ref: str) -> TensorNode:
        """The tensor that had this ref when the file was read; raises KeyError for any other."""
        node = self._by_ref[ref]
        if not isinstance(node, TensorNode):
            raise KeyError(ref)
        return node

    def _adopt_graph(self, table: Any, data: bytes) -> Graph:
        tensors = [TensorNode(tensor, self.buffers[tensor.buffer]) for tensor in _list(table.tensors)]
        graph = Graph(table, tensors)
        graph.inputs = [tensors[index] for index in _list(table.inputs)]
        graph.outputs = [tensors[index] for index in _list(table.outputs)]
        for operator in _list(table.operators):
            code = _wide(self.table.operatorCodes[operator.opcodeIndex])
            if operator.largeCustomOptionsOffset > 1:
                start = operator.largeCustomOptionsOffset
                options = data[start : start + operator.largeCustomOptionsSize]
                operator.customOptions = np.frombuffer(options, dtype=np.uint8)
                operator.largeCustomOptionsOffset = operator.largeCustomOptionsSize = 0
            number = code.builtinCode
            graph.operators.append(
                OperatorNode(
                    operator,
                    BUILTIN_OPERATORS[number] if number < len(BUILTIN_OPERATORS) else f"BUILTIN_{number}",
                    code.version,
                    [None if index < 0 else tensors[index] for index in _list(operator.inputs)],
                    [tensors[index] for index in _list(operator.outputs) if index >= 0],
                    custom_code=_text(code.customCode) if number == CUSTOM_CODE else None,
                    builtin_code=number,
                    intermediates=[tensors[index] for index in _list(operator.intermediates)],
                )
            )
        return graph

    def _adopt_signature(self, table: Any) -> SignatureNode:
        node = SignatureNode(table, self.graphs[table.subgraphIndex])
        tensors = node.graph.tensors
        node.inputs = [(entry.name, tensors[entry.tensorIndex]) for entry in _list(table.inputs)]
        node.outputs = [(entry.name, tensors[entry.tensorIndex]) for entry in _list(table.outputs)]
        return node

    def _referenced_buffers(self) -> Iterator[AlignedBuffer]:
        for graph in self.graphs:
            for tensor in graph.tensors:
                yield tensor.buffer
        for _, buffer in self.metadata:
            yield buffer

    def replace_interface(self, graph: Graph, old: TensorNode, new: TensorNode) -> None:
        """Let ``new`` be an input or output wherever ``old`` was, in the graph and its signatures."""
        graph.inputs = [new if tensor is old else tensor for tensor in graph.inputs]
        graph.outputs = [new if tensor is old else tensor for tensor in graph.outputs]
        for signature in self.signatures:
            if signature.graph is graph:
                signature.replace(old, new)

    # Packing

    def pack(self) -> bytes:
        """The file's bytes. Tensors and buffers that edits left without a user are dropped."""
        for graph in self.graphs:
            used = graph.used()
            graph.tensors = [t for t in graph.tensors if t in used or t not in self._used_at_load]
        self._pack_buffers()
        codes = {code: index for index, code in enumerate(self._surviving_codes())}
        for graph in self.graphs:
            self._pack_graph(graph, codes)
        self.table.operatorCodes = [_operator_code(*code) for code in codes]
        self.table.subgraphs = [graph.table for graph in self.graphs]
        for signature in self.signatures:
            numbers = {tensor: index for index, tensor in enumerate(signature.graph.tensors)}
            signature.table.inputs = [_argument(name, numbers[tensor]) for name, tensor in signature.inputs]
            signature.table.outputs = [_argument(name, numbers[tensor]) for name, tensor in signature.outputs]
            signature.table.subgraphIndex = self.graphs.index(signature.graph)
        size = sum(len(buffer.data) for buffer in self.buffers if buffer.data is not None)
        builder = flatbuffers.Builder(size + 2**16)
        builder.Finish(self.table.Pack(builder), file_identifier=b"TFL3")
        return self.files.append_to(bytes(builder.Output()))

    def _pack_buffers(self) -> None:
        referenced = {id(buffer): buffer for buffer in self._referenced_buffers()}
        kept = [
            buffer
            for number, buffer in enumerate(self.buffers)
            if number == 0 or id(buffer) in referenced or id(buffer) not in self._buffers_at_load
        ]
        known = set(map(id, kept))
        kept.extend(buffer for key, buffer in referenced.items() if key not in known)
        numbers = {id(buffer): number for number, buffer in enumerate(kept)}
        for graph in self.graphs:
            for tensor in graph.tensors:
                tensor.table.buffer = numbers[id(tensor.buffer)]
        for entry, buffer in self.metadata:
            entry.buffer = numbers[id(buffer)]
        # The old metadata_buffer list repeats the indices of the metadata entries.
        if self.table.metadataBuffer is not None:
            old = [self.buffers[index] for index in self.table.metadataBuffer if index < len(self.buffers)]
            self.table.metadataBuffer = np.array(
                [numbers[id(buffer)] for buffer in old if id(buffer) in numbers], dtype=np.int32
            )
        self.buffers = kept
        self.table.buffers = kept
        self.table.metadata = [entry for entry, _ in self.metadata] or self.table.metadata

    def _surviving_codes(self) -> list[tuple[int, Any, int]]:
        """The operator codes in the file's order, without those nobody uses any more, then new ones."""
        wanted = dict.fromkeys(
            (node.builtin_code, node.custom_code, node.version)
            for graph in self.graphs
            for node in graph.operators
        )
        old = [(number, _text(custom), version) for number, custom, version in self._codes]
        return [
            *dict.fromkeys(code for code in old if code in wanted),
            *(code for code in wanted if code not in old),
        ]

    @staticmethod
    def _pack_graph(graph: Graph, codes: dict[tuple[int, Any, int], int]) -> None:
        numbers: dict[TensorNode | None, int] = {tensor: index for index, tensor in enumerate(graph.tensors)}
        numbers[None] = -1

        def indices(tensors: Iterable[TensorNode | None]) -> np.ndarray[Any, Any]:
            return np.array([numbers[tensor] for tensor in tensors], dtype=np.int32)

        for node in graph.operators:
            node.table.opcodeIndex = codes[node.builtin_code, node.custom_code, node.version]
            node.table.inputs = indices(node.inputs)
            node.table.outputs = indices(node.outputs)
            node.table.intermediates = indices(node.intermediates) if node.intermediates else None
        graph.table.tensors = [tensor.table for tensor in graph.tensors]
        graph.table.operators = [node.table for node in graph.operators]
        graph.table.inputs = indices(graph.inputs)
        graph.table.outputs = indices(graph.outputs)


def _list(values: Any) -> list[Any]:
    return [] if values is None else list(values)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def _wide(code: Any) -> Any:
    """An operator code with its number in the wide field, whichever field the file uses."""
    code.builtinCode = max(code.builtinCode, code.deprecatedBuiltinCode)
    return code


def _operator_code(number: int, custom: str | None, version: int) -> Any:
    code = schema.OperatorCodeT()
    code.builtinCode = number
    code.deprecatedBuiltinCode = min(number, 127)  # 127 sends old readers to the wide field
    code.customCode = custom
    code.version = version
    return code


def _argument(name: Any, index: int) -> Any:
    argument = schema.TensorMapT()
    argument.name, argument.tensorIndex = name, index
    return argument


def _adopt_buffer(table: Any, data: bytes) -> AlignedBuffer:
    """A buffer with its bytes inside: data behind the flatbuffer would be lost when it is packed."""
    buffer = AlignedBuffer()
    buffer.data = table.data
    if table.data is None and table.offset > 1 and table.size:
        buffer.data = np.frombuffer(data[table.offset : table.offset + table.size], dtype=np.uint8)
    return buffer
