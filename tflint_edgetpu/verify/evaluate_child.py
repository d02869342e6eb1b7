"""Load a model, run it where it needs no input, and hand over its outputs and all shapes: a child process.

Started by :mod:`tflint_edgetpu.verify.evaluate` as a script of its own.  The job comes on standard input: the model,
the ``.npz`` file to write, the memory limit in bytes.  The file gets ``output_<n>`` for each output of a model
without inputs, and ``shape_<index>`` for each tensor of the first subgraph.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from tflint_edgetpu.verify.interpreter import limit_memory, load, say


def main() -> None:
    job = json.load(sys.stdin)
    limit_memory(job["memory"])
    interpreter = load(job["model"])
    arrays = {}
    if not interpreter.get_input_details():
        interpreter.invoke()
        for number, detail in enumerate(interpreter.get_output_details()):
            arrays[f"output_{number}"] = interpreter.get_tensor(detail["index"])
    for detail in interpreter.get_tensor_details():
        arrays[f"shape_{detail['index']}"] = np.array(detail["shape"], dtype=np.int32)
    np.savez(job["result"], **arrays)
    say(result={})


if __name__ == "__main__":
    main()
