"""The join of a model with its log and its compiled twin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tflint_edgetpu.edgetpu.compiled import CompiledModel, read_compiled
from tflint_edgetpu.edgetpu.log import read_log
from tflint_edgetpu.edgetpu.observed import Observed
from tflint_edgetpu.edgetpu.support.constraint import Status
from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.packages import edgetpu_part


def real_pairs(shared: Path) -> Iterator[tuple[str, Model, dict[str, object], Path]]:
    for file in sorted((shared / "corpus" / "truth").glob("*.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        folder = shared / "corpus" / "pairs" / truth["id"]
        yield truth["id"], read_model(folder / "model.tflite"), truth, folder


def observed(
    model: Model, *, log: str | bytes | Path | None = None, twin: CompiledModel | None = None
) -> Observed:
    source = log.encode() if isinstance(log, str) else log
    found = Context(model, log=None if source is None else read_log(source), compiled=twin).observed
    assert found is not None
    return found


def built(fill: Callable[[ModelBuilder], None], path: str | None = None) -> Model:
    m = ModelBuilder()
    fill(m)
    model = m.model()
    model.path = path
    return model


def chain(m: ModelBuilder) -> None:
    """CONV_2D, LEAKY_RELU, CONV_2D, CONV_2D."""
    x = m.conv2d(m.input((1, 8, 8, 4), name="image"), name="a")
    x = m.unary("LEAKY_RELU", x, name="b", options="LeakyReluOptions", alpha=0.1)
    m.output(m.conv2d(m.conv2d(x, name="c"), name="d"))


def chain_compiled(m: ModelBuilder) -> None:
    y = m.tensor((1, 8, 8, 8), name="a")
    edgetpu_part(m, [m.input((1, 8, 8, 4), name="image")], [y], streamed=100)
    x = m.unary("LEAKY_RELU", y, name="b", options="LeakyReluOptions", alpha=0.1)
    m.output(m.conv2d(m.conv2d(x, name="c"), name="d"))


CHAIN_LOG = f"""\
Total number of operations: 4
CONV_2D  1  Mapped to Edge TPU
CONV_2D  2  {Status.MORE_THAN_ONE_SUBGRAPH}
LEAKY_RELU  1  {Status.NOT_SUPPORTED}
"""


def test_real_twins_pin_every_operator_as_the_truth_has_it(shared: Path) -> None:
    joined = 0
    for name, model, truth, folder in real_pairs(shared):
        if not (folder / "model_edgetpu.tflite").is_file():
            continue
        found = observed(model, twin=read_compiled(read_model(folder / "model_edgetpu.tflite")))
        assert not found.strangers, (name, found.strangers)
        assert_agrees(found, model, truth, name, all_of_them=True)
        joined += 1
    assert joined > 10


def test_real_logs_pin_operators_as_the_truth_has_it(shared: Path) -> None:
    pinned = total = 0
    for name, model, truth, folder in real_pairs(shared):
        if not (folder / "compiler.log").is_file():
            continue
        found = observed(model, log=folder / "compiler.log")
        assert not found.strangers, (name, found.strangers)
        pinned += assert_agrees(found, model, truth, name, all_of_them=False)
        total += len(model.main.operators)
    assert pinned > 0.9 * total


def assert_agrees(
    found: Observed, model: Model, truth: dict[str, object], name: str, *, all_of_them: bool
) -> int:
    pinned = 0
    operators = truth["ops"]
    assert isinstance(operators, list)
    for entry in operators:
        one = found.of(model.main.operators[entry["index"]])
        if one is None:
            assert not all_of_them or entry["mapped"] is None, (name, entry)
            continue
        pinned += 1
        if entry["mapped"] is not None:
            assert (one.on == "edgetpu") is entry["mapped"], (name, entry)
    return pinned


def test_a_twin_of_another_model_is_a_stranger(shared: Path) -> None:
    twins = {
        name: read_compiled(read_model(folder / "model_edgetpu.tflite"))
        for name, _, _, folder in real_pairs(shared)
        if (folder / "model_edgetpu.tflite").is_file()
    }
    strangers = mistaken = 0
    for name, model, _, _ in real_pairs(shared):
        for other, twin in twins.items():
            if other != name:
                found = observed(model, twin=twin)
                strangers += bool(found.strangers)
                mistaken += not found.strangers
    # Models of one architecture, trained twice, have the same tensors: their twins cannot be told apart.
    assert mistaken <= 0.02 * strangers


def test_a_twin_pins_exactly_and_the_log_says_why() -> None:
    model = built(chain)
    found = observed(model, log=CHAIN_LOG, twin=read_compiled(built(chain_compiled)))
    assert [found.of(operator).on for operator in model.main.operators] == ["edgetpu", "cpu", "cpu", "cpu"]  # type: ignore[union-attr]
    assert found.with_status(Status.NOT_SUPPORTED) == [model.main.operators[1]]
    assert found.with_status(Status.MORE_THAN_ONE_SUBGRAPH) == list(model.main.operators[2:])
    assert (found.edgetpu, found.subgraphs, found.streamed_bytes) == (1, 1, 100)
    assert found.disagreements == ()
    assert [entry["on"] for entry in found.to_dict()["per_operator"]] == ["edgetpu", "cpu", "cpu", "cpu"]


def test_a_log_pins_by_counts_and_by_the_partition() -> None:
    model = built(chain)
    found = observed(model, log=CHAIN_LOG)
    statuses = [found.of(operator) for operator in model.main.operators]
    assert [one.status for one in statuses if one] == [
        Status.MAPPED, Status.NOT_SUPPORTED, Status.MORE_THAN_ONE_SUBGRAPH, Status.MORE_THAN_ONE_SUBGRAPH,
    ]  # fmt: skip
    assert [one.certain for one in statuses if one] == [False, True, False, False]


def test_counts_that_no_partition_gives_pin_nothing_that_they_leave_open() -> None:
    model = built(chain)
    log = CHAIN_LOG.replace("CONV_2D  1  Mapped", "CONV_2D  2  Mapped").replace(
        "CONV_2D  2  More", "CONV_2D  1  More"
    )
    found = observed(model, log=log)
    assert not found.strangers
    assert [found.of(operator) is not None for operator in model.main.operators] == [
        False,
        True,
        False,
        False,
    ]


def test_a_cut_off_table_pins_whole_kinds_only() -> None:
    model = built(chain)
    found = observed(model, log=CHAIN_LOG.replace(f"CONV_2D  2  {Status.MORE_THAN_ONE_SUBGRAPH}\n", ""))
    assert [found.of(operator) is not None for operator in model.main.operators] == [
        False,
        True,
        False,
        False,
    ]


def test_full_success_without_a_table() -> None:
    model = built(lambda m: m.output(m.conv2d(m.input((1, 8, 8, 4)))))
    found = observed(model, log="Total number of operations: 1\nSee the operation log file for details\n")
    assert found.edgetpu == 1 and found.of(model.main.operators[0]).on == "edgetpu"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("Total number of operations: 5\n", "counts 5 operators"),
        (f"Input model: m.tflite\nInput size: 3.70MiB\n{CHAIN_LOG}", "input has 3.70MiB"),
        (CHAIN_LOG.replace("CONV_2D  1  M", "CONV_2D  9  M"), "counts 11 CONV_2D"),
        (CHAIN_LOG.replace("LEAKY_RELU", "TANH"), "counts 1 TANH"),
        ("$ edgetpu_compiler other.tflite\nInternal compiler error. Aborting!\n", "about other.tflite"),
    ],
)
def test_a_log_of_another_model_is_a_stranger(log: str, reason: str) -> None:
    found = observed(built(chain, "dir/m.tflite"), log=log)
    assert [source.kind for source in found.strangers] == ["log"]
    assert reason in found.strangers[0].reasons[0]
    assert found.edgetpu is None and found.with_status(Status.MAPPED) == []


def test_a_log_of_a_failure_belongs_by_name() -> None:
    for path in ("dir/m.tflite", None):
        assert not observed(
            built(chain, path), log="Invalid model: x/m.tflite\nModel not quantized\n"
        ).strangers


def test_the_model_is_found_among_those_of_a_log() -> None:
    other = "Input model: n.tflite\nTotal number of operations: 7\nNumber of operations that will run on Edge TPU: 7\n"
    found = observed(built(chain), log=f"{other}Input model: m.tflite\n{CHAIN_LOG}")
    assert found.logged is not None and found.logged.input_model == "m.tflite"


def test_a_segment_does_not_stand_for_the_model() -> None:
    twin = read_compiled(built(chain_compiled, "m_segment_0_of_2_edgetpu.tflite"))
    found = observed(built(chain), twin=twin)
    assert "segment 0 of 2" in found.strangers[0].reasons[0] and found.compiled is None


def test_tensors_of_one_name_are_left_open() -> None:
    def twice(m: ModelBuilder) -> None:
        x = m.input((1, 8, 8, 4), name="image")
        m.output(m.unary("TANH", m.unary("TANH", x, name="t"), name="t"))

    def half(m: ModelBuilder) -> None:
        y = m.tensor((1, 8, 8, 4), name="t")
        edgetpu_part(m, [m.input((1, 8, 8, 4), name="image")], [y])
        m.output(m.unary("TANH", y, name="t"))

    model = built(twice)
    found = observed(model, twin=read_compiled(built(half)))
    assert not found.strangers and all(found.of(operator) is None for operator in model.main.operators)


def test_signatures_lost_are_counted() -> None:
    def signed(m: ModelBuilder) -> None:
        chain(m)
        m.signature("serving_default", {}, {})

    assert observed(built(signed), twin=read_compiled(built(chain_compiled))).signatures_lost == 1


def test_the_prediction_is_made_for_the_compiler_of_the_log() -> None:
    model = built(lambda m: m.output(m.transpose(m.unary("TANH", m.input((1, 4, 4, 8))), (0, 3, 1, 2))))
    table = f"TANH  1  Mapped to Edge TPU\nTRANSPOSE  1  {Status.NOT_SUPPORTED}\n"
    log = f"Edge TPU Compiler version 15.0.340273435\n{table}"
    assert observed(model, log=log).disagreements == ()
    assert observed(model, log=log.replace("15.0", "16.0")).disagreements != ()


def test_evidence_never_changes_the_prediction() -> None:
    model = built(chain)
    context = Context(model, compiled=read_compiled(built(chain_compiled)))
    before = [(placed.on, placed.status) for placed in Context(model).placement.operators]
    assert context.observed is not None
    assert [(placed.on, placed.status) for placed in context.placement.operators] == before


def test_only_several_parts_give_a_way_back() -> None:
    """A ``*_edgetpu.log`` has no number of subgraphs; what mapped behind a refused operator tells of -a."""

    def joined(behind: str) -> Observed:
        table = (
            "Edge TPU Compiler version 16.0.384591198\nInput: m.tflite\nOutput: m_edgetpu.tflite\n\n"
            "Operator                       Count      Status\n\n"
            f"CONV_2D                        {behind}\n"
            "LEAKY_RELU                     1          Operation not supported\n"
        )
        return observed(built(chain), log=table)

    mapped, behind = "Mapped to Edge TPU", "More than one subgraph is not supported"
    one, several = joined(f"1          {mapped}\nCONV_2D  2  {behind}"), joined(f"3          {mapped}")
    assert (one.edgetpu, one.multiple_subgraphs) == (1, False)
    assert (several.edgetpu, several.multiple_subgraphs) == (3, True)
