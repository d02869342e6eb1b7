"""The session with a converter that gives what it is told to: no TensorFlow."""

from __future__ import annotations

import io
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from tflint_edgetpu.cli import convert as command
from tflint_edgetpu.cli.progress import ConversionProgress
from tflint_edgetpu.convert import debug_layers
from tflint_edgetpu.convert.attempt import Attempt, Failure, crash, explain
from tflint_edgetpu.convert.calibration.request import CalibrationRequest, InputSpec
from tflint_edgetpu.convert.conversion import Conversion, NothingConverted
from tflint_edgetpu.convert.document import script_of
from tflint_edgetpu.convert.errors import CannotConvert
from tflint_edgetpu.convert.process import Described, Seen
from tflint_edgetpu.convert.recipe import AS_IN_SOURCE, Recipe
from tflint_edgetpu.convert.session import convert_source
from tflint_edgetpu.convert.source import Source
from tflint_edgetpu.convert.wish import Wish
from tflint_edgetpu.convert.write import files_for
from tflint_edgetpu.lint.finding import Certainty, Finding, Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.report.convert_card import show_conversion
from tflint_edgetpu.testing.builder import ModelBuilder

PLUGINS = Plugins()


def network(island: bool = False) -> bytes:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3), name="image"))
    if island:
        x = m.quantize(m.unary("NEG", m.dequantize(x), dtype="FLOAT32"))
    y = m.conv2d(x, name="scores")
    m.output(y)
    m.signature("serving_default", {"image": 0}, {"scores": y})
    return m.build()


def reference(kind: str = "CONV_2D") -> bytes:
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 8, 8, 3), name="image")
    if kind == "BATCH_MATMUL":
        m.output(m.op(kind, [x, x], [m.tensor((1, 8, 8, 8))], options="BatchMatMulOptions", adj_y=True))
    else:
        m.output(m.conv2d(x))
    return m.build()


class Given:
    """Stands in for the child process: ``results`` by step, bytes or a failure."""

    def __init__(
        self, results: dict[str, bytes | Failure], printed: str = "", version: str = "2.21.0"
    ) -> None:
        self.results, self.printed, self.version = results, printed, version
        self.asked: list[Recipe] = []
        self.recurrent: tuple[str, ...] = ()
        self.dtype = "float32"

    def __call__(self, source: Source, request: CalibrationRequest, **options: Any) -> Given:
        self.progress = options["progress"]
        return self

    def __enter__(self) -> Given:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def load(self) -> Described:
        inputs = (InputSpec("image", (1, 8, 8, 3), self.dtype),)
        return Described(inputs, "serving_default", self.recurrent, (), {"tensorflow": self.version})

    def samples(self) -> tuple[Path | None, Path | None]:
        return None, None

    def seen(self) -> Seen:
        return Seen({"image": (-1.0, 1.0)}, ("a note",))

    def convert(self, recipe: Recipe, why: str) -> Attempt:
        self.asked.append(recipe)
        if recipe.quantize:
            for number in range(1, 41):
                self.progress(number)
        result = self.results.get(recipe.step, Failure("other", "nothing was prepared"))
        data, failure = (None, result) if isinstance(result, Failure) else (result, None)
        return Attempt(recipe, why, data, failure, self.printed, 0.1)


def convert(given: Given, kind: str = "arrays", **wish: Any) -> Conversion:
    return convert_source(
        Source("keras", "net.keras"), CalibrationRequest(kind, ""), PLUGINS, Wish(**wish), make_converter=given  # type: ignore[arg-type]
    )  # fmt: skip


def codes(conversion: Conversion) -> set[str]:
    return {finding.code for finding in conversion.linted.findings}


def test_one_good_step() -> None:
    given = Given({"float reference": reference(), "integer": network()})
    conversion = convert(given)
    assert [recipe.step for recipe in given.asked] == ["float reference", "integer"]
    assert conversion.recipe.step == "integer"
    assert conversion.mark["calibration"]["samples"] == 40
    assert conversion.notes == ("a note",)
    assert [(o.name, o.number) for o in conversion.outputs] == [("scores", 0)]
    assert {stage.name for stage in conversion.stages} >= {"structure", "loads", "agreement", "placement"}
    assert not conversion.islands and "CNV020" not in codes(conversion)


