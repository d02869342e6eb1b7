"""One conversion that was tried, and what its failure means."""

from __future__ import annotations

import re
import signal
from typing import NamedTuple

from .recipe import Recipe

# Kinds of failure that lead to different next steps.
CRASHED = "crashed"
FLEX = "flex"
CUSTOM = "custom"
OPEN_LIST = "open list"
UNQUANTIZABLE = "unquantizable"
MEMORY = "memory"
TIMEOUT = "timeout"
TOLD = "told"  # by our own code, in one line
OTHER = "other"

_FLEX_NAMES = re.compile(r"TF Select ops: ([\w, ]+)")
_FLEX_NODE = re.compile(r"'tf\.(\w+)' op is neither a custom op nor a flex op")
_CUSTOM_NAMES = re.compile(r"(?:Custom ops: |unresolved custom ops?: \[?)([\w, ]+)")
_UNQUANTIZABLE = re.compile(r"Quantization (?:to 16x8-bit )?not yet supported for op: ((?:'\w+'[,. ]*)+)")


class Failure(NamedTuple):
    """Why there is no model."""

    kind: str
    text: str  # one line
    operators: tuple[str, ...] = ()  # that it names


class Attempt(NamedTuple):
    """A recipe and what the converter made of it."""

    recipe: Recipe
    why: str  # this step of the ladder was taken
    data: bytes | None
    failure: Failure | None
    printed: str  # on descriptors 1 and 2 of the child
    seconds: float


def crash(number: int, recurrent: tuple[str, ...]) -> Failure:
    """The child died of a signal; ``recurrent`` are Keras layers that loop."""
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if name == "SIGKILL":
        return Failure(MEMORY, "the system ended the converter (SIGKILL), most likely for want of memory")
    if recurrent:
        return Failure(
            CRASHED,
            f"the converter crashed ({name}): calibrating recurrent layers ({', '.join(recurrent[:3])}) does that; "
            "the cure is unroll=True",
        )
    return Failure(
        CRASHED,
        f"the converter crashed ({name}); loops in the graph (LSTM, GRU, tf.while_loop) are the known cause: "
        "build recurrent layers with unroll=True",
    )


def explain(error: str, text: str) -> Failure:
    """What an exception of the converter means; ``error`` is its type, ``text`` its message."""
    if error == "one line":
        return Failure(TOLD, text.splitlines()[0] if text else "no reason was given")
    if error == "MemoryError":
        return Failure(MEMORY, text)
    flex = _names(_FLEX_NAMES, text) or _names(_FLEX_NODE, text)
    if "TensorListReserve" in text or "Lowering tensor list ops is failed" in text:
        return Failure(
            OPEN_LIST,
            "a loop over a list of open size cannot be converted: a recurrent layer (LSTM, GRU); the cure is "
            "unroll=True",
        )
    if flex or "link the Flex delegate" in text:
        names = ", ".join(flex[:4]) or "some operators"
        return Failure(FLEX, f"TFLite has no operator for {names}: the source must do without", flex)
    custom = _names(_CUSTOM_NAMES, text)
    if custom:
        return Failure(
            CUSTOM, f"custom operators without a kernel in TFLite: {', '.join(custom[:4])}", custom
        )
    unquantizable = _names(_UNQUANTIZABLE, text)
    if unquantizable:
        return Failure(UNQUANTIZABLE, f"no integer kernel for {', '.join(unquantizable[:6])}", unquantizable)
    return Failure(OTHER, f"{error}: {_last_words(text)}")


def _names(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = (name.strip(" '.") for match in pattern.finditer(text) for name in match[1].split(","))
    return tuple(dict.fromkeys(name for name in found if name))


def _last_words(text: str) -> str:
    """The first line that says something: MLIR puts locations before it."""
    for line in text.splitlines():
        said = line.strip()
        if said and not said.startswith(("<unknown>", "loc(", "note:", "Could not translate")):
            return said[:240]
    return (text.strip().splitlines() or ["no message"])[0][:240]
