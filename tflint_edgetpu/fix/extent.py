"""Where a model ends in its file: whatever stands behind is no part of the flatbuffer.

A flatbuffer does not say how long it is.  Its end is the end of the last thing that an offset leads to, so
every offset of the schema is followed.  Packing writes what the schema knows and nothing else; what stands
behind has to be carried over by hand.
"""

from __future__ import annotations

from struct import Struct

from ai_edge_litert import schema_py_generated as schema

from ..model.flatbuffer import Flatbuffer, Table
from ..model.schema import BufferSlot, OperatorSlot
from ..model.source import MemorySource

_I32 = Struct("<i")

# Table -> slot of each offset -> what it leads to: a vector with items of so many bytes (strings have 1), a
# table, or a list of tables. Source: LiteRT's schema.fbs, as ai-edge-litert generates it.
References = dict[int, "int | str"]
REFERENCES: dict[str, References] = {
    "Model": {
        1: "[OperatorCode]", 2: "[SubGraph]", 3: 1, 4: "[Buffer]", 5: 4, 6: "[Metadata]", 7: "[SignatureDef]",
        8: "[ExternalBufferGroup]", 9: "[ExternalBuffer]",
    },
    "OperatorCode": {1: 1},
    "SubGraph": {0: "[Tensor]", 1: 4, 2: 4, 3: "[Operator]", 4: 1},
    "Buffer": {0: 1},
    "Metadata": {0: 1},
    "SignatureDef": {0: "[TensorMap]", 1: "[TensorMap]", 2: 1},
    "TensorMap": {0: 1},
    "ExternalBufferGroup": {0: 1},
    "ExternalBuffer": {4: 1},
    "Tensor": {0: 4, 3: 1, 4: "QuantizationParameters", 6: "SparsityParameters", 7: 4, 9: "[VariantSubType]"},
    "VariantSubType": {0: 4},
    "QuantizationParameters": {0: 4, 1: 4, 2: 4, 3: 8},
    "SparsityParameters": {0: 4, 1: 4, 2: "[DimensionMetadata]"},
    "DimensionMetadata": {},
    "Operator": {1: 4, 2: 4, 5: 1, 7: 1, 8: 4},
    "CustomQuantization": {0: 1},
    "BlockwiseQuantization": {3: 4},
    "MultiAxisQuantization": {3: 4},
    "Int32Vector": {0: 4},
    "Uint16Vector": {0: 2},
    "Uint8Vector": {0: 1},
    "BucketizeOptions": {0: 4},
    "ConcatEmbeddingsOptions": {1: 4, 2: 4},
    "FullyConnectedOptions": {5: 1},
    "ReshapeOptions": {0: 4},
    "SqueezeOptions": {0: 4},
    "VarHandleOptions": {0: 1, 1: 1},
    "StableHLOCompositeOptions": {0: 1, 2: 1},
    "StablehloBroadcastInDimOptions": {0: 8},
    "StablehloCaseOptions": {0: 4},
    "StablehloConvolutionOptions": {0: 8, 1: 8, 2: 8, 3: 8, 4: 1, 7: 8, 10: 8, 13: 8, 16: 4},
    "StablehloCustomCallOptions": {0: 1, 2: 1, 4: 4, 5: 1},
    "StablehloDotGeneralOptions": {0: 8, 1: 8, 2: 8, 3: 8, 4: 4},
    "StablehloDynamicSliceOptions": {0: 8},
    "StablehloGatherOptions": {0: 8, 1: 8, 2: 8, 4: 8},
    "StablehloPadOptions": {0: 8, 1: 8, 2: 8},
    "StablehloReduceOptions": {0: 8},
    "StablehloReduceWindowOptions": {0: 8, 1: 8, 2: 8, 3: 8, 4: 8},
    "StablehloScatterOptions": {1: 8, 2: 8, 3: 8},
    "StablehloSliceOptions": {0: 8, 1: 8, 2: 8},
    "StablehloTransposeOptions": {0: 8},
}  # fmt: skip


def _members(union: type) -> dict[int, str]:
    return {number: name for name, number in vars(union).items() if isinstance(number, int)}


# Table -> slot of a union's kind -> the tables it may be; the offset stands in the next slot.
UNIONS = {
    "Operator": {3: _members(schema.BuiltinOptions), 11: _members(schema.BuiltinOptions2)},
    "QuantizationParameters": {4: _members(schema.QuantizationDetails)},
    "DimensionMetadata": {
        2: _members(schema.SparseIndexVector),
        4: _members(schema.SparseIndexVector),
    },
}


def model_end(data: bytes) -> int:
    """The first byte behind the model and the data it refers to by offset; raises ReadError."""
    buffer = Flatbuffer(MemorySource(data))
    end = 0
    todo = [("Model", buffer.root())]
    while todo:
        kind, table = todo.pop()
        vtable = table.position - buffer.number(_I32, table.position)
        size, slots = buffer.vtable(vtable)
        end = max(end, table.position + size, vtable + 4 + 2 * len(slots), _external_end(kind, table))
        for slot, target in REFERENCES.get(kind, {}).items():
            at = table.target(slot)
            if not at:
                continue
            if isinstance(target, int):
                start, count = buffer.vector(at, target)
                end = max(end, start + count * target)
            elif target.startswith("["):
                start, count = buffer.vector(at, 4)
                end = max(end, start + 4 * count)
                todo.extend((target[1:-1], entry) for entry in table.tables(slot))
            else:
                todo.append((target, Table(buffer, at)))
        for slot, members in UNIONS.get(kind, {}).items():
            at = table.target(slot + 1)
            if at:
                todo.append((members.get(table.u8(slot), ""), Table(buffer, at)))
    return end


def _external_end(kind: str, table: Table) -> int:
    """The end of data that a table points to by its place in the file."""
    slots = {
        "Buffer": (BufferSlot.OFFSET, BufferSlot.SIZE),
        "Operator": (OperatorSlot.LARGE_CUSTOM_OPTIONS_OFFSET, OperatorSlot.LARGE_CUSTOM_OPTIONS_SIZE),
    }.get(kind)
    if slots is None:
        return 0
    start, size = table.u64(slots[0]), table.u64(slots[1])
    return start + size if start > 1 and size else 0
