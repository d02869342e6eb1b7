"""The session: rounds, proof, roll-back. The rules here are stand-ins that offer one fix each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.edgetpu.placement import place_model
from tflint_edgetpu.fix.edit import EditKind, EditRefused
from tflint_edgetpu.fix.edits import edit_kinds
from tflint_edgetpu.fix.session import Linted, Session
from tflint_edgetpu.fix.tree import Tree
from tflint_edgetpu.lint.finding import (
    Certainty,
    Edit,
    Finding,
    Fix,
    Location,
    Safety,
    Severity,
    operator_location,
    tensor_location,
)
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.graph import Model, Operator
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder


def finding(code: str, location: Location, edit: Edit, safety: Safety = Safety.SAFE) -> Finding:
    return Finding(
        code, "stand-in", Severity.WARNING, Certainty.GUESS, "a stand-in", None, (location,), (), {},
        Fix("Mend it", safety, "", (edit,)), f"{code}:{location.anchor}",
    )  # fmt: skip


def strip_rules(model: Model) -> list[Finding]:
    found = []
    for kind, tensors in (("strip-input", model.main.inputs), ("strip-output", model.main.outputs)):
        for tensor in tensors:
            if tensor.dtype == "FLOAT32":
                found.append(finding("AAA001", tensor_location(tensor), Edit(kind, tensor.ref)))
    return found


def on_each(model: Model, kind: str, edit: str, safety: Safety) -> list[Finding]:
    operators: list[Operator] = [operator for operator in model.main.operators if operator.kind == kind]
    return [finding("AAA002", operator_location(o), Edit(edit, o.ref), safety) for o in operators]


def linted(data: bytes, findings: Any) -> Linted:
    model = read_model(data)
    return Linted(model, tuple(findings(model)), place_model(model))


def network() -> bytes:
    """Float in, a convolution with weights, LEAKY_RELU, float out."""
    generator = np.random.default_rng(3)
    m = ModelBuilder()
    x = m.quantize(m.input((1, 8, 8, 3), "FLOAT32", name="image"), scale=0.02)
    weights = m.tensor((4, 3, 3, 3), "INT8", data=generator.integers(-127, 128, (4, 3, 3, 3)), scale=0.02)
    y = m.op("CONV_2D", [x, weights, m.bias(4, 0.0004)], [m.tensor((1, 8, 8, 4), scale=0.2)], version=3,
             options="Conv2DOptions", padding="SAME", stride_w=1, stride_h=1)  # fmt: skip
    y = m.unary("LEAKY_RELU", y, version=2, scale=0.2, options="LeakyReluOptions", alpha=0.1)
    m.output(m.dequantize(y, name="result"))
    return m.build()


def test_safe_fixes_are_applied_and_proved() -> None:
    before = network()
    session = Session(lambda data: linted(data, strip_rules), edit_kinds())
    outcome = session.run(before)
    model = read_model(outcome.after)
    assert [o.kind for o in model.main.operators] == ["CONV_2D", "LEAKY_RELU"]
    assert [a.outcome for a in outcome.attempts] == ["applied", "applied"]
    assert outcome.comparison is not None and outcome.comparison.identical
    assert outcome.comparison.outputs[0].exercised
    assert session.run(outcome.after).after == outcome.after, "fixing twice is fixing once"


def test_nothing_to_fix_leaves_the_bytes_alone() -> None:
    before = network()
    outcome = Session(lambda data: linted(data, lambda model: []), edit_kinds()).run(before)
    assert outcome.after is before and outcome.comparison is None


def test_unsafe_fixes_need_to_be_asked_for() -> None:
    def rules(model: Model) -> list[Finding]:
        return strip_rules(model) + on_each(model, "LEAKY_RELU", "leaky-relu-to-prelu", Safety.UNSAFE)

    before = network()
    safe = Session(lambda data: linted(data, rules), edit_kinds()).run(before)
    assert "LEAKY_RELU" in [o.kind for o in safe.linted_after.model.main.operators]
    unsafe = Session(lambda data: linted(data, rules), edit_kinds(), level=Safety.UNSAFE).run(before)
    assert [o.kind for o in unsafe.linted_after.model.main.operators] == ["CONV_2D", "PRELU"]
    assert unsafe.comparison is not None and unsafe.comparison.within(1.0)
    assert unsafe.linted_after.placement.share >= safe.linted_after.placement.share


def lie(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """Calls itself safe and doubles the slope."""
    node = tree.operator(ref)
    if node.kind != "LEAKY_RELU" or node.options.alpha > 0.15:
        raise EditRefused("nothing to lie about")
    node.options.alpha *= 2


def test_a_safe_fix_that_moves_values_is_rolled_back_alone() -> None:
    def rules(model: Model) -> list[Finding]:
        return strip_rules(model) + on_each(model, "LEAKY_RELU", "lie", Safety.SAFE)

    kinds = edit_kinds([EditKind("lie", Safety.SAFE, "it is not", lie)])
    outcome = Session(lambda data: linted(data, rules), kinds).run(network())
    assert {(a.code, a.outcome) for a in outcome.attempts} == {
        ("AAA001", "applied"),
        ("AAA002", "rolled back"),
    }
    (bad,) = outcome.rolled_back
    assert bad.reason is not None and "called safe but moves" in bad.reason
    leaky = next(o for o in outcome.linted_after.model.main.operators if o.kind == "LEAKY_RELU")
    assert leaky.option("alpha") == pytest.approx(0.1)


def wreck(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    tree.main.operators.remove(tree.main.operators[1])


def test_a_fix_that_breaks_the_structure_is_rolled_back() -> None:
    kinds = edit_kinds([EditKind("wreck", Safety.SAFE, "it is not", wreck)])
    before = network()
    outcome = Session(
        lambda data: linted(data, lambda model: on_each(model, "LEAKY_RELU", "wreck", Safety.SAFE)), kinds
    ).run(before)
    assert outcome.after is before
    assert "which nothing made" in str(outcome.rolled_back[0].reason)


def test_an_edit_that_does_not_fit_is_refused_with_its_reason() -> None:
    outcome = Session(
        lambda data: linted(data, lambda model: on_each(model, "CONV_2D", "split-groups", Safety.UNSAFE)),
        edit_kinds(),
        level=Safety.UNSAFE,
    ).run(network())
    (attempt,) = outcome.attempts
    assert attempt.outcome == "refused" and "no groups" in str(attempt.reason)


def test_what_is_no_model_is_an_error() -> None:
    with pytest.raises(ReadError):
        Session(lambda data: linted(data, strip_rules), edit_kinds()).run(b"no model")
