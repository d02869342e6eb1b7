"""Our named tuples are those of typing, made faster."""

from __future__ import annotations

import pickle
import typing

import pytest

from tflint_edgetpu.model import record


class Ours(record.NamedTuple):
    """A thing."""

    first: int
    second: str = "two"
    third: float = 3.0

    @property
    def twice(self) -> int:
        return 2 * self.first

    def __hash__(self) -> int:
        return 7


class Theirs(typing.NamedTuple):
    """A thing."""

    first: int
    second: str = "two"
    third: float = 3.0

    @property
    def twice(self) -> int:
        return 2 * self.first

    def __hash__(self) -> int:
        return 7


PAIR = pytest.mark.parametrize("kind", [Ours, Theirs])


@PAIR
def test_values(kind: typing.Any) -> None:
    made = kind(1, third=4.0)
    assert tuple(made) == (1, "two", 4.0) == made
    assert (made.first, made.second, made.third, made.twice, hash(made)) == (1, "two", 4.0, 2, 7)
    assert made._replace(second="b") == (1, "b", 4.0)
    assert made._asdict() == {"first": 1, "second": "two", "third": 4.0}
    assert kind._make((1, 2, 3)) == (1, 2, 3)
    assert repr(made) == f"{kind.__name__}(first=1, second='two', third=4.0)"
    assert kind._fields == ("first", "second", "third") == kind.__match_args__
    assert kind._field_defaults == {"second": "two", "third": 3.0}
    assert kind.__doc__ == "A thing."


@PAIR
def test_it_can_travel(kind: typing.Any) -> None:
    made = pickle.loads(pickle.dumps(kind(1, "b")))
    assert type(made) is kind and made == (1, "b", 3.0)


@PAIR
def test_wrong_values(kind: typing.Any) -> None:
    for values, named in (
        ((), {}),
        ((1, 2, 3, 4), {}),
        ((1,), {"first": 1}),
        ((1,), {"fourth": 4}),
        ((), {"second": 2}),
    ):
        with pytest.raises(TypeError):
            kind(*values, **named)
    with pytest.raises((TypeError, ValueError)):  # the class of it depends on the version of Python
        kind(1)._replace(fourth=4)


@PAIR
def test_nothing_can_be_set(kind: typing.Any) -> None:
    made = kind(1)
    for name in ("first", "other"):
        with pytest.raises(AttributeError):
            setattr(made, name, 2)


def test_annotations_stay_text() -> None:
    assert Ours.__annotations__ == {"first": "int", "second": "str", "third": "float"}
    assert typing.get_type_hints(Ours) == {"first": int, "second": str, "third": float}
