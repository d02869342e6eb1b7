"""A finding: one cause, found in one file. Plain data; reports format it, nobody else prints it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Any

from ..model.graph import Operator, Tensor
from ..model.record import NamedTuple


class Severity(IntEnum):
    """``ERROR``: will not compile, or will not run on the Edge TPU as meant. ``WARNING``: runs, at a
    cost. ``INFO``: nothing is wrong; it answers what people ask otherwise."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Certainty(str, Enum):
    """How sure a claim is: written down by Coral or TensorFlow, seen in what the real tools did, or
    neither."""

    DOCUMENTED = "documented"
    MEASURED = "measured"
    GUESS = "guess"


class Safety(IntEnum):
    """What a fix does to the numbers. ``SAFE``: outputs stay bit-identical (an announced change of the
    interface aside). ``UNSAFE``: outputs may move within a stated bound. ``MANUAL``: needs the source
    model or a person; shown, never applied."""

    MANUAL = 1
    UNSAFE = 2
    SAFE = 3

    @property
    def word(self) -> str:
        return self.name.lower()


# The kind of an edit that changes the text of a script: 'lint --fix' makes it, 'fix' works on models.
REPLACE_SOURCE = "replace-source"


class Edit(NamedTuple):
    """One change of the file, as data: a kind known to :mod:`tflint_edgetpu.fix.edits`, the ref of the
    operator or tensor it works on (of the model as it was linted), and what else it needs to know."""

    kind: str
    ref: str
    values: Mapping[str, Any] = {}


class Fix(NamedTuple):
    """How to mend a finding. ``title`` is an imperative, ``how`` what to paste or do, line by line.

    ``edits`` are applied by ``tflint-edgetpu fix``; a fix without any is advice."""

    title: str
    safety: Safety = Safety.MANUAL
    how: str = ""
    edits: tuple[Edit, ...] = ()


class Location(NamedTuple):
    """One place. ``kind``: operator, tensor, input, output, model, log, source or cell."""

    kind: str
    ref: str  # subgraph[0].op[12]; 'line 12' of a log or script; unique within the file
    label: str  # for people only: CONV_2D 'block3/conv'
    anchor: str = ""  # what survives a re-export: operator kind and output tensor name
    position: int | None = None  # byte in the file
    line: int | None = None  # of a log or script, from 1


class Finding(NamedTuple):
    code: str
    name: str
    severity: Severity
    certainty: Certainty
    message: str  # what is wrong and where, one sentence without a full stop
    cost: str | None  # what it costs, one sentence without a full stop
    locations: tuple[Location, ...]  # the causes
    related: tuple[Location, ...]  # what lies behind them
    evidence: Mapping[str, Any]  # every number the message claims
    fix: Fix | None
    fingerprint: str = ""


def operator_location(operator: Operator) -> Location:
    output = operator.output()
    name = output.name if output is not None else ""
    return Location(
        "operator",
        operator.ref,
        f"{operator.label} '{name}'" if name else operator.label,
        f"{operator.label}:{name}",
        operator.position,
    )


def tensor_location(tensor: Tensor, kind: str = "tensor") -> Location:
    """``kind`` is tensor, or input / output where it is the model's own."""
    return Location(kind, tensor.ref, f"'{tensor.name}'", f"{kind}:{tensor.name}", tensor.position)


MODEL_LOCATION = Location("model", "model", "the model", "model")


def fingerprint(code: str, location: Location, occurrence: int) -> str:
    """16 hex digits of code, kind, tensor name and occurrence, never of an index: a baseline survives a
    re-export that renumbers the operators. A checksum is enough, nothing here is a secret."""
    text = f"{code}\0{location.anchor}\0{occurrence}".encode("utf-8", "surrogatepass")
    return f"{zlib.crc32(text):08x}{zlib.crc32(text[::-1]):08x}"