def test_random_calibration_leaves_its_mark_in_the_bytes() -> None:
    conversion = convert(Given({"float reference": reference(), "integer": network()}), "random")
    assert "CNV020" in codes(conversion)
    from tflint_edgetpu import lint

    assert "CNV020" in {finding.code for finding in lint(conversion.data).findings}


def test_float_islands_are_named_by_a_second_run() -> None:
    strict = explain("RuntimeError", "Quantization not yet supported for op: 'NEG'.")
    given = Given(
        {"float reference": reference(), "integer": network(island=True), "strict quantizer": strict}
    )
    conversion = convert(given)
    assert given.asked[-1].new_quantizer is False
    assert conversion.islands == ("NEG",)
    assert "CNV023" in codes(conversion)


def test_no_second_run_where_nothing_is_float() -> None:
    given = Given({"float reference": reference(), "integer": network()})
    convert(given)
    assert all(recipe.new_quantizer for recipe in given.asked)


def test_what_the_converter_printed_becomes_findings() -> None:
    printed = (
        "W0000 00:00:17 1 tf_tfl_flatbuffer_helpers.cc:364] Ignored output_format.\n"
        "WARNING:absl:For model inputs containing unsupported operations which cannot be quantized, the "
        "`inference_input_type` attribute will default to the original type.\n"
    )
    given = Given({"float reference": reference(), "integer": network()}, printed)
    (finding,) = [f for f in convert(given).linted.findings if f.code == "CNV022"]
    assert "the inputs of the file are int8" in finding.message
    assert finding.severity.word == "info"


def test_success_is_not_believed() -> None:
    given = Given(
        {"float reference": reference(), "integer": network()[:300], "float where needed": network()}
    )
    conversion = convert(given)
    assert conversion.recipe.step == "float where needed"
    failure = conversion.candidates[0].attempt.failure
    assert failure is not None and "the converter was content" in failure.text


def test_the_better_of_two_wins() -> None:
    given = Given(
        {
            "float reference": reference("BATCH_MATMUL"),
            "integer": network(island=True),
            "unfolded products": network(),
        }
    )
    conversion = convert(given)
    assert conversion.recipe.step == "unfolded products"
    assert "with 'integer'" in conversion.why


def test_nothing_converted_tells_what_was_tried_and_why_flex_is_no_way_out() -> None:
    flex = explain("ConverterError", "error: 'tf.MatrixInverse' op is neither a custom op nor a flex op")
    given = Given({"float reference": flex, "integer": flex})
    with pytest.raises(
        NothingConverted, match=r"MatrixInverse.*SELECT_TF_OPS is no way out: TensorFlow 2\.21\.0"
    ) as caught:
        convert(given)
    assert [candidate.attempt.recipe.step for candidate in caught.value.candidates] == ["integer"]


def test_a_crash_is_followed_by_the_cure() -> None:
    given = Given({"float reference": reference(), "integer": crash(11, ("memory",)), "unrolled": network()})
    given.recurrent = ("memory",)
    conversion = convert(given)
    assert conversion.recipe.unroll
    assert conversion.why == "the only one that converted, after 1 failed step"


def test_types_that_were_asked_for_are_not_chosen_anew() -> None:
    given = Given({"float reference": reference(), "integer": network()})
    convert(given, input_type="int8")
    assert (given.asked[-1].input_type, given.asked[-1].output_type) == ("int8", "int8")


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool"])
def test_inputs_that_are_integers_stay_what_they_are(dtype: str) -> None:
    given = Given({"float reference": reference(), "integer": network()})
    given.dtype = dtype
    conversion = convert(given, input_type="int8")
    assert (given.asked[-1].input_type, given.asked[-1].output_type) == (AS_IN_SOURCE, "int8")
    assert "inputs are integers already" in page(conversion)


def page(conversion: Conversion) -> str:
    out = io.StringIO()
    show_conversion(Console(file=out, width=400), conversion, None)
    return out.getvalue()


