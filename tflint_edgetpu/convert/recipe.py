"""The settings of one conversion, each with its reason. Plain data: nothing here imports TensorFlow."""

from __future__ import annotations

from typing import Any, NamedTuple

INTEGER_OPS = "TFLITE_BUILTINS_INT8"
FLOAT_OPS = "TFLITE_BUILTINS"
FLEX_OPS = "SELECT_TF_OPS"
# The type of inputs that are integers in the source, such as the numbers of words: no setting changes it.
AS_IN_SOURCE = "as in the source"
DENSE_FLAG = "_experimental_disable_per_channel_quantization_for_dense_layers"


class Recipe(NamedTuple):
    """What is set on a ``TFLiteConverter``."""

    step: str = "integer"  # of the ladder
    quantize: bool = True  # False: the float model that the others are held against
    supported_ops: tuple[str, ...] = (INTEGER_OPS,)
    input_type: str = "uint8"  # uint8, int8, float32 or AS_IN_SOURCE; the last two are not set
    output_type: str = "uint8"  # float32: not set at all, the outputs stay what they are in the graph
    batch: int | None = 1  # None: what the source says, usually any
    per_channel_dense: bool = False
    unfold_batchmatmul: bool = False
    allow_custom_ops: bool = False
    unroll: bool = False  # recurrent Keras layers as a flat graph
    new_quantizer: bool = True
    converter: str = "tensorflow"  # or litert: the quantizer of float .tflite files

    @property
    def is_float(self) -> bool:
        return not self.quantize


class Setting(NamedTuple):
    """One line of an explanation."""

    name: str  # as one writes it
    value: str
    why: str


def float_reference(recipe: Recipe) -> Recipe:
    """The float model of the same source and the same graph."""
    return recipe._replace(
        step="float reference",
        quantize=False,
        input_type="float32",
        output_type="float32",
        new_quantizer=True,
    )


def strict(recipe: Recipe) -> Recipe:
    """The same conversion with the quantizer that stops at an operator instead of leaving it in float."""
    return recipe._replace(step="strict quantizer", new_quantizer=False)


def settings(recipe: Recipe, *, is_detector: bool = False) -> list[Setting]:
    """Every setting of the recipe with its reason, in the order in which a script sets them."""
    if recipe.converter == "litert":
        return _of_litert(recipe, is_detector)
    found = [_batch(recipe)]
    if recipe.unroll:
        found.append(
            Setting(
                "unroll", "True",
                "recurrent layers become a flat graph: as a loop, calibration of them ends in a crash of the converter",
            )
        )  # fmt: skip
    if recipe.is_float:
        return found
    found += [
        Setting("optimizations", "[DEFAULT]", "without it nothing is quantized"),
        Setting(
            "representative_dataset", "your inputs",
            "the ranges of all activations are read off them; without it only weights become integers",
        ),
        _operators(recipe),
        _input(recipe),
        _output(recipe, is_detector),
        _dense(recipe),
    ]  # fmt: skip
    if recipe.unfold_batchmatmul:
        found.append(
            Setting(
                "unfold_batchmatmul", "True",
                "the Edge TPU has no BATCH_MATMUL; as FULLY_CONNECTED the products of attention can map",
            )
        )  # fmt: skip
    if recipe.allow_custom_ops:
        found.append(
            Setting(
                "allow_custom_ops",
                "True",
                "the detection postprocess is a custom operator, and only that one",
            )
        )
    if not recipe.new_quantizer:
        found.append(
            Setting(
                "experimental_new_quantizer", "False",
                "the strict quantizer leaves nothing in float: it stops at an operator without an integer kernel",
            )
        )  # fmt: skip
    return found


def _of_litert(recipe: Recipe, is_detector: bool) -> list[Setting]:
    return [
        Setting("batch", "1", "an open batch turns constants into computed shapes that stop the compiler"),
        Setting(
            "ranges", "least and greatest value",
            "the quantizer's own default forgets all but the first samples",
        ),
        Setting("dense weights", "one scale", "kernels of 2021 compute nothing but zero points with a scale a unit"),
        Setting(
            "repairs", "constants inside, operator versions, merged QUANTIZEs",
            "it writes constants behind the file and integer operators under version 1, which the compiler cannot read",
        ),
        _input(recipe),
        _output(recipe, is_detector),
    ]  # fmt: skip


def _batch(recipe: Recipe) -> Setting:
    if recipe.batch is None:
        return Setting(
            "batch",
            "as in the source",
            "the signature could not be wrapped; a SAFE fix freezes it in the file",
        )
    return Setting(
        "batch", str(recipe.batch),
        "Keras and SavedModels keep the batch open, which turns constants into computed shapes that stop the compiler",
    )  # fmt: skip


def _operators(recipe: Recipe) -> Setting:
    value = "[" + ", ".join(recipe.supported_ops) + "]"
    if FLEX_OPS in recipe.supported_ops:
        why = "the model holds operators that TFLite has not; they run on the CPU with the Flex delegate"
    elif FLOAT_OPS in recipe.supported_ops:
        why = "integers where there is a kernel; what has none stays float, and on the CPU"
    else:
        why = "integers only; SELECT_TF_OPS beside it lets operators stay that no runtime of the Edge TPU has"
    return Setting("supported_ops", value, why)


def _input(recipe: Recipe) -> Setting:
    if recipe.input_type == AS_IN_SOURCE:
        return Setting(
            "inference_input_type", "not set", "the inputs are integers already, and stay what they are"
        )
    why = {
        "uint8": "PyCoral and Frigate feed uint8 pixels; inside everything is int8, one QUANTIZE between them maps",
        "int8": "the integers of the graph itself: no QUANTIZE in front",
        "float32": "asked for: a QUANTIZE on the CPU turns the input into integers",
    }[recipe.input_type]
    return Setting("inference_input_type", recipe.input_type, why)


def _output(recipe: Recipe, is_detector: bool) -> Setting:
    if recipe.output_type != "float32":
        return Setting(
            "inference_output_type",
            recipe.output_type,
            "the application reads integers, and scales what it needs",
        )
    if is_detector:
        return Setting(
            "inference_output_type", "not set",
            "boxes, classes, scores and count are made on the CPU in float; as integers they would be clipped at "
            "what calibration happened to see",
        )  # fmt: skip
    return Setting(
        "inference_output_type", "not set", "asked for: a DEQUANTIZE on the CPU gives real numbers"
    )


def _dense(recipe: Recipe) -> Setting:
    if recipe.per_channel_dense:
        return Setting(
            DENSE_FLAG, "False", "the default of the converter; a fix makes the weights per-tensor afterwards"
        )
    return Setting(
        DENSE_FLAG, "True",
        "since TensorFlow 2.17 dense layers get a scale a unit; kernels of 2021 then compute nothing but zero points",
    )  # fmt: skip


def as_dict(recipe: Recipe) -> dict[str, Any]:
    """Plain data for JSON."""
    return {**recipe._asdict(), "supported_ops": list(recipe.supported_ops)}


def from_dict(data: dict[str, Any]) -> Recipe:
    """The recipe again; raises TypeError for what is none."""
    return Recipe(**{**data, "supported_ops": tuple(data["supported_ops"])})
