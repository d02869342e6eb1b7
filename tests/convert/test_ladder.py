"""What is tried next, and when it ends."""

from __future__ import annotations

from tflint_edgetpu.convert.attempt import Attempt, Failure, crash, explain
from tflint_edgetpu.convert.ladder import Ground, first_step, next_step, why_flex_is_refused
from tflint_edgetpu.convert.recipe import Recipe

KERAS = Ground("keras", "2.21.0")


def climb(ground: Ground, *failures: Failure | None, **options: bool) -> list[str]:
    """The steps taken where the first ones end as told (None: a model) and the rest fails as the last one."""
    step = first_step(Recipe(), ground)
    attempts: list[Attempt] = []
    names = []
    while step is not None:
        names.append(step.recipe.step)
        failure = failures[min(len(attempts), len(failures) - 1)]
        data = b"model" if failure is None else None
        attempts.append(Attempt(step.recipe, step.why, data, failure, "", 0.0))
        step = next_step(attempts, ground, **options)
        assert len(attempts) < 10
    return names


def other(text: str = "RuntimeError: something new") -> Failure:
    return explain("RuntimeError", text)


def test_a_plain_model_takes_one_step() -> None:
    assert climb(KERAS, None) == ["integer"]


def test_attention_is_tried_with_its_products_unfolded() -> None:
    assert climb(KERAS._replace(operators=frozenset(["BATCH_MATMUL"])), None) == [
        "integer",
        "unfolded products",
    ]


def test_int8_is_tried_where_the_uint8_conversion_stays_on_the_cpu() -> None:
    assert climb(KERAS, None, integer_input_leaves_cpu=True) == ["integer", "int8 interface"]
    told = KERAS._replace(choose_input=False)
    assert climb(told, None, integer_input_leaves_cpu=True) == ["integer"]


def test_a_detector_keeps_float_outputs_unless_told_otherwise() -> None:
    detector = KERAS._replace(operators=frozenset(["CUSTOM:TFLite_Detection_PostProcess"]))
    assert first_step(Recipe(), detector).recipe.output_type == "float32"
    assert first_step(Recipe(), detector).recipe.input_type == "uint8"
    assert first_step(Recipe(), detector._replace(choose_output=False)).recipe.output_type == "uint8"


def test_a_crash_in_a_recurrent_layer_is_unrolled() -> None:
    looping = KERAS._replace(recurrent=("memory",))
    assert climb(looping, crash(11, ("memory",)), None) == ["integer", "unrolled"]
    open_list = explain("ConverterError", "'tf.TensorListReserve' op requires element_shape to be static")
    assert climb(looping, open_list, None) == ["integer", "unrolled"]


def test_after_a_crash_the_ladder_goes_on() -> None:
    steps = climb(Ground("saved_model", "2.21.0"), crash(11, ()))
    assert steps == ["integer", "float where needed", "source as it is", "converter's defaults"]


def test_flex_beside_quantization_is_refused_where_it_cannot_work() -> None:
    flex = explain("ConverterError", "error: 'tf.MatrixInverse' op is neither a custom op nor a flex op")
    assert flex.operators == ("MatrixInverse",)
    for version in ("2.20.0", "2.21.0", "2.22.0-rc1", "3.0.0"):
        assert climb(Ground("saved_model", version), flex) == ["integer"]
    assert "2.21.0" in why_flex_is_refused(Ground("saved_model", "2.21.0"))
    assert climb(Ground("saved_model", "2.17.1"), flex) == ["integer", "TensorFlow kernels"]


def test_custom_operators_only_for_the_detection_postprocess() -> None:
    ours = explain("ConverterError", "Custom ops: TFLite_Detection_PostProcess\nDetails:")
    assert climb(KERAS, ours, None) == ["integer", "custom operator"]
    theirs = explain(
        "RuntimeError",
        "There are unresolved custom ops: [MyVendorOp]Encountered unresolved custom op: MyVendorOp.",
    )
    assert theirs.operators == ("MyVendorOp",)
    assert climb(KERAS, theirs) == ["integer"]


def test_what_is_no_fault_of_the_settings_ends_the_ladder() -> None:
    for failure in (
        explain("one line", "input 'x' holds values that are no finite numbers"),
        explain("MemoryError", "there is not enough memory"),
        crash(9, ()),
    ):
        assert climb(KERAS, failure) == ["integer"]


def test_each_recipe_is_tried_once_and_a_function_has_no_saved_model() -> None:
    assert climb(KERAS, other()) == [
        "integer",
        "float where needed",
        "source as it is",
        "converter's defaults",
    ]
    assert "source as it is" not in climb(Ground("function", "2.21.0"), other())


def test_a_float_tflite_has_one_way() -> None:
    assert climb(Ground("float_tflite"), other()) == ["integer"]


def test_messages_are_explained_in_one_line() -> None:
    """Verbatim texts of TensorFlow 2.21."""
    texts = {
        "unquantizable": (
            "Quantization not yet supported for op: 'NEG'.\nQuantization not yet supported for op: 'SQUARE'."
        ),
        "flex": (
            "Could not translate MLIR to FlatBuffer. <unknown>:0: error: 'tf.MatrixInverse' op is neither a custom "
            "op nor a flex op\n<unknown>:0: note: Error code: ERROR_NEEDS_FLEX_OPS\n"
            "TF Select ops: MatrixInverse\nDetails:"
        ),
        "other": "tensorflow/lite/kernels/read_variable.cc:67 variable != nullptr was not true.Node number 10",
    }
    for kind, text in texts.items():
        failure = explain("RuntimeError", text)
        assert failure.kind == kind
        assert "\n" not in failure.text and len(failure.text) < 300
    assert explain("RuntimeError", texts["unquantizable"]).operators == ("NEG", "SQUARE")


def test_a_crash_names_the_signal_and_the_cure() -> None:
    assert "SIGSEGV" in crash(11, ()).text and "unroll=True" in crash(11, ()).text
    assert "memory" in crash(9, ()).text
    assert "signal 200" in crash(200, ("lstm",)).text


def test_hostile_messages_take_no_time() -> None:
    for text in (
        "'" * 200_000,
        "Quantization not yet supported for op: " + "'A', " * 50_000,
        "\n" * 200_000,
        "",
    ):
        assert "\n" not in explain("RuntimeError", text).text