def detector() -> bytes:
    """A convolution that a NEG cuts off from the next one, and the postprocess behind DEQUANTIZEs."""
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3), name="image"))
    x = m.conv2d(m.quantize(m.unary("NEG", m.dequantize(x), dtype="FLOAT32")), name="features")
    boxes = m.dequantize(m.reshape(m.conv2d(x, filters=4), (1, 64, 4)))
    scores = m.dequantize(m.reshape(m.conv2d(x, filters=3), (1, 64, 3)))
    found = [m.tensor(shape, "FLOAT32", scale=None) for shape in ((1, 10, 4), (1, 10), (1, 10), (1,))]
    anchors = m.tensor((64, 4), "FLOAT32", data=np.zeros((64, 4), np.float32), scale=None)
    m.op("CUSTOM", [boxes, scores, anchors], found, custom_code="TFLite_Detection_PostProcess")
    m.output(*found)
    names = dict(zip(("boxes", "classes", "scores", "count"), found, strict=True))
    m.signature("serving_default", {"image": 0}, dict(sorted(names.items())))
    return m.build()


def test_the_card_accuses_what_cuts_off_and_not_what_belongs_at_the_end() -> None:
    conversion = convert(Given({"float reference": reference(), "integer": detector()}))
    shown = page(conversion)
    assert "3 at the ends, where they belong: 2 DEQUANTIZE, 1 CUSTOM:TFLite_Detection_PostProcess" in shown
    assert "1 NEG: " in shown
    assert "CUSTOM:TFLite_Detection_PostProcess: " not in shown and "2 DEQUANTIZE: " not in shown
    assert "in the order of clients that count outputs: boxes, classes, scores, count" in shown


def test_the_card_counts_what_it_does_not_show() -> None:
    conversion = convert(Given({"float reference": reference(), "integer": network()}))
    info, warning = (
        Finding("XYZ001", "x", severity, Certainty.MEASURED, "something", None, (), (), {}, None)
        for severity in (Severity.INFO, Severity.WARNING)
    )
    for findings, said in (
        ((info,) * 3, "left    3 info; 'tflint-edgetpu lint' shows them"),
        ((info,), "left    1 info; 'tflint-edgetpu lint' shows it"),
        ((warning, info), "1 warning, 1 info in all; 'tflint-edgetpu lint' shows them"),
    ):
        changed = conversion._replace(linted=conversion.linted._replace(findings=findings))
        assert said in page(changed)


def test_the_script_takes_the_signature_and_the_fixes_that_were_taken() -> None:
    conversion = convert(Given({"float reference": reference(), "integer": network()}))
    changed = conversion._replace(
        source=Source("saved_model", "net"),
        described=conversion.described._replace(signature="predict"),
        best=conversion.best._replace(repaired="VER005"),
    )
    script = script_of(changed, "net.tflite")
    assert "SIGNATURE = 'predict'\nmodel = tf.saved_model.load(FOLDER)\n" in script
    assert "fix --unsafe-fixes net.tflite" in script and "--unsafe" not in script_of(conversion, "net.tflite")


def test_layers_that_cannot_be_compared_cost_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise CannotConvert("the debugger crashed")

    conversion = convert(Given({"float reference": reference(), "integer": network()}))
    monkeypatch.setattr(debug_layers, "layer_losses", refuse)
    arguments = command.read_arguments(["net.keras", "--debug-layers", "--color", "never"])
    losses = command._layer_losses(conversion, ConversionProgress(1))
    assert losses is None
    assert capsys.readouterr().err == "tflint-edgetpu: --debug-layers: the debugger crashed\n"
    assert command._finish(arguments, conversion, files_for(tmp_path / "net.tflite"), losses) == 1
    assert (tmp_path / "net.tflite").is_file()


def test_a_model_that_is_replaced_is_judged_as_well() -> None:
    given = Given({"float reference": reference(), "integer": network()})
    conversion = convert(given, replaces=network(island=True))
    assert conversion.before is not None
    assert conversion.before.linted.placement.share < conversion.linted.placement.share
    assert conversion.before.agreement.name == "agreement"
