"""What a model needs on the chip: parameters that stay there or are streamed, and activations.

The sizes of parameters were read off compiled files, layer by layer: input channels are padded to fours,
output channels to the lanes that compute them, a dilated depthwise filter is stored with its holes, and
every channel brings its bias and, where it has a scale of its own, its multiplier.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.record import NamedTuple
from .target import PARAMETER_BYTES, SRAM_BYTES, TILES, WORD
from .tiles import rows_columns_channels, stored_bytes

_CHANNELS_AT_ONCE = 16  # of a convolution over an image
_BIAS_BYTES = 4
_BIAS_AND_MULTIPLIER_BYTES = 8  # weights with one scale a channel
_DEPTHWISE_CHANNEL_BYTES = 16  # the same for a depthwise filter
_BLOCK = 64  # a layer's parameters are a multiple of it


class Memory(NamedTuple):
    """Predicted from the model alone; bytes."""

    parameters: int  # of the operators on the Edge TPU, as the chip stores them
    cached: int  # what stays in the on-chip memory
    streamed: int  # what is sent again for every inference
    activations: int  # the most that is alive at one time on the Edge TPU
    segments: int  # Edge TPUs in a row that would hold all parameters; 1: one is enough
    certainty: str


def parameter_bytes(operator: Operator, model: Model) -> int:
    """Bytes that the constants of an operator take on the chip; 0 for operators without weights."""
    weights = operator.input(1)
    if operator.kind == "SOFTMAX":
        return 0 if weights is not None else _table_bytes(operator)
    if weights is None or not model.is_constant(weights):
        return 0
    kind, shape = operator.kind, weights.shape
    if kind == "FULLY_CONNECTED" and len(shape) == 2:
        return _blocks(_spread(shape[0]) * (_words(shape[1]) + _channel_bytes(weights)))
    if kind == "CONV_2D" and len(shape) == 4:
        rows, columns, _ = rows_columns_channels(operator.outputs[0].shape) if operator.outputs else (1, 1, 1)
        channels = _spread(shape[0]) if rows * columns == 1 else _at_once(shape[0])
        return _blocks(channels * (shape[1] * shape[2] * _words(shape[3]) + _channel_bytes(weights)))
    if kind == "TRANSPOSE_CONV" and len(shape) == 4:
        return _blocks(
            _at_once(shape[0]) * (shape[1] * shape[2] * _words(shape[3]) + _channel_bytes(weights))
        )
    if kind == "DEPTHWISE_CONV_2D" and len(shape) == 4:
        height = (shape[1] - 1) * operator.option("dilation_h_factor", 1) + 1
        width = (shape[2] - 1) * operator.option("dilation_w_factor", 1) + 1
        each = _DEPTHWISE_CHANNEL_BYTES if _is_per_channel(weights) else _BIAS_BYTES
        return _blocks(_words(shape[3]) * (height * width * WORD + each))
    if kind in ("LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM"):
        return _blocks(sum(t.elements for t in operator.inputs[1:] if t is not None and model.is_constant(t)))
    constants = (t for t in operator.inputs if t is not None and t.dtype in ("INT8", "UINT8"))
    return sum(stored_bytes(tensor.shape) for tensor in constants if model.is_constant(tensor))


def estimate_memory(model: Model, dataflow: Dataflow, mapped: Iterable[Operator]) -> Memory:
    """Memory of the operators ``mapped``, in file order: a layer is cached if it still fits."""
    cached = streamed = 0
    chosen = list(mapped)
    for operator in chosen:
        size = parameter_bytes(operator, model)
        if cached + size <= PARAMETER_BYTES:
            cached += size
        else:
            streamed += size
    total = cached + streamed
    near = abs(total - PARAMETER_BYTES) < SRAM_BYTES // 16
    certainty = "guess" if streamed or near else "measured"
    segments = max(1, -(-total // PARAMETER_BYTES))
    return Memory(total, cached, streamed, _most_alive(model, dataflow, chosen), segments, certainty)


def _most_alive(model: Model, dataflow: Dataflow, mapped: list[Operator]) -> int:
    """The most bytes of activations between two operators, each kept from its producer to its last reader
    on the Edge TPU."""
    order = {operator: number for number, operator in enumerate(mapped)}
    last: dict[Tensor, int] = {}
    for operator, number in order.items():
        for tensor in operator.tensors:
            if not model.is_constant(tensor):
                last[tensor] = number
    alive = most = 0
    held: set[Tensor] = set()
    ending: dict[int, list[Tensor]] = {}
    for tensor, number in last.items():
        ending.setdefault(number, []).append(tensor)
    for operator, number in order.items():
        for tensor in operator.tensors:
            if tensor in last and tensor not in held:
                held.add(tensor)
                alive += stored_bytes(tensor.shape)
        most = max(most, alive)
        for tensor in ending.get(number, ()):
            alive -= stored_bytes(tensor.shape)
    return most


def _is_per_channel(weights: Tensor) -> bool:
    return weights.quantization is not None and weights.quantization.per_channel


def _channel_bytes(weights: Tensor) -> int:
    return _BIAS_AND_MULTIPLIER_BYTES if _is_per_channel(weights) else _BIAS_BYTES


def _table_bytes(operator: Operator) -> int:
    """The exponentials of a signed SOFTMAX, 16 bits for each of 256 values."""
    output = operator.output()
    return 512 if output is not None and output.dtype == "INT8" else 0


def _words(size: int) -> int:
    return -(-size // WORD) * WORD


def _blocks(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _at_once(channels: int) -> int:
    """Output channels of an image as stored: groups of 16, a few in words."""
    return _words(channels) if channels <= WORD else -(-channels // _CHANNELS_AT_ONCE) * _CHANNELS_AT_ONCE


def _spread(channels: int) -> int:
    """Output channels of a vector as stored: spread over the tiles, in words where a tile has more than one."""
    each = -(-channels // TILES)
    return TILES * (each if each == 1 else _words(each))
