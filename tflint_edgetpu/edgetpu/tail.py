"""What stays on the CPU in any model of its kind: the ends of the graph that nobody has to mend.

The compiler lists these operators as not mapped and people ask why; nothing is lost by them.  Sources:
TFLite_Detection_PostProcess has no quantized kernel (google-coral/edgetpu issue 515, tensorflow/models
issue 9371); a QUANTIZE from float and a DEQUANTIZE never map (25 of 25 and 289 of 289 rows of public logs).
"""

from __future__ import annotations

from ..model.dataflow import Dataflow
from ..model.graph import Operator

# Custom operators that edgetpu_compiler knows and always leaves on the CPU: seen in compiled models.
DECODERS = frozenset(("TFLite_Detection_PostProcess", "PosenetDecoderOp"))


def cpu_tail(dataflow: Dataflow) -> frozenset[Operator]:
    """The detection postprocess and pose decoders, everything that depends on them, and the DEQUANTIZEs
    that only feed those or an output of the model.
    """
    decoders = [operator for operator in dataflow.subgraph.operators if operator.custom_code in DECODERS]
    tail = dataflow.downstream(decoders).union(decoders)
    tail.update(
        operator
        for operator in dataflow.subgraph.operators
        if operator.kind == "DEQUANTIZE" and all(reader in tail for reader in dataflow.successors(operator))
    )
    return frozenset(tail)


def cpu_entry(dataflow: Dataflow) -> frozenset[Operator]:
    """The QUANTIZEs from a float input of the model."""
    return frozenset(
        reader
        for tensor in dataflow.subgraph.inputs
        if tensor.dtype.startswith("FLOAT")
        for reader in dataflow.consumers(tensor)
        if reader.kind == "QUANTIZE"
    )
