"""The settings, their reasons and the script that sets them. Nothing here needs TensorFlow."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.convert.calibration.request import CalibrationRequest
from tflint_edgetpu.convert.recipe import (
    AS_IN_SOURCE,
    DENSE_FLAG,
    Recipe,
    as_dict,
    float_reference,
    from_dict,
    settings,
    strict,
)
from tflint_edgetpu.convert.script import recipe_script
from tflint_edgetpu.convert.script_data import representative_dataset
from tflint_edgetpu.convert.source import Source

KINDS = (
    Source("saved_model", "net", "predict", ("serve", "tpu")),
    Source("keras", "net.keras"),
    Source("function", "build.py:make", trust=True),
    Source("function", "package.module:Net.serve", trust=True),
    Source("float_tflite", "net.tflite"),
)
DATA = (
    CalibrationRequest("images", "pictures", value_range="-1,1", resize="letterbox", channels="bgr"),
    CalibrationRequest("images", "pictures", value_range="mean=1,2,3,std=4,5,6", resize="crop"),
    CalibrationRequest("arrays", "data.npz"),
    CalibrationRequest("arrays", "folder", value_range="0,1"),
    CalibrationRequest("tfrecord", "data.tfrecord", value_range="0,1"),
    CalibrationRequest("function", "data.py:samples", trust_source=True),
    CalibrationRequest("random", ""),
)
RECIPES = (
    Recipe(),
    Recipe(unroll=True, unfold_batchmatmul=True, allow_custom_ops=True),
    Recipe(batch=None, per_channel_dense=True, output_type="float32", input_type="float32"),
    Recipe(new_quantizer=False, supported_ops=("TFLITE_BUILTINS_INT8", "SELECT_TF_OPS")),
)


@pytest.mark.parametrize(
    ("source", "recipe", "request_"),
    list(itertools.product(KINDS, RECIPES, DATA)),
    ids=lambda value: getattr(value, "kind", None) or getattr(value, "step", None),
)
def test_every_script_is_python(source: Source, recipe: Recipe, request_: CalibrationRequest) -> None:
    script = recipe_script(source, recipe, request_, out="net_int8.tflite", shapes={"image": (1, 8, 8, 3)})
    compile(script, "recipe.py", "exec")
    assert max(map(len, script.splitlines())) <= 120


def test_names_get_into_the_script_as_literals_only() -> None:
    hostile = 'a"""\nimport os\nos.system("x")\n#\'\\'
    script = recipe_script(
        Source("saved_model", hostile, hostile, (hostile,)),
        Recipe(),
        CalibrationRequest("arrays", hostile),
        out=hostile,
        shapes={hostile: (1, 2)},
    )
    tree = ast.parse(script)
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "os.system" not in calls
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert strings.count(hostile) == 6


def test_a_script_sets_what_the_recipe_says() -> None:
    script = recipe_script(KINDS[0], Recipe(unfold_batchmatmul=True), DATA[-1], out="net_int8.tflite")
    assert "supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]" in script
    assert "SELECT_TF_OPS]" not in script
    assert f"if hasattr(converter, '{DENSE_FLAG}'):\n    converter.{DENSE_FLAG} = True" in script
    assert "converter.unfold_batchmatmul = True" in script
    assert "allow_custom_ops" not in script
    assert "from_concrete_functions([serving.get_concrete_function()], holder)" in script


def test_a_detector_keeps_float_outputs_and_the_script_says_why() -> None:
    recipe = Recipe(output_type="float32")
    script = recipe_script(KINDS[0], recipe, DATA[-1], out="net.tflite", is_detector=True)
    assert "converter.inference_output_type" not in script
    assert "clipped at what calibration happened to see" in script.replace("\n# ", " ")
    (output,) = [s for s in settings(recipe, is_detector=True) if s.name == "inference_output_type"]
    assert output.value == "not set"


def test_inputs_that_are_integers_are_left_alone() -> None:
    recipe = Recipe(input_type=AS_IN_SOURCE)
    script = recipe_script(KINDS[0], recipe, DATA[-1], out="net.tflite")
    assert "converter.inference_input_type" not in script
    assert "No inference_input_type: the inputs are integers already" in script.replace("\n# ", " ")
    (given,) = [s for s in settings(recipe) if s.name == "inference_input_type"]
    assert given.value == "not set" and "pixels" not in given.why


