"""Load a model that needs no input, run it, and hand over its outputs and all shapes: a child process.

Started by :mod:`tflint_edgetpu.verify.evaluate` as a script of its own; imports nothing of the package.
Arguments: the model, the ``.npz`` file to write, the memory limit in bytes.  The file gets ``output_<n>``
for each output of a model without inputs, and ``shape_<index>`` for each tensor of the first subgraph.
"""

from __future__ import annotations

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def main(model: str, result: str, memory: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    interpreter = Interpreter(
        model_path=model,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
        num_threads=1,
    )
    interpreter.allocate_tensors()
    arrays = {}
    if not interpreter.get_input_details():
        interpreter.invoke()
        for number, detail in enumerate(interpreter.get_output_details()):
            arrays[f"output_{number}"] = interpreter.get_tensor(detail["index"])
    for detail in interpreter.get_tensor_details():
        arrays[f"shape_{detail['index']}"] = np.array(detail["shape"], dtype=np.int32)
    np.savez(result, **arrays)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
