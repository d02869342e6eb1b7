"""The options of builtin operators as typed data.

Each class is one table of the schema; each attribute names its slot and its default once, and serves
as declaration, decoder and type.  Operators the Edge TPU supports are here, and those it meets most
in real models; the options of all others are ``None``.  Names follow ``schema.fbs`` in snake case.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast, overload

from .flatbuffer import Table

T = TypeVar("T")

ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")


class Option(Generic[T]):
    """One field: a descriptor that gives the decoded value, or the schema's default."""

    __slots__ = ("default", "name", "reader", "slot")

    def __init__(self, slot: int, reader: str, default: T) -> None:
        self.slot, self.reader, self.default = slot, reader, default

    def __set_name__(self, owner: type[Options], name: str) -> None:
        self.name = name
        owner.fields = (*owner.fields, self)

    @overload
    def __get__(self, instance: None, owner: type) -> Option[T]: ...
    @overload
    def __get__(self, instance: Options, owner: type) -> T: ...
    def __get__(self, instance: Options | None, owner: type) -> Option[T] | T:
        return self if instance is None else cast(T, instance.values.get(self.name, self.default))

    def __set__(self, instance: Options, value: T) -> None:
        raise AttributeError(f"options are frozen: {self.name}")

    def decode(self, table: Table) -> T:
        return cast(T, getattr(self, "_" + self.reader)(table))

    def _i32(self, table: Table) -> int:
        return table.i32(self.slot, cast(int, self.default))

    def _f32(self, table: Table) -> float:
        return table.f32(self.slot, cast(float, self.default))

    def _boolean(self, table: Table) -> bool:
        return table.boolean(self.slot, cast(bool, self.default))

    def _i32s(self, table: Table) -> tuple[int, ...] | None:
        return table.i32s(self.slot)

    def _string(self, table: Table) -> str | None:
        return table.string(self.slot)

    def _i8(self, table: Table) -> int:
        return table.i8(self.slot, cast(int, self.default))

    def _activation(self, table: Table) -> str:
        code = table.u8(self.slot)
        return ACTIVATIONS[code] if code < len(ACTIVATIONS) else f"ACTIVATION_{code}"

    def _padding(self, table: Table) -> str:
        code = table.u8(self.slot)
        return ("SAME", "VALID")[code] if code < 2 else f"PADDING_{code}"


def _int(slot: int, default: int = 0) -> Option[int]:
    return Option(slot, "i32", default)


def _byte(slot: int, default: int = 0) -> Option[int]:
    return Option(slot, "i8", default)


def _float(slot: int, default: float = 0.0) -> Option[float]:
    return Option(slot, "f32", default)


def _bool(slot: int, default: bool = False) -> Option[bool]:
    return Option(slot, "boolean", default)


def _ints(slot: int) -> Option[tuple[int, ...] | None]:
    return Option(slot, "i32s", None)


def _text(slot: int) -> Option[str | None]:
    return Option(slot, "string", None)


def _activation(slot: int) -> Option[str]:
    return Option(slot, "activation", "NONE")


def _padding(slot: int) -> Option[str]:
    return Option(slot, "padding", "SAME")


class Options:
    """Base of all option tables. Frozen; ``values`` holds what was decoded."""

    __slots__ = ("values",)
    fields: tuple[Option[Any], ...] = ()
    values: dict[str, Any]

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "values", values or {})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"options are frozen: {name}")

    def __reduce__(self) -> tuple[type[Options], tuple[dict[str, Any]]]:
        return type(self), (self.values,)

    @classmethod
    def decode(cls, table: Table) -> Options:
        return cls({field.name: field.decode(table) for field in cls.fields})

    def as_dict(self) -> dict[str, Any]:
        return {field.name: self.values.get(field.name, field.default) for field in self.fields}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.as_dict().items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((type(self).__name__, tuple(self.as_dict().items())))


class Conv2DOptions(Options):
    __slots__ = ()
    padding = _padding(0)
    stride_w = _int(1)
    stride_h = _int(2)
    fused_activation_function = _activation(3)
    dilation_w_factor = _int(4, 1)
    dilation_h_factor = _int(5, 1)


