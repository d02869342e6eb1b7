"""The options of builtin operators as typed data.

Each class is one table of the schema; each attribute names its slot and its default once, and serves
as declaration, decoder and type.  Operators the Edge TPU supports are here, and those it meets most
in real models; the options of all others are ``None``.  Names follow ``schema.fbs`` in snake case.
"""

from __future__ import annotations

from .option import Options, activation, boolean, integer, integers, number, padding_of, small_integer, text


class Conv2DOptions(Options):
    __slots__ = ()
    padding = padding_of(0)
    stride_w = integer(1)
    stride_h = integer(2)
    fused_activation_function = activation(3)
    dilation_w_factor = integer(4, 1)
    dilation_h_factor = integer(5, 1)
    quantized_bias_type = small_integer(6)  # a TensorType; 0 where the bias has its usual one


class DepthwiseConv2DOptions(Options):
    __slots__ = ()
    padding = padding_of(0)
    stride_w = integer(1)
    stride_h = integer(2)
    depth_multiplier = integer(3)
    fused_activation_function = activation(4)
    dilation_w_factor = integer(5, 1)
    dilation_h_factor = integer(6, 1)


class TransposeConvOptions(Options):
    __slots__ = ()
    padding = padding_of(0)
    stride_w = integer(1)
    stride_h = integer(2)
    fused_activation_function = activation(3)
    quantized_bias_type = small_integer(4)


class Conv3DOptions(Options):
    __slots__ = ()
    padding = padding_of(0)
    stride_d = integer(1)
    stride_w = integer(2)
    stride_h = integer(3)
    fused_activation_function = activation(4)
    dilation_d_factor = integer(5, 1)
    dilation_w_factor = integer(6, 1)
    dilation_h_factor = integer(7, 1)


class Pool2DOptions(Options):
    __slots__ = ()
    padding = padding_of(0)
    stride_w = integer(1)
    stride_h = integer(2)
    filter_width = integer(3)
    filter_height = integer(4)
    fused_activation_function = activation(5)


class FullyConnectedOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    weights_format = small_integer(1)  # 0 DEFAULT, 1 SHUFFLED4x16INT8
    keep_num_dims = boolean(2)
    asymmetric_quantize_inputs = boolean(3)
    quantized_bias_type = small_integer(4)


class SoftmaxOptions(Options):
    __slots__ = ()
    beta = number(0)


class ConcatenationOptions(Options):
    __slots__ = ()
    axis = integer(0)
    fused_activation_function = activation(1)


class AddOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    pot_scale_int16 = boolean(1, True)


class SubOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    pot_scale_int16 = boolean(1, True)


class MulOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)


class DivOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)


class L2NormOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)


class SVDFOptions(Options):
    __slots__ = ()
    rank = integer(0)
    fused_activation_function = activation(1)
    asymmetric_quantize_inputs = boolean(2)


class RNNOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    asymmetric_quantize_inputs = boolean(1)


class SequenceRNNOptions(Options):
    __slots__ = ()
    time_major = boolean(0)
    fused_activation_function = activation(1)
    asymmetric_quantize_inputs = boolean(2)


class BidirectionalSequenceRNNOptions(Options):
    __slots__ = ()
    time_major = boolean(0)
    fused_activation_function = activation(1)
    merge_outputs = boolean(2)
    asymmetric_quantize_inputs = boolean(3)


class LSTMOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    cell_clip = number(1)
    proj_clip = number(2)
    kernel_type = small_integer(3)  # 0 FULL, 1 BASIC
    asymmetric_quantize_inputs = boolean(4)


class UnidirectionalSequenceLSTMOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    cell_clip = number(1)
    proj_clip = number(2)
    time_major = boolean(3)
    asymmetric_quantize_inputs = boolean(4)
    diagonal_recurrent_tensors = boolean(5)


class BidirectionalSequenceLSTMOptions(Options):
    __slots__ = ()
    fused_activation_function = activation(0)
    cell_clip = number(1)
    proj_clip = number(2)
    merge_outputs = boolean(3)
    time_major = boolean(4, True)
    asymmetric_quantize_inputs = boolean(5)


class ResizeBilinearOptions(Options):
    __slots__ = ()
    align_corners = boolean(2)
    half_pixel_centers = boolean(3)


class ResizeNearestNeighborOptions(Options):
    __slots__ = ()
    align_corners = boolean(0)
    half_pixel_centers = boolean(1)


class ReshapeOptions(Options):
    __slots__ = ()
    new_shape = integers(0)


class SqueezeOptions(Options):
    __slots__ = ()
    squeeze_dims = integers(0)


class SplitOptions(Options):
    __slots__ = ()
    num_splits = integer(0)


class SplitVOptions(Options):
    __slots__ = ()
    num_splits = integer(0)


class StridedSliceOptions(Options):
    __slots__ = ()
    begin_mask = integer(0)
    end_mask = integer(1)
    ellipsis_mask = integer(2)
    new_axis_mask = integer(3)
    shrink_axis_mask = integer(4)
    offset = boolean(5)


class SpaceToDepthOptions(Options):
    __slots__ = ()
    block_size = integer(0)


class DepthToSpaceOptions(Options):
    __slots__ = ()
    block_size = integer(0)


class PackOptions(Options):
    __slots__ = ()
    values_count = integer(0)
    axis = integer(1)


class UnpackOptions(Options):
    __slots__ = ()
    num = integer(0)
    axis = integer(1)


class ReducerOptions(Options):
    __slots__ = ()
    keep_dims = boolean(0)


class GatherOptions(Options):
    __slots__ = ()
    axis = integer(0)
    batch_dims = integer(1)


class BatchMatMulOptions(Options):
    __slots__ = ()
    adj_x = boolean(0)
    adj_y = boolean(1)
    asymmetric_quantize_inputs = boolean(2)


class LeakyReluOptions(Options):
    __slots__ = ()
    alpha = number(0)


class GeluOptions(Options):
    __slots__ = ()
    approximate = boolean(0)


class MirrorPadOptions(Options):
    __slots__ = ()
    mode = small_integer(0)  # 0 REFLECT, 1 SYMMETRIC


class CastOptions(Options):
    __slots__ = ()
    in_data_type = small_integer(0)
    out_data_type = small_integer(1)


class ArgMaxOptions(Options):
    __slots__ = ()
    output_type = small_integer(0)


class ArgMinOptions(Options):
    __slots__ = ()
    output_type = small_integer(0)


class OneHotOptions(Options):
    __slots__ = ()
    axis = integer(0)


class CumsumOptions(Options):
    __slots__ = ()
    exclusive = boolean(0)
    reverse = boolean(1)


class IfOptions(Options):
    __slots__ = ()
    then_subgraph_index = integer(0)
    else_subgraph_index = integer(1)


class WhileOptions(Options):
    __slots__ = ()
    cond_subgraph_index = integer(0)
    body_subgraph_index = integer(1)


class CallOnceOptions(Options):
    __slots__ = ()
    init_subgraph_index = integer(0)


class VarHandleOptions(Options):
    __slots__ = ()
    container = text(0)
    shared_name = text(1)


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
