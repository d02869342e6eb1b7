"""--write-baseline and --baseline: only what is new is reported, also after a re-export."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.fix.tree import Tree
from tflint_edgetpu.model.reader import read_model

Copy = Callable[..., Path]
MODEL = "ssd_user_settings"


def reorder(path: Path, seed: int) -> None:
    """What a re-export does: the same graph, with other numbers for tensors and buffers."""
    tree = Tree(path.read_bytes())
    random.Random(seed).shuffle(tree.main.tensors)
    path.write_bytes(tree.pack())


def refs(path: Path) -> dict[str, str]:
    model = read_model(str(path))
    return {tensor.name: tensor.ref for tensor in model.main.tensors}


@pytest.mark.parametrize(
    "fixture", [MODEL, "ssd_float_outputs", "classifier_int8_float_io", "flex", "attention"]
)
def test_known_findings_stay_known_after_a_re_export(fixture: str, copy: Copy, run: Any) -> None:
    path = copy(fixture)
    before, places = run("lint"), refs(path)
    done = run("lint", "--write-baseline", "base.json")
    assert done.code == 0 and done.out.endswith(" to base.json\n")
    reorder(path, 3)
    assert refs(path) != places
    (file,) = json.loads(run("lint", "--baseline", "base.json", "--format", "json").out)["files"]
    assert file["findings"] == []
    assert {entry["reason"] for entry in file["suppressed"]} == {"known from the baseline"}
    assert before.out != "" and run("lint", "--baseline", "base.json").code == 0


def test_a_new_finding_is_reported(copy: Copy, run: Any) -> None:
    copy(MODEL)
    run("lint", "--write-baseline", "base.json", "--ignore", "DET006")
    (file,) = json.loads(run("lint", "--baseline", "base.json", "--format", "json").out)["files"]
    assert [finding["code"] for finding in file["findings"]] == ["DET006"]


def test_a_baseline_of_one_model_is_not_that_of_another(copy: Copy, run: Any) -> None:
    copy(MODEL, "a")
    run("lint", "--write-baseline", "base.json")
    copy(MODEL, "b")
    assert run("lint", "a.tflite", "--baseline", "base.json").code == 0
    assert run("lint", "b.tflite", "--baseline", "base.json").code == 1


def test_paths_are_relative_to_the_baseline(
    copy: Copy, folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(MODEL, "models/a")
    run("lint", "--write-baseline", "base.json")
    monkeypatch.chdir(folder / "models")
    assert run("lint", "a.tflite", "--baseline", "../base.json").code == 0
    assert str(folder) not in (folder / "base.json").read_text()


def test_writing_again_keeps_what_is_known(copy: Copy, run: Any, folder: Path) -> None:
    copy(MODEL)
    run("lint", "--write-baseline", "base.json")
    first = (folder / "base.json").read_text()
    (folder / "tflint-edgetpu.toml").write_text('baseline = "base.json"\n')
    assert run("lint").code == 0
    run("lint", "--write-baseline", "base.json")
    assert (folder / "base.json").read_text() == first


def test_ignored_findings_are_not_written(copy: Copy, run: Any, folder: Path) -> None:
    copy(MODEL)
    (folder / "tflint-edgetpu.toml").write_text('[[ignore]]\ncode = "DET"\nreason = "known"\n')
    run("lint", "--write-baseline", "base.json")
    assert "DET" not in (folder / "base.json").read_text()


def test_what_cannot_be_read_is_no_success(copy: Copy, run: Any, folder: Path) -> None:
    copy(MODEL)
    (folder / "broken.tflite").write_bytes(b"")
    done = run("lint", "--write-baseline", "base.json")
    assert done.code == 2 and "broken.tflite: the file is empty" in done.err
    assert (folder / "base.json").is_file()


def test_a_forgotten_file_name_costs_no_model(copy: Copy, run: Any) -> None:
    """``--write-baseline model.tflite`` takes the model for the file to write."""
    path = copy(MODEL)
    before = path.read_bytes()
    done = run("lint", "--write-baseline", f"{MODEL}.tflite")
    assert done.code == 2 and "--write-baseline needs a file" in done.err
    assert path.read_bytes() == before


def report_with(run: Any, folder: Path, **numbers: int) -> None:
    """An earlier report in which the placement had other numbers."""
    document = json.loads(run("lint", "--format", "json").out)
    document["files"][0]["placement"].update(numbers)
    (folder / "before.json").write_text(json.dumps(document))


def test_the_same_placement_is_no_regression(copy: Copy, run: Any, folder: Path) -> None:
    copy(MODEL)
    report_with(run, folder)
    assert run("lint", "--select", "TFL003", "--placement-baseline", "before.json").code == 0


@pytest.mark.parametrize("format", ["json", "concise"])
def test_fewer_operators_than_before(format: str, copy: Copy, run: Any, folder: Path) -> None:
    copy(MODEL)
    placement = json.loads(run("lint", "--format", "json").out)["files"][0]["placement"]
    edgetpu, total = placement["edgetpu"], placement["edgetpu"] + placement["cpu"]
    report_with(run, folder, edgetpu=total, cpu=0, macs_edgetpu=placement["macs"])
    done = run("lint", "--select", "TFL003", "--placement-baseline", "before.json", "--format", format)
    assert done.code == 1
    assert f"{edgetpu} of {total} operators on the Edge TPU" in done.out
    assert f"{total} of {total}" in done.out


def test_more_operators_than_before_is_fine(copy: Copy, run: Any, folder: Path) -> None:
    copy(MODEL)
    report_with(run, folder, edgetpu=0, cpu=53, macs_edgetpu=0)
    assert run("lint", "--select", "TFL003", "--placement-baseline", "before.json").code == 0


def test_a_file_that_the_compiler_refuses_maps_nothing(copy: Copy, run: Any, folder: Path) -> None:
    """All its operators are fine by themselves, and so are those of the model before."""
    copy("classifier_int8", "model")
    (folder / "fine.json").write_text(run("lint", "--format", "json").out)
    copy("grouped_convolution", "model")
    (folder / "refused.json").write_text(run("lint", "--format", "json").out)
    words = ("lint", "--select", "TFL003", "--format", "concise", "--placement-baseline")
    done = run(*words, "fine.json")
    assert done.code == 1 and "0 of 12 operators on the Edge TPU instead of 11 of 11" in done.out
    assert "0% of the arithmetic instead of 100%: the compiler refuses the file as a whole" in done.out
    assert run(*words, "refused.json").code == 0
    copy("classifier_int8", "model")
    assert run(*words, "refused.json").code == 0


def test_a_model_that_no_longer_compiles_is_a_regression(copy: Copy, run: Any, folder: Path) -> None:
    copy("classifier_int8", "model")
    (folder / "before.json").write_text(run("lint", "--format", "json").out)
    copy("classifier_float32", "model")
    done = run("lint", "--select", "TFL003", "--placement-baseline", "before.json", "--format", "concise")
    assert done.code == 1 and "0 of " in done.out
