"""Every constraint against its cases, its own evidence, and the rules no author has to remember."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tflint_edgetpu.edgetpu.support.constraint import Constraint, Facts, Grey, Status
from tflint_edgetpu.edgetpu.support.document import conditions_of, supported_operators_page
from tflint_edgetpu.edgetpu.support.operators import SUPPORTED
from tflint_edgetpu.edgetpu.support.registry import BUILT_IN, SupportTable
from tflint_edgetpu.edgetpu.target import COMPILERS, DEFAULT_TARGET
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.constraint_cases import ConstraintCase, collect

HERE = Path(__file__).parent


def _cases() -> Iterator[ConstraintCase]:
    for file in sorted((HERE / "cases").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"constraint_cases_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from collect(module)


CASES = list(_cases())
BY_SLUG = {rule.slug: rule for rule in BUILT_IN}
STATUSES = {value for name, value in vars(Status).items() if name.isupper()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.slug}-{case.name}")
def test_case(case: ConstraintCase) -> None:
    rule = BY_SLUG[case.slug]
    builder = ModelBuilder()
    case.fill(builder)
    model = builder.model()
    operator = model.main.operators[-1]
    facts = Facts(model, case.target)
    assert rule.holds_for(case.target)
    assert not rule.operators or operator.kind in rule.operators, "the case tests another operator"
    seen = rule.check(operator, facts)
    verdict = SupportTable().judge(operator, facts)
    if not case.breaks:
        assert seen is None
        assert verdict.constraint is None or verdict.constraint.slug != case.slug
        return
    assert isinstance(seen, Grey) == case.grey, seen
    assert verdict.constraint is rule, "another constraint decides: the case shows two things at once"
    assert verdict.reason
    if isinstance(seen, Grey):
        assert (verdict.supported, verdict.certainty) == (not seen.refused, "guess")
    else:
        assert (verdict.supported, verdict.status, verdict.certainty) == (
            False,
            rule.status,
            rule.source.certainty,
        )


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_constraint_is_whole(rule: Constraint) -> None:
    kinds = {case.breaks for case in CASES if case.slug == rule.slug}
    assert kinds == {True, False}, "write a case that keeps it and one that breaks it in cases/"
    assert rule.text.endswith(".") and len(rule.text) > 20
    assert rule.source.text and rule.source.certainty in ("documented", "measured", "guess")
    assert rule.status in STATUSES
    assert rule.operators <= SUPPORTED.keys(), "a condition for an operator that is not in the table"
    assert any(rule.holds_for(target) for target in COMPILERS.values())
    if rule.operators:
        assert {case.kind for case in rule.cases} <= rule.operators
    for case in rule.cases:
        assert case.inputs and case.outputs and case.family and case.where


def test_slugs_are_unique() -> None:
    assert len(BY_SLUG) == len(BUILT_IN)


def test_every_operator_of_the_table_is_told() -> None:
    page = supported_operators_page()
    assert all(f"| {kind} |" in page for kind in SUPPORTED)
    assert all(f"### {rule.slug}\n" in page for rule in BUILT_IN)
    assert [rule.slug for rule in conditions_of("PRELU")][-1] == "a-single-row-fits-one-tile-too"


def test_the_page_is_current() -> None:
    committed = Path(__file__).resolve().parents[3] / "docs" / "SUPPORTED_OPS.md"
    assert committed.read_text("utf-8") == supported_operators_page(), "run: tflint-edgetpu docs --write"


def test_the_first_broken_test_gives_the_status() -> None:
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 20, 20, 8))
    six = m.reshape(x, (1, 10, 2, 10, 2, 8))  # float and of six dimensions: the rank
    cast = m.op("CAST", [x], [m.tensor((1, 20, 20, 8), "INT32")])  # float and in no table: the type
    m.output(six, cast)
    model = m.model()
    table = SupportTable()
    statuses = [
        table.judge(operator, Facts(model, DEFAULT_TARGET)).status for operator in model.main.operators
    ]
    assert statuses == [Status.RANK, Status.DATA_TYPE]


def test_a_computed_filter_is_told_as_such_and_not_as_a_rank() -> None:
    m = ModelBuilder()
    weights = m.input((512, 2, 2, 1024))
    inputs = [m.constant([1, 64, 64, 512]), weights, m.input((1, 32, 32, 1024))]
    out = m.tensor((1, 64, 64, 512))
    m.output(m.op("TRANSPOSE_CONV", inputs, [out], options="TransposeConvOptions"))
    model = m.model()
    verdict = SupportTable().judge(model.main.operators[0], Facts(model, DEFAULT_TARGET))
    assert verdict.status == Status.NOT_CONSTANT


def test_an_external_constant_is_none_for_the_compiler() -> None:
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 8, 8, 4))))
    model = m.model()
    weights = model.main.operators[0].inputs[1]
    assert weights is not None
    buffers = list(model.buffers)
    buffers[weights.buffer] = buffers[weights.buffer]._replace(external=True)
    model.buffers = tuple(buffers)
    verdict = SupportTable().judge(model.main.operators[0], Facts(model, DEFAULT_TARGET))
    assert verdict.status == Status.NOT_CONSTANT
    assert "behind the flatbuffer" in (verdict.reason or "")


def test_mapped_operators_say_how_sure_that_is() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 4)))
    m.output(m.unary("SPACE_TO_DEPTH", x), m.conv2d(x, version=5))
    model = m.model()
    table, facts = SupportTable(), Facts(model, DEFAULT_TARGET)
    verdicts = [table.judge(operator, facts) for operator in model.main.operators]
    assert [verdict.certainty for verdict in verdicts] == ["measured", "documented", "guess"]
    assert all(verdict.supported for verdict in verdicts)
