"""The join on real models: statuses pinned to operators, files that do not belong, disagreements."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.edgetpu.compiled import read_compiled
from tflint_edgetpu.edgetpu.log import read_log
from tflint_edgetpu.edgetpu.observed import Observed, observe
from tflint_edgetpu.edgetpu.placement import place_model
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder


def join(folder: Path, *, log: Path | None = None, twin: Path | None = None) -> Observed:
    model = read_model(folder / "model.tflite")
    dataflow = Dataflow(model.main)
    return observe(
        model,
        dataflow,
        place_model(model, dataflow=dataflow),
        log=None if log is None else read_log(log),
        compiled=None if twin is None else read_compiled(read_model(twin)),
    )


def pairs(shared: Path, file: str) -> list[Path]:
    folders = [path.parent for path in sorted(shared.glob(f"corpus/pairs/*/{file}"))]
    assert folders, f"the corpus has no {file}"
    return folders


def truth(shared: Path, folder: Path) -> list[dict[str, Any]]:
    ops: list[dict[str, Any]] = json.loads((shared / f"corpus/truth/{folder.name}.json").read_text())["ops"]
    return ops


def test_the_twin_tells_every_operator(shared: Path) -> None:
    known = 0
    for folder in pairs(shared, "model_edgetpu.tflite"):
        observed = join(folder, twin=folder / "model_edgetpu.tflite")
        assert observed.compiled is not None, (folder.name, observed.sources)
        for operator, op in zip(observed.model.main.operators, truth(shared, folder), strict=True):
            pinned = observed.of(operator)
            if pinned is None or op["mapped"] is None:
                continue
            assert pinned.certain
            assert (pinned.on == "edgetpu") is op["mapped"], (folder.name, operator.ref)
            known += 1
    assert known > 500


def test_the_log_gives_its_own_counts_back(shared: Path) -> None:
    """What is pinned by counts never exceeds a row, and certain statuses agree with the truth."""
    certain = 0
    for folder in pairs(shared, "compiler.log"):
        observed = join(folder, log=folder / "compiler.log")
        assert observed.logged is not None, (folder.name, observed.sources)
        rows = {(row.operator, row.status): row.count for row in observed.logged.rows}
        pinned = {operator: observed.of(operator) for operator in observed.model.main.operators}
        counted = Counter((operator.kind, one.status) for operator, one in pinned.items() if one is not None)
        for (kind, status), count in counted.items():
            assert status is None or count <= rows.get((kind, status), 0), (folder.name, kind, status)
        for (operator, one), op in zip(pinned.items(), truth(shared, folder), strict=True):
            if one is not None and one.certain and op["mapped"] is not None:
                assert (one.on == "edgetpu") is op["mapped"], (folder.name, operator.ref, one)
                certain += 1
    assert certain > 500


def test_files_of_another_model_prove_nothing(shared: Path) -> None:
    folders = pairs(shared, "model_edgetpu.tflite")
    logs = pairs(shared, "compiler.log")
    for folder in folders[:4]:
        other = next(
            other for other in folders if truth(shared, other) != truth(shared, folder) and other != folder
        )
        log = next(other for other in logs if len(truth(shared, other)) != len(truth(shared, folder)))
        observed = join(folder, log=log / "compiler.log", twin=other / "model_edgetpu.tflite")
        assert len(observed.strangers) == 2
        assert all(stranger.reasons for stranger in observed.strangers)
        assert observed.edgetpu is None
        assert not observed.disagreements


def test_a_stale_log_is_no_evidence() -> None:
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"))
    model = m.model()
    text = (
        "Edge TPU Compiler version 16.0.384591198\nInput model: m.tflite\nInput size: {size}\n"
        "Number of Edge TPU subgraphs: 1\nTotal number of operations: {total}\n\n"
        "Operator Count Status\n\nCONV_2D {total} Mapped to Edge TPU\n"
    )
    dataflow = Dataflow(model.main)
    placement = place_model(model, dataflow=dataflow)

    def joined(size: str, total: int) -> Observed:
        log = read_log(text.format(size=size, total=total).encode())
        return observe(model, dataflow, placement, log=log)

    size = f"{model.size / 1024:.2f}KiB"
    assert joined(size, 1).edgetpu == 1
    assert joined(size, 2).strangers[0].reasons[0] == "it counts 2 operators, the model has 1"
    assert "its input has 3.70MiB" in joined("3.70MiB", 1).strangers[0].reasons[0]


def test_the_json_form_is_complete(shared: Path) -> None:
    folder = pairs(shared, "model_edgetpu.tflite")[0]
    data = join(folder, twin=folder / "model_edgetpu.tflite").to_dict()
    json.dumps(data)
    assert data["operators"] == len(data["per_operator"]) == data["edgetpu"] + data["cpu"]


@pytest.mark.parametrize("log_first", [True, False])
def test_twin_and_log_together_give_statuses(shared: Path, log_first: bool) -> None:
    """A pair with both: where comes from the twin, why from the log."""
    both = [f for f in pairs(shared, "compiler.log") if (f / "model_edgetpu.tflite").is_file()]
    assert both
    for folder in both:
        twin, log = folder / "model_edgetpu.tflite", folder / "compiler.log"
        observed = join(folder, twin=twin, log=log if log_first else None)
        on_cpu = [one for op in observed.model.main.operators if (one := observed.of(op)) and one.on == "cpu"]
        if log_first and on_cpu and observed.logged is not None:
            assert any(one.status is not None for one in on_cpu), folder.name
        elif not log_first:
            assert all(one.status is None for one in on_cpu)
