"""Against real models and what the real compiler did with them (skipped where they are not)."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tflint_edgetpu.edgetpu.compiles import COMPILES
from tflint_edgetpu.edgetpu.partition import partition
from tflint_edgetpu.edgetpu.placement import place_model
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.model.graph import Operator
from tflint_edgetpu.model.reader import read_model


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "placement.py"
    spec = importlib.util.spec_from_file_location("benchmark_placement", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_operator_of_every_possible_model_is_right(shared: Path, benchmark: ModuleType) -> None:
    found = benchmark.specimens(shared / "corpus")
    assert len(found) > 50
    wrong = [
        (specimen.id, one.misses[:2])
        for specimen in found
        if (one := benchmark.score(specimen, benchmark.predict(specimen))).misses
        and specimen.id not in benchmark.IMPOSSIBLE
    ]
    assert not wrong


def test_every_log_row_is_right(
    shared: Path, benchmark: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark.show_status(benchmark.specimens(shared / "corpus"))
    said = capsys.readouterr().out
    assert said.count("\n") == 1, said
    same, rows = said.split()[5].split("/")
    assert same == rows != "0"


def test_a_family_is_predicted_without_having_been_seen(shared: Path, benchmark: ModuleType) -> None:
    """YOLO heads follow from the size of a tile's memory: their own cases add nothing."""
    for specimen in benchmark.specimens(shared / "corpus"):
        if specimen.family == "ultralytics_dfl_head":
            placement = benchmark.predict(specimen, frozenset((specimen.family,)))
            assert not benchmark.score(specimen, placement).misses


def test_the_partition_follows_from_what_was_refused(shared: Path) -> None:
    """With the refused operators taken from the truth, the partition gives every other operator its place."""
    checked = 0
    for file in sorted((shared / "corpus" / "truth").glob("*.json")):
        truth = json.loads(file.read_text("utf-8"))
        path = shared / "corpus" / "pairs" / file.stem / "model.tflite"
        if truth["confidence"] != "exact" or not path.is_file() or all(op["mapped"] for op in truth["ops"]):
            continue
        model = read_model(path.read_bytes())
        dataflow = Dataflow(model.main)
        verdicts = dict(zip(model.main.operators, place_model(model).operators, strict=True))
        facts = dict(zip(model.main.operators, truth["ops"], strict=True))

        def is_supported(operator: Operator, facts=facts, verdicts=verdicts) -> bool:  # type: ignore[no-untyped-def]
            fact = facts[operator]
            if fact["mapped"] or fact.get("role") == "seed":
                return bool(fact["mapped"])
            return verdicts[operator].role != "breaker"

        subsets = [operators for supported, operators in partition(dataflow, is_supported) if supported]
        count = truth["edgetpu_custom_ops"]
        mapped = {operator for subset in subsets[:count] for operator in subset}
        assert mapped == {operator for operator, fact in facts.items() if fact["mapped"]}, file.stem
        checked += 1
    assert checked > 20


def test_parameters_of_compiled_twins(
    shared: Path, benchmark: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark.show_memory(shared / "corpus", benchmark.specimens(shared / "corpus"))
    last = capsys.readouterr().out.splitlines()[-1]
    median = float(last.split("median error ")[1].split("%")[0])
    assert median < 1


def test_what_compiled_is_predicted_to_compile(shared: Path, benchmark: ModuleType) -> None:
    for specimen in benchmark.specimens(shared / "corpus"):
        assert benchmark.predict(specimen).compiles.verdict == COMPILES, specimen.id
