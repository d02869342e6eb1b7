"""Any bytes give a result: property tests, and texts that are made to cost time or memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.edgetpu.log import CompilerLog, read_log
from tflint_edgetpu.edgetpu.log.blocks import MOST_ERRORS, MOST_MODELS, MOST_ROWS
from tflint_edgetpu.edgetpu.log.phrases import LABELS, OPERATORS, SENTENCES, STATUSES

WORDS = [
    *SENTENCES, *(f"{label}: 3.70MiB" for _, label, _ in LABELS), *sorted(OPERATORS)[:10],
    "Edge TPU Compiler version 16.0.384591198", "edgetpu_compiler -s m.tflite", "Input: m.tflite",
    "ERROR: ", 'loc("x"): error: ', "Segmentation fault (core dumped)", "Intermediate tensors: a,b",
    "\\n", "\x1b[31m", "\x00", "\ufeff", "操作", "<td>", "&gt;", "`", "|", "> ",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(WORDS), st.text(max_size=20), st.integers(0, 10**12).map(str))
TEXTS = st.lists(
    st.tuples(PIECES, st.sampled_from(["", " ", "\n", "\r\n", "\t", "          "])), max_size=60
).map(lambda parts: "".join(piece + gap for piece, gap in parts))


def consistent(log: CompilerLog) -> None:
    data = log.to_dict()
    assert data["models"] == (max(1, len(log.models)) if log.recognized else 0)
    assert (log.error is None) or log.outcome == "failure"
    assert len(data["rows"]) == sum(len(model.rows) for model in log.models)
    assert all(1 <= model.run <= log.runs for model in log.models)
    for row in data["rows"]:
        assert row["count"] >= 0 and row["operator"] and row["status"]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    consistent(read_log(text.encode("utf-8", "surrogatepass")))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    consistent(read_log(data))


NAMES = sorted(name for name in OPERATORS if len(name) < 31)  # those that fit their column
ROWS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(1, 9999), st.sampled_from(STATUSES)),
    unique_by=lambda row: (row[0], row[2]), min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(ROWS, st.sampled_from([" ", "  ", "\t", " | "]), st.integers(0, 3))
def test_rows_come_back_however_they_are_set(rows: list[tuple[str, int, str]], gap: str, indent: int) -> None:
    text = "\n".join(
        " " * indent + gap.join((operator, str(count), status)) for operator, count, status in rows
    )
    read = read_log(f"Operator Count Status\n\n{text}\n".encode())
    assert [(row.operator, row.count, row.status) for row in read.models[0].rows] == rows


@settings(max_examples=100, deadline=None)
@given(ROWS, st.integers(40, 100))
def test_rows_come_back_from_any_terminal(rows: list[tuple[str, int, str]], width: int) -> None:
    lines = [f"{operator:<31}{count:<11}{status}" for operator, count, status in rows]
    wrapped = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
    read = read_log(("Operator  Count  Status\n\n" + "\n".join(wrapped)).encode())
    assert [(row.operator, row.count, row.status) for row in read.models[0].rows] == rows


HOSTILE = {
    "one endless line": b"x",
    "one line of known words": b"Operation ",
    "one line of labels": b"Input model: ",
    "one line of rows": b"CONV_2D 3 Mapped to Edge TPU ",
    "one line of operation logs": b"Input: ",
    "errors without end": b"ERROR: foo\n",
    "models without end": b"Input model: a.tflite\nInput model: b.tflite\n",
    "runs without end": b"Edge TPU Compiler version 16.0.384591198\n",
    "escape sequences": b"\x1b]0;",
    "blank lines": b"\n",
    "broken statuses": b"Operation is otherwise supported,\n",
    "escaped line breaks": b"Edge TPU Compiler version 1.0\\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear(name: str, tmp_path: Path) -> None:
    unit = HOSTILE[name]

    def seconds(size: int) -> float:
        path = tmp_path / "log.txt"
        path.write_bytes(unit * (size // len(unit)))
        best = min(_timed(path) for _ in range(2))
        return best

    small, large = seconds(30_000), seconds(240_000)
    assert large < 8 * small * 3 + 0.1, (small, large)


def _timed(path: Path) -> float:
    start = time.process_time()
    read_log(path)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_memory_is_bounded(name: str, tmp_path: Path) -> None:
    unit = HOSTILE[name]
    path = tmp_path / "log.txt"
    path.write_bytes(unit * (500_000 // len(unit)))
    tracemalloc.start()
    try:
        log = read_log(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * 2**20
    assert len(log.error_lines) <= MOST_ERRORS and len(log.models) <= MOST_MODELS and log.runs <= MOST_MODELS
    assert sum(len(model.rows) for model in log.models) <= MOST_ROWS


def test_what_is_left_out_is_counted() -> None:
    text: Iterable[str] = [
        "Edge TPU Compiler version 16.0.384591198\n",
        *["ERROR: foo\n"] * (MOST_ERRORS + 7),
    ]
    log = read_log("".join(text).encode())
    assert (len(log.error_lines), log.dropped) == (MOST_ERRORS, 7)
