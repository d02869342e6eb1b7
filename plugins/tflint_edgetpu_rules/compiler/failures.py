"""What the compiler's errors mean, by kind, in words and with a way out."""

from __future__ import annotations

import re
from typing import NamedTuple


class Meaning(NamedTuple):
    text: str  # completes 'the compilation failed: '
    title: str
    how: str
    sure: bool = True  # whether the message itself names the cause
    random: bool = False  # whether the same command may succeed next time (google-coral/edgetpu issue 211)


_RETRY = "edgetpu_compiler -s model.tflite      # again: the same command has failed and then succeeded\n"
_SMALLER = (
    "edgetpu_compiler -s -d model.tflite   # searches the longest part that compiles\n"
    'edgetpu_compiler -s -i "TENSOR" model.tflite   # or ends the part at a tensor you choose\n'
    "or a smaller input: sizes are not monotonic, try several (YOLOv5s: 352 and 480 failed, 512 compiled)"
)
_BISECT = (
    f"{_RETRY}"
    "edgetpu_compiler -s -d model.tflite   # cuts the model until it compiles: what follows the cut is the suspect\n"
    "tflint-edgetpu lint model.tflite      # operators and scales out of the ordinary"
)

MEANINGS: dict[str, Meaning] = {
    "op_version": Meaning(
        "an operator is newer than the TensorFlow Lite of 2021 inside the compiler",
        "Write the operator without the feature that raised its version",
        "tflint-edgetpu lint model.tflite      # names the operator and the feature",
    ),
    "flex": Meaning(
        "the model contains TensorFlow (Flex) operators, which the compiler cannot load",
        "Remove SELECT_TF_OPS and rewrite the layer",
        "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n"
        "the converter then names the layer that has no TFLite operator",
    ),
    "custom_op": Meaning(
        "the model contains a custom operator that the compiler does not know",
        "Set converter.allow_custom_ops = False and rewrite the layer the converter names",
        "converter.allow_custom_ops = False",
    ),
    "dynamic_tensors": Meaning(
        "a tensor has a size that is only known at run time, most often the batch",
        "Fix the batch to 1 before converting",
        "model.input.set_shape((1,) + model.input.shape[1:])   # Keras 2\n"
        "tflint-edgetpu lint model.tflite      # names the tensor, which the compiler does not",
    ),
    "not_quantized": Meaning(
        "the model is not fully quantized, or not in the compiler's eyes: a float or dynamic-range model, a "
        "dynamic batch, quantization-aware training without integer inputs",
        "Reconvert with a representative dataset and a fixed batch",
        "converter.optimizations = [tf.lite.Optimize.DEFAULT]\n"
        "converter.representative_dataset = images   # yields real, preprocessed inputs\n"
        "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n"
        "tflint-edgetpu lint model.tflite      # tells which of these it is",
        sure=False,
    ),
    "parse": Meaning(
        "the file is no model that the compiler can read",
        "Check the file: a truncated download, a converter of another year, several subgraphs",
        "tflint-edgetpu lint model.tflite",
        sure=False,
    ),
    "invalid_model_only": Meaning(
        "the compiler calls the model invalid and says no more",
        "Look for the line above or below in the whole output, and lint the model",
        "tflint-edgetpu lint model.tflite",
        sure=False,
    ),
    "interpreter_prepare": Meaning(
        "TensorFlow Lite cannot prepare an operator of the model: its types, shapes or scales contradict each other",
        "Lint the model: the message names the operator by its number",
        "tflint-edgetpu lint model.tflite      # scales, bias types, shapes",
    ),
    "large_activations": Meaning(
        "activations are too large for the memory of the Edge TPU",
        "Use a smaller input, or cut the model before its largest tensors",
        _SMALLER,
    ),
    "timeout": Meaning(
        "the compiler gave up when its time was over, usually because of large activations",
        "Give it more time (-t), or a smaller input",
        "edgetpu_compiler -s -t 3600 model.tflite\n" + _SMALLER,
    ),
    "ice": Meaning(
        "the compiler crashed without a reason", "Run it again, then cut the model to find the operator", _BISECT,
        sure=False, random=True,
    ),
    "uncaught_exception": Meaning(
        "the compiler crashed with an exception of its own",
        "Run it again, then cut the model to find the operator", _BISECT,
        sure=False, random=True,
    ),
    "segfault": Meaning(
        "the compiler crashed", "Run it again, in a container with enough memory", _BISECT, sure=False, random=True,
    ),
    "bare_failed": Meaning(
        "the compiler gave no reason",
        "Run it again with -s -d, which cuts the model until it compiles", _BISECT,
        sure=False, random=True,
    ),
    "no_error_line": Meaning(
        "no model was compiled, and the text holds no error line (they are printed to standard error)",
        "Capture both streams",
        "edgetpu_compiler -s model.tflite > compile.txt 2>&1",
        sure=False,
    ),
    "mlir_unsupported": Meaning(
        "the compiler's front end refuses an operator",
        "Rewrite the operator that the message names with other operators of Coral's table",
        "tflint-edgetpu lint model.tflite",
        sure=False,
    ),
    "output_file": Meaning(
        "the compiler could not write its output", "Give it a folder that exists and is writable",
        "mkdir -p out && edgetpu_compiler -s -o out model.tflite",
    ),
}  # fmt: skip
OTHER = Meaning(
    "the compiler printed an error this tool does not know",
    "Lint the model: what is wrong with it is often visible there",
    "tflint-edgetpu lint model.tflite",
    sure=False,
)

_OPCODE = re.compile(r"builtin opcode '(\w+)'\s+version '(\d+)'")
_CODE = re.compile(r"builtin_code out of range: (\d+)")
_NODE = re.compile(r"Node number (\d+) \(([^()]*)\)")
_CUSTOM = re.compile(r"custom op: ([^\s.]+)")
_MLIR = re.compile(r"loc\(\"([^\"]*)\"\).*?'tfl\.(\w+)'")


def details(error: str, lines: list[str]) -> dict[str, object]:
    """What the messages say beyond their kind: operator, version, number of the node, name of the layer."""
    found: dict[str, object] = {}
    if match := _OPCODE.search(error):
        found["operator"], found["version"] = match[1], int(match[2])
    elif match := _CODE.search(error):
        found["builtin_code"] = int(match[1])
    if match := _CUSTOM.search(error):
        found["operator"] = match[1]
    if match := _MLIR.search(error):
        found["layer"], found["operator"] = match[1], match[2].upper()
    for line in lines:
        if match := _NODE.search(line):
            found["node"], found["node_kind"] = int(match[1]), match[2]
            break
    return found
