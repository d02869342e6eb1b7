"""The shipped models are repaired, with the flag each needs, and the proof holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.fix.session import Outcome
from tflint_edgetpu.lint.finding import Safety, Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.model.reader import read_model

FIXTURES = Path(__file__).parents[2] / "fixtures"
PLUGINS = Plugins()


def repaired(name: str, level: Safety) -> Outcome:
    return repair((FIXTURES / f"{name}.tflite").read_bytes(), PLUGINS, level=level)


SAFE = {
    "ssd_user_settings": {"OPS010", "DET002"},
    "ssd_float_outputs": {"OPS010"},
    "classifier_int8_float_io": {"IOB001", "IOB002"},
    "classifier_dynamic_batch": {"SHP001"},
    "dynamic_shapes": {"SHP001"},
    "dilated_dynamic": {"SHP001", "SHP003"},
    "add_v4": {"VER002"},
    "external_buffers": {"VER007"},
    "transpose_conv_relu": {"VER004"},
}
UNSAFE = {
    "leaky_relu": {"OPS003"},
    "hard_swish": {"OPS004"},
    "grouped_convolution": {"VER005"},
    "classifier_per_channel_dense": {"QNT007"},
}


@pytest.mark.parametrize("name", SAFE)
def test_safe_fixes_repair_it_and_move_nothing(name: str) -> None:
    outcome = repaired(name, Safety.SAFE)
    assert {attempt.code for attempt in outcome.applied} == SAFE[name]
    assert not outcome.rolled_back
    assert outcome.comparison is not None and outcome.comparison.identical
    assert any(output.exercised for output in outcome.comparison.outputs)
    left = {finding.code for finding in outcome.linted_after.findings if finding.severity is Severity.ERROR}
    assert not left & SAFE[name] and not left
    assert outcome.linted_after.placement.share >= outcome.linted_before.placement.share
    assert repair(outcome.after, PLUGINS).after == outcome.after, "fixing twice is fixing once"


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_fixes_repair_it_within_their_bound(name: str) -> None:
    before = (FIXTURES / f"{name}.tflite").read_bytes()
    assert not {a.code for a in repair(before, PLUGINS).applied} & UNSAFE[name], "not without the flag"
    outcome = repaired(name, Safety.UNSAFE)
    assert {attempt.code for attempt in outcome.applied} >= UNSAFE[name]
    assert not outcome.rolled_back
    left = {finding.code for finding in outcome.linted_after.findings if finding.severity is Severity.ERROR}
    assert not left
    assert outcome.linted_after.placement.share >= outcome.linted_before.placement.share
    assert repair(outcome.after, PLUGINS, level=Safety.UNSAFE).after == outcome.after


def test_the_users_detector_runs_on_the_edge_tpu_but_for_its_tail() -> None:
    outcome = repaired("ssd_user_settings", Safety.SAFE)
    assert outcome.linted_after.placement.share == 1.0
    kinds = [operator.kind for operator in read_model(outcome.after).main.operators]
    assert "PACK" not in kinds and kinds.count("RESIZE_NEAREST_NEIGHBOR") == 2
    assert {tensor.dtype for tensor in read_model(outcome.after).main.outputs} == {"FLOAT32"}
    on_cpu = [
        placed.operator.kind for placed in outcome.linted_after.placement.operators if placed.on == "cpu"
    ]
    assert sorted(on_cpu) == ["CUSTOM", "DEQUANTIZE", "DEQUANTIZE"]


def test_the_corpus_detector_of_the_users_kind(shared: Path) -> None:
    data = (shared / "corpus/pairs/clsandoval_model/model.tflite").read_bytes()
    outcome = repair(data, PLUGINS)
    assert outcome.linted_before.placement.edgetpu == 112
    assert outcome.linted_after.placement.share == 1.0
    assert outcome.comparison is not None and outcome.comparison.identical