class DepthwiseConv2DOptions(Options):
    __slots__ = ()
    padding = _padding(0)
    stride_w = _int(1)
    stride_h = _int(2)
    depth_multiplier = _int(3)
    fused_activation_function = _activation(4)
    dilation_w_factor = _int(5, 1)
    dilation_h_factor = _int(6, 1)


class TransposeConvOptions(Options):
    __slots__ = ()
    padding = _padding(0)
    stride_w = _int(1)
    stride_h = _int(2)
    fused_activation_function = _activation(3)


class Conv3DOptions(Options):
    __slots__ = ()
    padding = _padding(0)
    stride_d = _int(1)
    stride_w = _int(2)
    stride_h = _int(3)
    fused_activation_function = _activation(4)
    dilation_d_factor = _int(5, 1)
    dilation_w_factor = _int(6, 1)
    dilation_h_factor = _int(7, 1)


class Pool2DOptions(Options):
    __slots__ = ()
    padding = _padding(0)
    stride_w = _int(1)
    stride_h = _int(2)
    filter_width = _int(3)
    filter_height = _int(4)
    fused_activation_function = _activation(5)


class FullyConnectedOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    weights_format = _byte(1)  # 0 DEFAULT, 1 SHUFFLED4x16INT8
    keep_num_dims = _bool(2)
    asymmetric_quantize_inputs = _bool(3)


class SoftmaxOptions(Options):
    __slots__ = ()
    beta = _float(0)


class ConcatenationOptions(Options):
    __slots__ = ()
    axis = _int(0)
    fused_activation_function = _activation(1)


class AddOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    pot_scale_int16 = _bool(1, True)


class SubOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    pot_scale_int16 = _bool(1, True)


class MulOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)


class DivOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)


class L2NormOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)


class SVDFOptions(Options):
    __slots__ = ()
    rank = _int(0)
    fused_activation_function = _activation(1)
    asymmetric_quantize_inputs = _bool(2)


class RNNOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    asymmetric_quantize_inputs = _bool(1)


class SequenceRNNOptions(Options):
    __slots__ = ()
    time_major = _bool(0)
    fused_activation_function = _activation(1)
    asymmetric_quantize_inputs = _bool(2)


class BidirectionalSequenceRNNOptions(Options):
    __slots__ = ()
    time_major = _bool(0)
    fused_activation_function = _activation(1)
    merge_outputs = _bool(2)
    asymmetric_quantize_inputs = _bool(3)


class LSTMOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    cell_clip = _float(1)
    proj_clip = _float(2)
    kernel_type = _byte(3)  # 0 FULL, 1 BASIC
    asymmetric_quantize_inputs = _bool(4)


class UnidirectionalSequenceLSTMOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    cell_clip = _float(1)
    proj_clip = _float(2)
    time_major = _bool(3)
    asymmetric_quantize_inputs = _bool(4)
    diagonal_recurrent_tensors = _bool(5)


class BidirectionalSequenceLSTMOptions(Options):
    __slots__ = ()
    fused_activation_function = _activation(0)
    cell_clip = _float(1)
    proj_clip = _float(2)
    merge_outputs = _bool(3)
    time_major = _bool(4, True)
    asymmetric_quantize_inputs = _bool(5)


class ResizeBilinearOptions(Options):
    __slots__ = ()
    align_corners = _bool(2)
    half_pixel_centers = _bool(3)


class ResizeNearestNeighborOptions(Options):
    __slots__ = ()
    align_corners = _bool(0)
    half_pixel_centers = _bool(1)


class ReshapeOptions(Options):
    __slots__ = ()
    new_shape = _ints(0)


class SqueezeOptions(Options):
    __slots__ = ()
    squeeze_dims = _ints(0)


class SplitOptions(Options):
    __slots__ = ()
    num_splits = _int(0)


class SplitVOptions(Options):
    __slots__ = ()
    num_splits = _int(0)


