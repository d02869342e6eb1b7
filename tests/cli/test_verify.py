"""The command ``verify``: options, settings, exit codes, reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.testing.builder import ModelBuilder

Copy = Callable[..., Path]


@pytest.fixture
def files(copy: Copy, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A float classifier, its integer model, images in a folder; no compiler."""
    monkeypatch.setenv("PATH", str(folder))
    copy("classifier_float32", "float")
    copy("classifier_int8", "int8")
    images = np.random.default_rng(2).uniform(-1, 1, (24, 1, 1, 1, 3)) * np.ones((24, 1, 32, 32, 3))
    np.savez(folder / "a.npz", image=images[:16].astype(np.float32))
    np.savez(folder / "b.npz", image=images[16:].astype(np.float32))
    return folder


CHAIN = (
    "verify",
    "int8.tflite",
    "--chain",
    "--reference",
    "float.tflite",
    "--inputs",
    "a.npz",
    "--held-back",
    "b.npz",
)


def test_the_chain_for_people(files: Path, run: Any) -> None:
    done = run(*CHAIN)
    assert done.code == 0, done.out + done.err
    lines = [line.split() for line in done.out.splitlines()]
    words = {line[0]: line[1] for line in lines if len(line) > 2}
    assert words["structure"] == words["loads"] == words["agreement"] == words["placement"] == "passed"
    assert words["compiler"] == words["device"] == "not"
    assert "passed structure, loads, agreement and placement; not run: compiler and device" in done.out


def test_the_chain_for_machines(files: Path, run: Any) -> None:
    done = run(*CHAIN, "--format", "json")
    report = json.loads(done.out)
    assert done.code == 0 and report["passed"] is True and report["schema_version"] == 1
    assert [stage["name"] for stage in report["stages"]] == [
        "structure", "loads", "agreement", "placement", "compiler", "device",
    ]  # fmt: skip
    agreement = report["stages"][2]["numbers"]
    assert agreement["samples"] == 16 and agreement["held_back_samples"] == 8
    assert set(agreement["outputs"][0]) >= {"sqnr_db", "cosine", "worst_steps", "top1", "exercised"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--min-sqnr", "90", "--max-steps", "0.1"), 1), (("--min-share", "1"), 0), (("--min-sqnr", "-1"), 2),
        (("--min-share", "1.5"), 2), (("--inputs", "missing.npz"), 2), (("--reference", "missing.tflite"), 2),
        (("--config", "missing.toml"), 2),
    ],
)  # fmt: skip
def test_limits_and_exit_codes(files: Path, run: Any, options: tuple[str, ...], code: int) -> None:
    done = run(*CHAIN, *options)
    assert done.code == code, done.out + done.err
    if code == 1:
        assert "SQNR" in done.out and "failed at agreement" in done.out
    if code == 2:
        assert done.err.startswith("tflint-edgetpu: ") and len(done.err.splitlines()) == 1


def test_limits_come_from_the_settings_and_options_beat_them(files: Path, run: Any) -> None:
    (files / "pyproject.toml").write_text("[tool.tflint-edgetpu.verify]\nsqnr-db = 90\nsteps = 0.1\n")
    assert run(*CHAIN).code == 1
    assert run(*CHAIN, "--min-sqnr", "10").code == 0


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("sqnr = 3", "verify.sqnr"), ("sqnr-db = 'x'", "a number from 0 to 200"), ("cosine = 2", "from 0 to 1"),
        ("steps = true", "a number"),
    ],
)  # fmt: skip
def test_a_limit_that_makes_no_sense(files: Path, run: Any, table: str, why: str) -> None:
    (files / "tflint-edgetpu.toml").write_text(f"[verify]\n{table}\n")
    done = run(*CHAIN)
    assert done.code == 2 and why in done.err
    assert run("lint", "int8.tflite").code == 2, "a setting that nobody knows is an error everywhere"


def test_a_wrong_model_fails_with_its_numbers(files: Path, copy: Copy, run: Any) -> None:
    copy("leaky_relu", "int8")  # another net of the same shape
    done = run(*CHAIN, "--min-sqnr", "30")
    assert done.code == 1 and "dB (at least 30)" in done.out


@pytest.mark.parametrize(
    "options",
    [
        ("--reference", "broken.tflite", "--inputs", "a.npz"), ("--reference", "float.tflite"),
        ("--reference", "float.tflite", "--inputs", "broken.npz"), ("--device", "usb:0"),
        ("--compiler", "missing"), ("--container", "image"),
    ],
)  # fmt: skip
def test_a_stage_that_was_asked_for_and_not_run_is_no_success(
    files: Path, run: Any, options: tuple[str, ...]
) -> None:
    (files / "broken.tflite").write_text("nonsense")
    (files / "broken.npz").write_text("nonsense")
    assert run("verify", "int8.tflite", "--chain").code == 0
    done = run("verify", "int8.tflite", "--chain", *options)
    assert done.code == 2 and "not run" in done.out


def test_a_compiled_model_is_not_taken_through_the_chain(files: Path, run: Any) -> None:
    m = ModelBuilder()
    x = m.input((1, 4))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 4))], custom_code="edgetpu-custom-op"))
    (files / "net_edgetpu.tflite").write_bytes(m.build())
    done = run("verify", "net_edgetpu.tflite", "--chain")
    assert done.code == 2 and "the model it was compiled from" in done.err


def test_without_chain_nothing_changed(files: Path, run: Any) -> None:
    same = run("verify", "int8.tflite", "--reference", "int8.tflite")
    assert same.code == 0 and "bit-identical" in same.out
    assert (
        run("verify", "int8.tflite", "--reference", "float.tflite", "--inputs", "a.npz", "--identical").code
        == 1
    )
    assert "--reference is missing" in run("verify", "int8.tflite").err
    assert "is for --chain" in run("verify", "int8.tflite", "--held-back", "b.npz").err
