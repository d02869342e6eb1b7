"""The choice between candidates, the recipe inside the model, and the files that are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tflint_edgetpu.convert.attempt import Attempt
from tflint_edgetpu.convert.calibration.request import CalibrationRequest
from tflint_edgetpu.convert.choice import Candidate, best_of, why_best
from tflint_edgetpu.convert.mark import embed, mark
from tflint_edgetpu.convert.recipe import Recipe
from tflint_edgetpu.convert.source import Source
from tflint_edgetpu.convert.write import default_output, files_for, refuse_to_replace, write_all
from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.recipe_mark import calibration_of, read_mark
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder

PLUGINS = Plugins()


def candidate(step: str, m: ModelBuilder) -> Candidate:
    data = m.build()
    attempt = Attempt(Recipe(step), "", data, None, "", 0.0)
    return Candidate(attempt, repair(data, PLUGINS, samples=1))


def network(breaker: bool = False, tail: bool = False) -> ModelBuilder:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)), name="first")
    if breaker:
        x = m.quantize(m.unary("NEG", m.dequantize(x), dtype="FLOAT32"))
    x = m.conv2d(x, name="second")
    m.output(m.dequantize(x) if tail else x)
    return m


def test_more_arithmetic_on_the_edge_tpu_wins() -> None:
    worse, better = candidate("broken", network(breaker=True)), candidate("whole", network())
    assert best_of([worse, better]) is better
    said = why_best(better, [worse, better])
    assert said.startswith("100% of the arithmetic on the Edge TPU") and "with 'broken'" in said


def test_then_fewer_findings_then_the_earlier_step() -> None:
    plain, again = candidate("one", network()), candidate("two", network())
    assert best_of([plain, again]) is plain
    assert "no different from 'two'" in why_best(plain, [plain, again])
    # A float output that is left as it is: a finding, and as much arithmetic.
    data = network(tail=True).build()
    unfixed = Candidate(
        Attempt(Recipe("tail"), "", data, None, "", 0.0),
        repair(data, PLUGINS, samples=1, wanted=lambda _: False),
    )
    assert best_of([unfixed, plain]) is plain
    assert "with fewer findings" in why_best(plain, [unfixed, plain])


def test_a_file_that_the_compiler_refuses_maps_nothing() -> None:
    m = network()
    x = m.subgraph.outputs.pop()
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 8))], custom_code="FlexErf"))
    refused = candidate("flex", m)
    half = candidate("half", network(breaker=True))
    assert best_of([refused, half]) is half


def test_without_a_model_there_is_no_best() -> None:
    assert best_of([Candidate(Attempt(Recipe(), "", None, None, "", 0.0), None)]) is None


def recipe_mark(kind: str = "random") -> dict[str, object]:
    return mark(
        Source("keras", "/home/somebody/net.keras"), Recipe(), CalibrationRequest(kind, "/home/somebody/data"),
        versions={"tensorflow": "2.21.0"}, source_sha256="0" * 64, samples=8, ranges={"x": (-1.0, 1.0)},
    )  # fmt: skip


def test_the_recipe_stays_with_the_model_and_changes_nothing_else() -> None:
    data = network().build()
    before, after = read_model(data), read_model(marked := embed(data, recipe_mark()))
    assert [op.label for op in after.main.operators] == [op.label for op in before.main.operators]
    assert [t.name for t in after.main.tensors] == [t.name for t in before.main.tensors]
    assert len(marked) - len(data) < 1500
    found = read_mark(after)
    assert found is not None and found["settings"]["supported_ops"] == ["TFLITE_BUILTINS_INT8"]
    assert calibration_of(after)["kind"] == "random"
    assert calibration_of(before) == {}


def test_the_recipe_names_no_path() -> None:
    assert "somebody" not in json.dumps(recipe_mark())


def test_a_new_recipe_replaces_the_old_one_and_survives_a_repair() -> None:
    once = embed(network(tail=True).build(), recipe_mark())
    twice = embed(once, recipe_mark("images"))
    assert len(read_model(twice).metadata) == len(read_model(once).metadata)
    fixed = repair(twice, PLUGINS, samples=1)
    assert fixed.applied
    assert calibration_of(read_model(fixed.after))["kind"] == "images"


def test_files_stand_beside_each_other(tmp_path: Path) -> None:
    files = files_for(tmp_path / "net.v2.tflite")
    assert [path.name for path in files] == ["net.v2.tflite", "net.v2.recipe.py", "net.v2.recipe.json"]
    write_all(files, b"model", "print()\n", {"a": 1})
    assert files.model.read_bytes() == b"model"
    assert json.loads(files.document.read_text()) == {"a": 1}
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_nothing_is_replaced_without_being_asked(tmp_path: Path) -> None:
    source = Source("keras", str(tmp_path / "net.keras"))
    files = files_for(tmp_path / "net.tflite")
    refuse_to_replace(files, source, overwrite=False)
    files.script.write_text("mine")
    with pytest.raises(FileExistsError, match=r"net\.recipe\.py is there already.*--overwrite"):
        refuse_to_replace(files, source, overwrite=False)
    refuse_to_replace(files, source, overwrite=True)


def test_the_source_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(b"float")
    with pytest.raises(FileExistsError, match="the source itself"):
        refuse_to_replace(files_for(path), Source("float_tflite", str(path)), overwrite=True)


def test_a_folder_that_is_not_there_is_said_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        refuse_to_replace(files_for(tmp_path / "no" / "net.tflite"), Source("keras", "x"), overwrite=False)


def test_the_default_name_tells_of_no_compilation() -> None:
    assert default_output(Source("saved_model", "export/net")).name == "net_int8.tflite"
    assert default_output(Source("function", "build.py:make_net", trust=True)).name == "make_net_int8.tflite"
