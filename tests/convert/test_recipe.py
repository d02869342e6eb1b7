"""The settings, their reasons and the script that sets them. Nothing here needs TensorFlow."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import pytest

from tflint_edgetpu.convert.calibration.request import CalibrationRequest
from tflint_edgetpu.convert.recipe import (
    DENSE_FLAG,
    Recipe,
    as_dict,
    float_reference,
    from_dict,
    settings,
    strict,
)
from tflint_edgetpu.convert.script import recipe_script
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


def test_the_page_of_the_folder_names_no_machine(tmp_path: Path) -> None:
    """Only what the user wrote is in a script: no absolute path is made of a relative one."""
    assert str(Path.cwd()) not in recipe_script(KINDS[1], Recipe(), DATA[0], out="net_int8.tflite")
