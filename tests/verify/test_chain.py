"""Every stage: what passes, what fails, and that what cannot be run is never a pass."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.lint.settings import VERIFY_LIMITS
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.verify import chain as chain_module
from tflint_edgetpu.verify.agreement import Thresholds
from tflint_edgetpu.verify.chain import (
    STAGES,
    Limits,
    Stage,
    chain_passed,
    left_out,
    limits_from,
    run_chain,
    stages_asked_for,
)
from tflint_edgetpu.verify.device import DeviceRun, NotVerified

FIXTURES = Path(__file__).parents[2] / "fixtures"
LOG = """\
Edge TPU Compiler version 16.0.384591198
Model compiled successfully in 12 ms.
Input model: in/model.tflite
Output model: out/model_edgetpu.tflite
Number of Edge TPU subgraphs: {subgraphs}
Total number of operations: 1
Operation log: out/model_edgetpu.log
Number of operations that will run on Edge TPU: {mapped}
Number of operations that will run on CPU: {cpu}
"""


def by_name(stages: Sequence[Stage]) -> dict[str, Stage]:
    assert tuple(stage.name for stage in stages) == STAGES
    assert all(stage.text and "\n" not in stage.text for stage in stages)
    return {stage.name: stage for stage in stages}


def statuses(stages: Sequence[Stage]) -> str:
    return " ".join(f"{stage.name}:{stage.status}" for stage in stages)


@pytest.fixture
def no_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither a compiler nor a container engine on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def stand_in(tmp_path: Path) -> Any:
    """A stand-in for edgetpu_compiler: prints a log, writes a file, compiles nothing."""
    if os.name == "nt":
        pytest.skip("the compiler and the stand-in are for Linux")

    def make(mapped: int = 1) -> str:
        program = tmp_path / "stand_in"
        text = LOG.format(subgraphs=int(bool(mapped)), mapped=mapped, cpu=1 - mapped)
        program.write_text(
            f"#!{sys.executable}\nfrom pathlib import Path\nprint({text!r})\n"
            "Path('out/model_edgetpu.tflite').write_bytes(b'compiled')\n"
        )
        program.chmod(0o755)
        return str(program)

    return make


def test_all_that_can_be_run_passes(nets: Any, no_tools: None) -> None:
    stages = run_chain(
        nets.integer_model(), reference=nets.float_model(), samples=nets.samples, held_back=nets.held_back
    )
    found = by_name(stages)
    assert [found[name].status for name in STAGES[:4]] == ["passed"] * 4 and chain_passed(stages)
    assert "dB" in found["agreement"].text and "24 samples and 12 held back" in found["agreement"].text
    assert found["agreement"].numbers["outputs"][0]["sqnr_db"] > 30
    assert found["placement"].numbers["share"] == 1.0
    assert found["compiler"].status == found["device"].status == "not run"
    assert "edgetpu_compiler is not on PATH" in found["compiler"].text
    assert found["device"].text.startswith("not verified on an Edge TPU: ")


def test_a_damaged_file_stops_the_chain(nets: Any) -> None:
    m = ModelBuilder()
    m.input((1, 4))
    m.output(m.unary("RELU", m.tensor((1, 4)), version=2))
    for data in (m.build(), b"nonsense"):
        stages = run_chain(data, reference=nets.float_model(), samples=nets.samples)
        assert stages[0].status == "failed" and not chain_passed(stages)
        assert {stage.status for stage in stages[1:]} == {"not run"}


def test_a_model_that_does_not_load(nets: Any, no_tools: None) -> None:
    m = ModelBuilder()
    x = m.input((1, 8), name="x")
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 6))], custom_code="Nobody"))
    found = by_name(run_chain(m.build(), reference=nets.float_model(), samples=nets.samples))
    assert found["loads"].status == "failed" and "Nobody" in found["loads"].text
    assert found["agreement"].status == "not run" and "does not load" in found["agreement"].text


def test_an_operator_that_only_corals_runtime_has_is_no_defect(nets: Any, no_tools: None) -> None:
    m = ModelBuilder()
    x = m.input((1, 8), name="x")
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 6))], custom_code="PosenetDecoderOp"))
    found = by_name(run_chain(m.build(), reference=nets.float_model(), samples=nets.samples))
    assert found["loads"].status == found["agreement"].status == "not run"
    assert "PosenetDecoderOp" in found["loads"].text


def test_a_model_that_computes_something_else(nets: Any, no_tools: None) -> None:
    stages = run_chain(nets.integer_model(-nets.weights), reference=nets.float_model(), samples=nets.samples)
    found = by_name(stages)["agreement"]
    assert found.status == "failed" and "SQNR" in found.text and not chain_passed(stages)
    assert found.numbers["problems"]


def test_what_proves_nothing_is_not_a_pass(nets: Any, no_tools: None) -> None:
    import numpy as np

    none = np.zeros((6, 8))
    stages = run_chain(nets.integer_model(none), reference=nets.float_model(none), samples=nets.samples)
    found = by_name(stages)["agreement"]
    assert found.status == "not run" and "proves nothing" in found.text


@pytest.mark.parametrize("missing", ["reference", "samples"])
def test_without_reference_or_inputs(nets: Any, no_tools: None, missing: str) -> None:
    given = {"reference": nets.float_model(), "samples": nets.samples}
    del given[missing]
    found = by_name(run_chain(nets.integer_model(), **given))["agreement"]
    option = {"reference": "--reference", "samples": "--inputs"}[missing]
    assert found.status == "not run" and option in found.text


def test_samples_that_do_not_fit_are_no_verdict_on_the_model(nets: Any, no_tools: None) -> None:
    import numpy as np

    wrong = nets.save("wrong", x=np.zeros((3, 9)))
    found = by_name(run_chain(nets.integer_model(), reference=nets.float_model(), samples=wrong))
    assert found["agreement"].status == "not run" and "needs shape" in found["agreement"].text


def test_placement_that_maps_nothing_or_too_little(nets: Any, no_tools: None) -> None:
    float_model = by_name(run_chain(nets.float_model()))["placement"]
    assert float_model.status == "failed"
    partly = (FIXTURES / "leaky_relu.tflite").read_bytes()
    loose, strict = (
        by_name(run_chain(partly, limits=Limits(mapped_share=share)))["placement"] for share in (0.01, 0.99)
    )
    assert loose.status == "passed" and strict.status == "failed" and "at least 99%" in strict.text


def test_the_compiler_is_run_and_its_word_counts(nets: Any, stand_in: Any) -> None:
    found = by_name(run_chain(nets.integer_model(), compiler=stand_in()))
    assert found["compiler"].status == "passed"
    assert found["compiler"].text == "edgetpu_compiler maps 1 of 1 operators"
    stages = run_chain(nets.integer_model(), compiler=stand_in(0))
    assert by_name(stages)["compiler"].status == "failed" and not chain_passed(stages)


def test_a_stage_that_nobody_asked_for(nets: Any) -> None:
    found = by_name(run_chain(nets.integer_model(), compiler=None, device="never"))
    assert found["compiler"].status == found["device"].status == "not run"
    assert "not asked for" in found["compiler"].text and "not asked for" in found["device"].text


def test_a_container_without_an_engine(nets: Any, no_tools: None) -> None:
    found = by_name(run_chain(nets.integer_model(), container="edgetpu-compiler"))["compiler"]
    assert found.status == "not run" and "docker" in found.text


DEVICE_RUN = DeviceRun("PyCoral", "2.0", "", "", (), 12.0, 1.5, 24, None)


@pytest.mark.parametrize(
    ("outcome", "status", "text"),
    [
        (NotVerified("there is no Edge TPU"), "not run", "not verified on an Edge TPU: there is no Edge TPU"),
        (DEVICE_RUN, "passed", "1.5 ms an inference"),
        (DEVICE_RUN._replace(failure="output 'y' is 7 steps away"), "failed", "7 steps"),
    ],
)
def test_what_the_device_says(
    nets: Any, stand_in: Any, monkeypatch: pytest.MonkeyPatch, outcome: Any, status: str, text: str
) -> None:
    asked: dict[str, Any] = {}

    def stand_in_for_the_device(compiled: bytes, cpu_model: bytes, samples: Path, **options: Any) -> Any:
        asked.update(options, compiled=compiled, cpu_model=cpu_model, samples=samples)
        return outcome

    monkeypatch.setattr(chain_module, "run_on_device", stand_in_for_the_device)
    candidate = nets.integer_model()
    stages = run_chain(
        candidate, samples=nets.samples, compiler=stand_in(), device="usb:0", limits=Limits(device_steps=2.0)
    )
    found = by_name(stages)["device"]
    assert found.status == status and text in found.text
    assert asked["compiled"] == b"compiled" and asked["cpu_model"] == candidate
    assert asked["device"] == "usb:0" and asked["tolerance"] == 2.0
    assert chain_passed(stages) is (status != "failed")


def test_without_litert_nothing_passes_that_needs_it(nets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tflint_edgetpu.verify import agreement

    monkeypatch.setattr(chain_module, "litert_is_installed", lambda: False)
    monkeypatch.setattr(agreement, "litert_is_installed", lambda: False)
    found = by_name(run_chain(nets.integer_model(), reference=nets.float_model(), samples=nets.samples))
    assert found["loads"].status == found["agreement"].status == "not run"
    assert "pip install" in found["loads"].text


def test_every_limit_of_the_settings_reaches_a_threshold() -> None:
    given = {name: low + (high - low) / 3 for name, (low, high) in VERIFY_LIMITS.items()}
    thresholds, limits = limits_from(given)
    reached = {**thresholds._asdict(), **limits._asdict()}
    assert reached == {name.replace("-", "_"): value for name, value in given.items()}
    assert limits_from({}) == (Thresholds(), Limits())


def test_what_an_option_asks_for_must_have_run() -> None:
    assert stages_asked_for(None, None, "auto") == stages_asked_for(None, None, "never") == frozenset()
    assert stages_asked_for("/opt/edgetpu_compiler", None, "never") == {"compiler"}
    asked = stages_asked_for(None, "image", "usb:0")
    assert asked == {"compiler", "device"}
    done = [Stage("compiler", "passed", ""), Stage("device", "not run", "")]
    assert left_out(done, asked) and not left_out(done, {"compiler"})
