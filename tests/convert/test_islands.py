"""Operators left in float: without an integer kernel, or missed by the quantizer this time."""

from __future__ import annotations

from collections.abc import Callable

from tflint_edgetpu.convert.attempt import Attempt, Failure, explain
from tflint_edgetpu.convert.choice import Candidate
from tflint_edgetpu.convert.islands import MOST_REPEATS, close_islands
from tflint_edgetpu.convert.recipe import Recipe
from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing.builder import ModelBuilder

PLUGINS = Plugins()
NO_NEG = explain("RuntimeError", "Quantization not yet supported for op: 'NEG'.")


def candidate(recipe: Recipe, *floats: str) -> Candidate:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    for kind in floats:
        x = m.quantize(m.unary(kind, m.dequantize(x), dtype="FLOAT32"))
    m.output(x)
    data = m.build()
    return Candidate(
        Attempt(recipe, "", data, None, "", 0.0), repair(data, PLUGINS, samples=1, wanted=lambda _: False)
    )


def failed(recipe: Recipe, failure: Failure) -> Candidate:
    return Candidate(Attempt(recipe, "", None, failure, "", 0.0), None)


def given(
    strict: Callable[[Recipe], Candidate], *repeats: tuple[str, ...]
) -> Callable[[Recipe, str], Candidate]:
    answers = iter(repeats)

    def convert(recipe: Recipe, why: str) -> Candidate:
        assert why
        return candidate(recipe, *next(answers)) if recipe.new_quantizer else strict(recipe)

    return convert


def test_nothing_is_asked_where_nothing_is_float() -> None:
    def refuse(recipe: Recipe, why: str) -> Candidate:
        raise AssertionError("converted for nothing")

    assert close_islands(candidate(Recipe()), refuse) == ((), ())


def test_what_the_strict_quantizer_converts_is_a_candidate() -> None:
    closed = close_islands(candidate(Recipe(), "ABS"), given(candidate))
    assert [found.name for found in closed.candidates] == ["strict quantizer"]
    assert not closed.operators and not closed.said


def test_an_operator_without_a_kernel_is_named_and_not_tried_again() -> None:
    closed = close_islands(candidate(Recipe(), "NEG"), given(lambda recipe: failed(recipe, NO_NEG)))
    assert closed == ((), ("NEG",))
    assert closed.said == "Quantization not yet supported for op: 'NEG'."


def test_one_that_was_missed_is_tried_again_until_it_is_found() -> None:
    first = candidate(Recipe(), "NEG", "ABS")
    closed = close_islands(first, given(lambda recipe: failed(recipe, NO_NEG), ("NEG",)))
    assert [found.name for found in closed.candidates] == ["integer, again"]
    assert closed.operators == ("NEG",)


def test_there_is_an_end_to_it() -> None:
    first = candidate(Recipe(), "NEG", "ABS")
    stubborn = [("NEG", "ABS")] * (MOST_REPEATS + 1)
    closed = close_islands(first, given(lambda recipe: failed(recipe, NO_NEG), *stubborn))
    assert len(closed.candidates) == MOST_REPEATS


def test_a_failure_that_names_nothing_is_no_reason_to_go_on() -> None:
    crashed = Failure("crashed", "the converter crashed")
    assert close_islands(candidate(Recipe(), "NEG"), given(lambda recipe: failed(recipe, crashed))) == (
        (),
        (),
    )
