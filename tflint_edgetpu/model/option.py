"""How one option of an operator is declared, decoded and typed, and the base of all option tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast, overload

from .flatbuffer import Fields, Flatbuffer

T = TypeVar("T")

ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")

# Turns what stands in the file into the value of the option; a vector comes as its position, 0 where absent.
Convert = Callable[[Flatbuffer, Any], Any]


class Option(Generic[T]):
    """One field: a descriptor that gives the decoded value, or the schema's default. ``reader`` is a key
    of :data:`READERS`.
    """

    __slots__ = ("default", "name", "reader", "slot")

    def __init__(self, slot: int, reader: str, default: T) -> None:
        self.slot, self.reader, self.default = slot, reader, default

    def __set_name__(self, owner: type[Options], name: str) -> None:
        self.name = name
        owner.fields = (*owner.fields, self)

    @overload
    def __get__(self, instance: None, owner: type) -> Option[T]: ...
    @overload
    def __get__(self, instance: Options, owner: type) -> T: ...
    def __get__(self, instance: Options | None, owner: type) -> Option[T] | T:
        return self if instance is None else cast(T, instance.values.get(self.name, self.default))

    def __set__(self, instance: Options, value: T) -> None:
        raise AttributeError(f"options are frozen: {self.name}")


def _activation(buffer: Flatbuffer, code: int) -> str:
    return ACTIVATIONS[code] if code < len(ACTIVATIONS) else f"ACTIVATION_{code}"


def _padding(buffer: Flatbuffer, code: int) -> str:
    return ("SAME", "VALID")[code] if code < 2 else f"PADDING_{code}"


def _integers(buffer: Flatbuffer, position: int) -> tuple[int, ...] | None:
    return buffer.items(position, "i") if position else None


def _text(buffer: Flatbuffer, position: int) -> str | None:
    return buffer.text(position) if position else None


# How a field stands in the file: its code in :class:`.flatbuffer.Fields`, and what turns that into the value
# (``None`` where the number is the value).
READERS: dict[str, tuple[str, Convert | None]] = {
    "i32": ("i", None),
    "i8": ("b", None),
    "f32": ("f", None),
    "boolean": ("?", None),
    "activation": ("B", _activation),
    "padding": ("B", _padding),
    "i32s": ("o", _integers),
    "string": ("o", _text),
}


def integer(slot: int, default: int = 0) -> Option[int]:
    return Option(slot, "i32", default)


def small_integer(slot: int, default: int = 0) -> Option[int]:
    return Option(slot, "i8", default)


def number(slot: int, default: float = 0.0) -> Option[float]:
    return Option(slot, "f32", default)


def boolean(slot: int, default: bool = False) -> Option[bool]:
    return Option(slot, "boolean", default)


def integers(slot: int) -> Option[tuple[int, ...] | None]:
    return Option(slot, "i32s", None)


def text(slot: int) -> Option[str | None]:
    return Option(slot, "string", None)


def activation(slot: int) -> Option[str]:
    return Option(slot, "activation", "NONE")


def padding_of(slot: int) -> Option[str]:
    return Option(slot, "padding", "SAME")


class Options:
    """Base of all option tables. Frozen; ``values`` holds what was decoded."""

    __slots__ = ("values",)
    fields: tuple[Option[Any], ...] = ()
    values: dict[str, Any]

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "values", values or {})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"options are frozen: {name}")

    def __reduce__(self) -> tuple[type[Options], tuple[dict[str, Any]]]:
        return type(self), (self.values,)

    def as_dict(self) -> dict[str, Any]:
        return {field.name: self.values.get(field.name, field.default) for field in self.fields}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.as_dict().items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((type(self).__name__, tuple(self.as_dict().items())))


class OptionsReader:
    """Decodes the option tables of one class out of one file."""

    def __init__(self, buffer: Flatbuffer, kind: type[Options]) -> None:
        self._buffer = buffer
        self._kind = kind
        self._names = tuple(option.name for option in kind.fields)
        self._converted: list[tuple[str, Convert]] = []
        wanted = []
        for option in kind.fields:
            code, convert = READERS[option.reader]
            if convert is not None:
                self._converted.append((option.name, convert))
            # The schema's default of what is converted is code 0, or no vector.
            wanted.append((option.slot, code, option.default if convert is None else 0))
        self._fields = Fields(buffer, tuple(wanted))

    def at(self, position: int) -> Options:
        values = dict(zip(self._names, self._fields.at(position), strict=True))
        for name, convert in self._converted:
            values[name] = convert(self._buffer, values[name])
        return self._kind(values)
