"""SHP001 dynamic-shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Tensor,
    counted,
    named,
    others_like_it,
    quoted,
    tensor_location,
)

REFUSAL = (
    "edgetpu_compiler refuses the whole model and names no tensor: 'Attempting to use a delegate that only "
    "supports static-sized tensors with a graph that has dynamic-sized tensors'"
)

# With the input's shape in the place of {shape}.
STATIC = """\
Keras 3:     inputs = keras.Input(batch_shape={shape}); model = keras.Model(inputs, model(inputs))
tf.keras 2:  model.input.set_shape({shape})
SavedModel:  loaded = tf.saved_model.load(path); wrap loaded.signatures["serving_default"] in a tf.function
             with tf.TensorSpec({shape}) and convert its concrete function
onnx2tf:     onnx2tf -i model.onnx -b 1 -oiqt
Ultralytics: yolo export format=edgetpu writes batch 1 by itself"""


class DynamicShape(Rule):
    """A size that is only known at run time.

    ## Why it matters
    Where the size of a result is computed (SHAPE, STRIDED_SLICE and PACK feeding RESHAPE, TRANSPOSE_CONV,
    RESIZE or FILL), the interpreter cannot plan the graph before it runs, and `edgetpu_compiler` refuses
    all of it: `Attempting to use a delegate that only supports static-sized tensors with a graph that has
    dynamic-sized tensors.` It never says which tensor it means; this finding does. Netron shows the size as
    1, so there is nothing to see there.

    An open batch (`-1` in `shape_signature`) with constant sizes everywhere else is harmless: the compiler
    takes the 1 that the file gives as well (17 of 17 such models mapped), and the finding is an info. Where
    height or width is open, the file gives 1 for these too, and the compiled model would be one for pictures
    of a single pixel.

    ## How to fix
    Fix the batch to 1 in the source model and convert again; the finding prints the lines. From an open
    batch the converter also makes worse operators: SPACE_TO_BATCH_ND around dilated convolutions, RESHAPE
    around dense layers.

    `freeze-batch` fixes the batch in the file and folds the computed sizes into constants.

    ## Fix safety
    Safe. Outputs stayed bit-identical on 17 models, on kernels that belong to no delegate.

    ## References
    - https://github.com/tensorflow/tensorflow/issues/56273
    - https://github.com/tensorflow/tensorflow/issues/57905
    - https://github.com/google-coral/edgetpu/issues/831
    - https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/kernels/reshape.cc
    """

    meta = RuleMeta(
        "SHP001", "dynamic-shape", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://github.com/tensorflow/tensorflow/issues/56273",
            "https://github.com/tensorflow/tensorflow/issues/57905",
            "https://github.com/google-coral/edgetpu/issues/831",
            "https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/kernels/reshape.cc",
        ),
        covers=("S001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import find_dynamic_sizes

        sizes = find_dynamic_sizes(context.model, context.dataflow)
        inputs = [tensor for tensor in context.model.main.inputs if tensor.is_dynamic]
        if sizes.results:
            first, operand = sizes.results[0]
            yield self._computed(
                [result.operator for result in sizes.results],
                sizes.arithmetic,
                first,
                operand,
                inputs,
                context,
            )
        elif beyond := [tensor for tensor in inputs if _open_sizes(tensor) - {0}]:
            yield self._open_picture(beyond)
        elif inputs:
            yield self._open_batch(inputs)

    def _computed(
        self,
        operators: list[Operator],
        arithmetic: Sequence[Operator],
        first: Operator,
        operand: Tensor | None,
        inputs: list[Tensor],
        context: Context,
    ) -> Finding:
        if operand is None:
            how = "is as large as its data happen to make it"
        elif (maker := context.dataflow.producer(operand)) is not None:
            how = f"gets its size at run time from {maker.label} {quoted(operand)}"
        else:
            how = f"gets its size at run time from the input {quoted(operand)}"
        source = f"; input {quoted(inputs[0])} is open: {list(inputs[0].signature)}" if inputs else ""
        can_freeze = bool(inputs) and operand is not None and all(map(_freezable, inputs))
        return self.finding(
            [*operators, *arithmetic],
            f"{first.label} {named(first)} {how}{others_like_it(len(operators), 'operator')}{source}",
            cost=REFUSAL,
            related=inputs,
            evidence={"operators": len(operators), "size_arithmetic": len(arithmetic)},
            fix=_freeze(inputs) if can_freeze else _fixed_in_source(inputs),
        )

    def _open_picture(self, inputs: list[Tensor]) -> Finding:
        first = inputs[0]
        return self.finding(
            [tensor_location(tensor, "input") for tensor in inputs],
            f"input {quoted(first)} is open in more than its batch ({list(first.signature)}); "
            f"the compiler would take the {list(first.shape)} that the file gives for it",
            severity=Severity.WARNING,
            certainty=Certainty.GUESS,
            cost="the compiled model would only accept inputs of this one size",
            evidence={"signature": list(first.signature), "shape": list(first.shape)},
            fix=_fixed_in_source(inputs),
        )

    def _open_batch(self, inputs: list[Tensor]) -> Finding:
        first = inputs[0]
        more = f", and {counted(len(inputs) - 1, 'more input')} too" if len(inputs) > 1 else ""
        return self.finding(
            [tensor_location(tensor, "input") for tensor in inputs],
            f"input {quoted(first)} has an open batch ({list(first.signature)}){more}",
            severity=Severity.INFO,
            certainty=Certainty.MEASURED,
            cost=f"nothing: no size comes from it, and the compiler takes the {first.shape[0]} of the file",
            evidence={"signature": list(first.signature), "shape": list(first.shape)},
            fix=_freeze(inputs) if all(map(_freezable, inputs)) else None,
        )


def _open_sizes(tensor: Tensor) -> set[int]:
    return {position for position, size in enumerate(tensor.signature) if size < 0}


def _freezable(tensor: Tensor) -> bool:
    return _open_sizes(tensor) == {0} and tensor.shape[:1] == (1,)


def _freeze(inputs: list[Tensor]) -> Fix:
    return Fix("Fix the batch to 1", Safety.SAFE, _recipe(inputs), (Edit("freeze-batch", inputs[0].ref),))


def _fixed_in_source(inputs: list[Tensor]) -> Fix:
    return Fix("Fix every size in the source model", how=_recipe(inputs))


def _recipe(inputs: list[Tensor]) -> str:
    """The lines to paste, with the shape of the first open input; its batch is 1, other open sizes are left
    to the reader."""
    sizes = ["1", "HEIGHT", "WIDTH", "3"]
    if inputs:
        sizes = [str(size) if size >= 0 else "SIZE" for size in inputs[0].signature]
        sizes[:1] = ["1"]
    return STATIC.format(shape=f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})")