def test_the_script_names_the_fixes_that_were_taken() -> None:
    plain = recipe_script(KINDS[0], Recipe(), DATA[-1], out="net.tflite")
    assert plain.endswith("#   tflint-edgetpu fix net.tflite\n")
    unsafe = recipe_script(KINDS[0], Recipe(), DATA[-1], out="net.tflite", unsafe_fixes=True)
    assert unsafe.endswith("#   tflint-edgetpu fix --unsafe-fixes net.tflite\n")


def test_a_failed_conversion_leaves_the_old_file_alone() -> None:
    script = recipe_script(KINDS[0], Recipe(), DATA[-1], out="net.tflite")
    assert script.index("converter.convert()") < script.index("open(OUT")


def test_a_range_from_0_has_no_minus_zero() -> None:
    request = CalibrationRequest("images", "pictures", value_range="0,255")
    assert "mean, std = np.float32([0.0]), np.float32([1.0])" in representative_dataset(request)


def test_trust_reaches_keras_too() -> None:
    assert "load_model(SOURCE, compile=False)" in recipe_script(KINDS[1], Recipe(), DATA[-1], out="n.tflite")
    trusted = recipe_script(KINDS[1]._replace(trust=True), Recipe(), DATA[-1], out="n.tflite")
    assert "load_model(SOURCE, compile=False, safe_mode=False)" in trusted


def test_the_images_of_a_script_are_those_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    image.new("RGBA", (5, 7), (255, 0, 0, 255)).save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    request = CalibrationRequest("images", str(tmp_path), value_range="0,1")
    names: dict[str, Any] = {"np": np, "names": ["x"], "shapes": {"x": [1, 4, 4, 3]}}
    exec(representative_dataset(request), names)
    (sample,) = names["representative_dataset"]()
    assert sample["x"].shape == (1, 4, 4, 3) and sample["x"][0, 0, 0].tolist() == [1, 0, 0]
    assert "left out" in capsys.readouterr().out


def test_noise_fills_bytes_and_keeps_indices_small() -> None:
    def dtype(low: int, high: int, size: int) -> Any:
        return SimpleNamespace(is_floating=False, min=low, max=high, size=size, as_numpy_dtype=np.int32)

    inputs = {"pixels": dtype(0, 255, 1), "words": dtype(-(2**31), 2**31 - 1, 4)}
    names: dict[str, Any] = {
        "np": np,
        "shapes": {"pixels": [1, 500], "words": [1, 500]},
        "inputs": {name: SimpleNamespace(dtype=found) for name, found in inputs.items()},
    }
    exec(representative_dataset(CalibrationRequest("random", "", samples=1)), names)
    (sample,) = names["representative_dataset"]()
    assert sample["pixels"].max() > 200 and sample["words"].min() >= 0 and sample["words"].max() < 8


def test_every_setting_has_a_reason() -> None:
    for recipe in (*RECIPES, Recipe(converter="litert")):
        for setting in settings(recipe):
            assert setting.name and setting.value and len(setting.why) > 20
            assert not setting.why.endswith(".")


def test_the_float_reference_differs_in_the_quantization_only() -> None:
    recipe = Recipe(unroll=True, unfold_batchmatmul=True)
    reference = float_reference(recipe)
    assert reference.is_float and reference.unroll and reference.batch == 1
    assert [s.name for s in settings(reference)] == ["batch", "unroll"]
    assert strict(recipe)._replace(step=recipe.step, new_quantizer=True) == recipe


def test_a_recipe_travels_as_json() -> None:
    for recipe in RECIPES:
        assert from_dict(as_dict(recipe)) == recipe
    with pytest.raises(TypeError):
        from_dict({**as_dict(Recipe()), "run": "os.system"})


def test_the_script_names_no_machine() -> None:
    """Only what the user wrote is in a script: no absolute path is made of a relative one."""
    assert str(Path.cwd()) not in recipe_script(KINDS[1], Recipe(), DATA[0], out="net_int8.tflite")
