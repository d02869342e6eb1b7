"""Float against integers: what passes, what fails, what proves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.verify import agreement
from tflint_edgetpu.verify.agreement import Agreement, OutputAgreement, Thresholds, agree, problem
from tflint_edgetpu.verify.numeric import CannotVerify

FIXTURES = Path(__file__).parents[2] / "fixtures"


def of(nets: Any, reference: bytes, candidate: bytes, **more: Any) -> Agreement:
    return agree(reference, candidate, nets.samples, **more)


def test_a_good_conversion_passes(nets: Any) -> None:
    found = of(nets, nets.float_model(), nets.integer_model(), held_back=nets.held_back)
    assert found.passed and found.samples == 24 and found.held_back_samples == 12
    (output,) = found.outputs
    assert output.name == "y" and output.exercised and output.top1 == 1.0
    assert output.sqnr_db is not None and output.sqnr_db > 30
    assert output.worst_steps is not None and 0.4 < output.worst_steps < 2.5
    assert output.step == pytest.approx(4 / 127) and output.clipped == 0 and not found.notes


def test_the_numbers_are_those_of_the_definition(nets: Any) -> None:
    (output,) = of(nets, nets.float_model(), nets.integer_model()).outputs
    samples = np.load(nets.samples)["x"].reshape(24, 8).astype(np.float64)
    exact = samples @ np.float32(nets.weights).T.astype(np.float64)
    x = np.clip(np.round(samples * 127), -128, 127) / 127
    scale = np.abs(nets.weights).max() / 127
    approximate = np.round(x @ (np.round(nets.weights / scale) * scale).T / (4 / 127)) * (4 / 127)
    noise = ((exact - approximate) ** 2).sum()
    assert output.sqnr_db == pytest.approx(10 * np.log10((exact**2).sum() / noise), abs=0.3)
    varying = ((exact - exact.mean(0)) ** 2).sum()
    assert output.varying_db == pytest.approx(10 * np.log10(varying / noise), abs=0.3)
    assert output.worst_steps == pytest.approx(np.abs(exact - approximate).max() / (4 / 127), abs=0.2)


@pytest.mark.parametrize(
    "options", [{"dtype": "UINT8"}, {"dequantize": True}, {"dtype": "UINT8", "dequantize": True}]
)
def test_types_at_the_boundary_make_no_difference(nets: Any, options: dict[str, Any]) -> None:
    plain = of(nets, nets.float_model(), nets.integer_model()).outputs[0]
    other = of(nets, nets.float_model(), nets.integer_model(**options)).outputs[0]
    assert other.step == pytest.approx(plain.step), (
        "the step of a float output is that of the integers before it"
    )
    assert other.sqnr_db == pytest.approx(plain.sqnr_db, abs=1e-3)


def test_outputs_are_matched_by_the_signature_not_by_place(nets: Any) -> None:
    reference = nets.float_model(outputs=("y0", "y1", "y2"))
    candidate = nets.integer_model(outputs=("y2", "y0", "y1"))
    found = of(nets, reference, candidate)
    assert found.passed and {output.name for output in found.outputs} == {"y0", "y1", "y2"}


def test_names_that_the_candidate_has_otherwise(nets: Any) -> None:
    reference = nets.float_model(outputs=("y0", "y1"), signature=False)
    candidate = nets.integer_model(outputs=("y1", "y0"), signature=False)
    assert not of(nets, reference, candidate).passed, "by place, which is wrong here"
    names = {"t_y0": "q_y0", "t_y1": "q_y1", "x": "image"}
    assert of(nets, reference, candidate, names=names).passed


def test_lost_weights_are_seen(nets: Any) -> None:
    damaged = nets.weights.copy()
    damaged[:3] *= 0.5
    found = of(nets, nets.float_model(), nets.integer_model(damaged), held_back=nets.held_back)
    assert not found.passed and len(found.problems) == 2
    assert "SQNR" in found.problems[0] and "at least 20" in found.problems[0]
    assert "on held-back inputs" in found.problems[1]
    loose = Thresholds(sqnr_db=3, cosine=0.5, top1=0)
    assert of(nets, nets.float_model(), nets.integer_model(damaged), thresholds=loose).passed


def test_an_output_that_never_moves_fails(nets: Any) -> None:
    """What a per-channel dense layer looks like in an old runtime: every value is the zero point."""
    dead = nets.integer_model(np.zeros((6, 8)))
    (why,) = of(nets, nets.float_model(), dead).problems
    assert "never changes, while that of the float model does" in why


def test_a_large_constant_part_hides_nothing(nets: Any) -> None:
    bias = np.full(6, 100.0)
    scrambled = nets.integer_model(-nets.weights, bias, scale=1.0, zero_point=-50)
    found = of(nets, nets.float_model(bias=bias), scrambled)
    (output,) = found.outputs
    assert output.sqnr_db is not None and output.sqnr_db > 30, "alone it would pass"
    assert output.cosine is not None and output.cosine > 0.999
    assert "depends on the input" in found.problems[0]


def test_an_output_that_does_not_depend_on_the_input_proves_nothing(nets: Any) -> None:
    bias, none = np.linspace(1, 2, 6), np.zeros((6, 8))
    found = of(nets, nets.float_model(none, bias), nets.integer_model(none, bias))
    assert not found.problems and not found.proves_something and not found.passed
    assert any("proves nothing" in note for note in found.notes)


def test_a_range_that_calibration_did_not_see_is_named(nets: Any) -> None:
    found = of(nets, nets.float_model(), nets.integer_model(scale=0.3 / 127))
    assert found.failure is None, found.failure
    assert found.outputs[0].clipped > 0.2
    assert "beyond the calibrated range" in found.problems[0]


def test_held_back_inputs_that_are_much_worse_are_noted(nets: Any) -> None:
    wide = nets.save("wide", x=np.load(nets.held_back)["x"] * 4)
    found = of(nets, nets.float_model(), nets.integer_model(), held_back=wide)
    assert any("on those it was calibrated with" in note for note in found.notes)


def test_a_slow_model_is_run_on_fewer_samples(nets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "SECONDS", 0.0)
    found = of(nets, nets.float_model(), nets.integer_model(), held_back=nets.held_back)
    assert found.samples == found.held_back_samples == agreement.FEWEST_SAMPLES and found.passed


def test_class_numbers_are_equal_or_not(nets: Any) -> None:
    def argmax(m: ModelBuilder, y: int) -> int:
        axis = m.constant(np.array([1], np.int32), "INT32")
        return m.op(
            "ARG_MAX",
            [y, axis],
            [m.tensor((1,), "INT64", scale=None)],
            options="ArgMaxOptions",
            output_type=4,
        )

    reference = nets.float_model(finish=argmax)
    (output,) = of(nets, reference, reference).outputs
    assert output.is_labels and output.top1 == 1.0
    other = of(nets, reference, nets.float_model(-nets.weights, finish=argmax))
    assert not other.passed and "labels" in other.problems[0]


def test_detections_are_compared_before_the_postprocess(tmp_path: Path) -> None:
    reference = (FIXTURES / "ssd_float_outputs.tflite").read_bytes()
    candidate = (FIXTURES / "ssd_user_settings.tflite").read_bytes()
    pixels = np.random.default_rng(1).integers(0, 256, (4, 64, 64, 3), np.uint8)
    np.savez(tmp_path / "pixels.npz", image=pixels)
    found = agree(reference, candidate, tmp_path / "pixels.npz")
    assert [output.name.split(" of ")[0] for output in found.outputs] == ["box encodings", "class scores"]
    assert all(output.sqnr_db is None for output in found.outputs), "the same net: not a bit of difference"
    assert found.passed


# From 16 models measured with TensorFlow 2.21: cosine, SQNR in dB, worst error in steps. All are healthy.
HEALTHY = [
    (0.99999, 45.6, 1.4), (1.0, 52.7, 0.9), (0.99984, 34.9, 11.3), (0.9984, 24.8, 27.8), (0.99964, 31.4, 43.6),
    (0.9982, 24.0, 25.1), (0.0606, 0.0, 0.5), (0.0, 0.0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("cosine", "sqnr", "steps"), HEALTHY)
def test_no_healthy_model_fails(cosine: float, sqnr: float, steps: float) -> None:
    output = OutputAgreement("y", sqnr, cosine, steps, None, True, varying_db=sqnr)
    assert problem(output, Thresholds()) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sqnr_db": 9.0, "cosine": 0.937}, "SQNR 9.0 dB"),  # attention, XNNPACK of TensorFlow 2.21
        ({"cosine": 0.98}, "cosine 0.98"),
        ({"varying_db": 0.5}, "depends on the input"),
        ({"top1": 0.5, "decisions": 100}, "top-1 kept in 50%"),
        ({"worst_steps": None}, "no numbers"),
        ({"frozen": True}, "never changes"),
    ],
)
def test_each_number_can_fail_alone(change: dict[str, Any], why: str) -> None:
    good = OutputAgreement("y", 30.0, 0.999, 12.0, 1.0, True, varying_db=28.0, decisions=100)
    assert problem(good, Thresholds()) is None
    found = problem(good._replace(**change), Thresholds())
    assert found is not None and why in found


def test_few_decisions_decide_nothing() -> None:
    output = OutputAgreement("y", 30.0, 0.999, 12.0, 0.5, True, varying_db=28.0, decisions=4)
    assert problem(output, Thresholds()) is None


def test_only_clear_decisions_count(nets: Any) -> None:
    """Two rows of almost the same weights: their order is a matter of rounding, and says nothing."""
    weights = nets.weights.copy()
    weights[1] = weights[0] * 1.001
    weights[2:] *= 0.01
    (output,) = of(nets, nets.float_model(weights), nets.integer_model(weights)).outputs
    assert output.decisions < 24 and output.top1 in (1.0, None)


@pytest.mark.parametrize(
    "content",
    [{"z": np.zeros((3, 8)), "y": np.zeros((3, 8))}, {"x": np.zeros((3, 9))}, {"x": np.array(["a"] * 8)}],
)
def test_samples_that_do_not_fit_give_no_verdict(nets: Any, content: dict[str, Any]) -> None:
    path = nets.save("bad", **content)
    with pytest.raises(CannotVerify):
        agree(nets.float_model(), nets.integer_model(), path)


def test_fractions_for_an_integer_reference_are_refused(nets: Any) -> None:
    with pytest.raises(CannotVerify, match="fractions"):
        agree(nets.integer_model(), nets.integer_model(), nets.samples)


def test_models_of_different_interfaces(nets: Any) -> None:
    m = ModelBuilder()
    m.output(m.dense(m.input((1, 9)), 6))
    found = of(nets, nets.float_model(), m.build())
    assert not found.passed and found.failure is not None and "its inputs are" in found.failure
    two = of(nets, nets.float_model(outputs=("y0", "y1")), nets.integer_model(prefix="r_"))
    assert two.failure is not None and "outputs" in two.failure


def test_a_reference_that_does_not_run_gives_no_verdict(nets: Any) -> None:
    def unknown(m: ModelBuilder, y: int) -> int:
        return m.op("CUSTOM", [y], [m.tensor((1, 6), "FLOAT32", scale=None)], custom_code="Nobody")

    with pytest.raises(CannotVerify, match="Nobody"):
        of(nets, nets.float_model(finish=unknown), nets.integer_model())
    found = of(nets, nets.float_model(), nets.float_model(finish=unknown))
    assert found.failure is not None and "load candidate" in found.failure


def test_a_crash_is_reported_not_shared(nets: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "crash.py"
    child.write_text(
        'import os, signal, sys\nsys.stdin.read()\nprint(\'{"stage": "run candidate"}\', flush=True)\n'
        "os.kill(os.getpid(), signal.SIGABRT)\n"
    )
    monkeypatch.setattr(agreement, "CHILD", child)
    assert "signal 6" in str(of(nets, nets.float_model(), nets.integer_model()).failure)


def test_without_litert_the_line_says_how_to_get_it(nets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "litert_is_installed", lambda: False)
    with pytest.raises(CannotVerify, match=r"pip install 'tflint-edgetpu\[fix\]'"):
        of(nets, nets.float_model(), nets.integer_model())