class StridedSliceOptions(Options):
    __slots__ = ()
    begin_mask = _int(0)
    end_mask = _int(1)
    ellipsis_mask = _int(2)
    new_axis_mask = _int(3)
    shrink_axis_mask = _int(4)
    offset = _bool(5)


class SpaceToDepthOptions(Options):
    __slots__ = ()
    block_size = _int(0)


class DepthToSpaceOptions(Options):
    __slots__ = ()
    block_size = _int(0)


class PackOptions(Options):
    __slots__ = ()
    values_count = _int(0)
    axis = _int(1)


class UnpackOptions(Options):
    __slots__ = ()
    num = _int(0)
    axis = _int(1)


class ReducerOptions(Options):
    __slots__ = ()
    keep_dims = _bool(0)


class GatherOptions(Options):
    __slots__ = ()
    axis = _int(0)
    batch_dims = _int(1)


class BatchMatMulOptions(Options):
    __slots__ = ()
    adj_x = _bool(0)
    adj_y = _bool(1)
    asymmetric_quantize_inputs = _bool(2)


class LeakyReluOptions(Options):
    __slots__ = ()
    alpha = _float(0)


class GeluOptions(Options):
    __slots__ = ()
    approximate = _bool(0)


class MirrorPadOptions(Options):
    __slots__ = ()
    mode = _byte(0)  # 0 REFLECT, 1 SYMMETRIC


class CastOptions(Options):
    __slots__ = ()
    in_data_type = _byte(0)
    out_data_type = _byte(1)


class ArgMaxOptions(Options):
    __slots__ = ()
    output_type = _byte(0)


class ArgMinOptions(Options):
    __slots__ = ()
    output_type = _byte(0)


class OneHotOptions(Options):
    __slots__ = ()
    axis = _int(0)


class CumsumOptions(Options):
    __slots__ = ()
    exclusive = _bool(0)
    reverse = _bool(1)


class IfOptions(Options):
    __slots__ = ()
    then_subgraph_index = _int(0)
    else_subgraph_index = _int(1)


class WhileOptions(Options):
    __slots__ = ()
    cond_subgraph_index = _int(0)
    body_subgraph_index = _int(1)


class CallOnceOptions(Options):
    __slots__ = ()
    init_subgraph_index = _int(0)


class VarHandleOptions(Options):
    __slots__ = ()
    container = _text(0)
    shared_name = _text(1)


# Code of the BuiltinOptions union -> its table.
OPTIONS: dict[int, type[Options]] = {
    1: Conv2DOptions, 2: DepthwiseConv2DOptions, 5: Pool2DOptions, 6: SVDFOptions, 7: RNNOptions,
    8: FullyConnectedOptions, 9: SoftmaxOptions, 10: ConcatenationOptions, 11: AddOptions,
    12: L2NormOptions, 14: LSTMOptions, 15: ResizeBilinearOptions, 17: ReshapeOptions,
    19: SpaceToDepthOptions, 21: MulOptions, 23: GatherOptions, 27: ReducerOptions, 28: SubOptions,
    29: DivOptions, 30: SqueezeOptions, 31: SequenceRNNOptions, 32: StridedSliceOptions, 35: SplitOptions,
    37: CastOptions, 40: ArgMaxOptions, 49: TransposeConvOptions, 57: ArgMinOptions, 59: PackOptions,
    61: OneHotOptions, 64: UnpackOptions, 69: BidirectionalSequenceLSTMOptions,
    70: BidirectionalSequenceRNNOptions, 71: UnidirectionalSequenceLSTMOptions,
    74: ResizeNearestNeighborOptions, 75: LeakyReluOptions, 77: MirrorPadOptions, 79: SplitVOptions,
    92: IfOptions, 93: WhileOptions, 94: DepthToSpaceOptions, 101: BatchMatMulOptions, 102: CumsumOptions,
    103: CallOnceOptions, 106: Conv3DOptions, 111: VarHandleOptions, 116: GeluOptions,
}  # fmt: skip
