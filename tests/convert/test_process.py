"""The parent against a child that behaves badly. The children here are scripts; none imports TensorFlow."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tflint_edgetpu.convert import process
from tflint_edgetpu.convert.calibration.request import CalibrationRequest
from tflint_edgetpu.convert.errors import CannotConvert
from tflint_edgetpu.convert.process import Converter
from tflint_edgetpu.convert.recipe import Recipe
from tflint_edgetpu.convert.source import Source

GREETING = """\
import json, os, signal, sys, time
def say(**answer):
    print(json.dumps(answer), flush=True)
def described(**more):
    say(**{"inputs": [{"name": "x", "shape": [1, 4], "dtype": "float32"}], "signature": "s",
           "recurrent": ["memory"], "notes": [], "versions": {"tensorflow": "2.21.0"}, **more})
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """``child("body")``: a converter whose child runs that."""

    def make(body: str, timeout: float = 20.0) -> Converter:
        script = tmp_path / "child.py"
        script.write_text(GREETING + textwrap.dedent(body))
        monkeypatch.setattr(process, "CHILD", script)
        return Converter(Source("keras", "net.keras"), CalibrationRequest("random", ""), timeout=timeout)

    return make


def test_a_sensible_child(child) -> None:  # type: ignore[no-untyped-def]
    body = """
        for line in sys.stdin:
            order = json.loads(line)
            if "do" not in order:
                described()
                continue
            say(progress=3)
            print("from python", file=sys.stderr); os.write(2, b"from C++\\n")
            open(order["out"], "wb").write(b"model")
            say(converted=5)
    """
    with child(body) as converter:
        converter._progress = (seen := []).append
        assert converter.load().inputs[0].shape == (1, 4)
        attempt = converter.convert(Recipe(), "why")
    assert (attempt.data, attempt.failure, seen) == (b"model", None, [3])
    assert attempt.printed == "from python\nfrom C++\n"


def test_a_crash_is_a_failure_and_the_next_order_starts_a_new_child(child, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    body = f"""
        for line in sys.stdin:
            order = json.loads(line)
            if "do" not in order:
                described()
            elif not os.path.exists({str(tmp_path / "crashed")!r}):
                open({str(tmp_path / "crashed")!r}, "w").close()
                os.kill(os.getpid(), signal.SIGSEGV)
            else:
                open(order["out"], "wb").write(b"model")
                say(converted=5)
    """
    with child(body) as converter:
        converter.load()
        first, second = converter.convert(Recipe(), ""), converter.convert(Recipe(), "")
    assert first.failure is not None and first.failure.kind == "crashed"
    assert (
        "SIGSEGV" in first.failure.text
        and "memory" in first.failure.text
        and "unroll=True" in first.failure.text
    )
    assert second.data == b"model"


def test_a_child_that_hangs_is_ended(child) -> None:  # type: ignore[no-untyped-def]
    body = """
        json.loads(sys.stdin.readline()); described()
        sys.stdin.readline(); time.sleep(600)
    """
    with child(body, timeout=2.0) as converter:
        converter.load()
        attempt = converter.convert(Recipe(), "")
    assert attempt.failure is not None and attempt.failure.kind == "timeout"


@pytest.mark.parametrize(
    "noise",
    [
        "print('{not json'); print('[1, 2]'); print('\\x00\\xff'); print('null')",
        "sys.stdout.write('[' * 100_000 + '\\n')",
        "print('x' * 3_000_000)",
        "say(progress='many'); say(progress=None)",
    ],
)
def test_lines_that_are_no_answer_are_passed_over(child, noise: str) -> None:  # type: ignore[no-untyped-def]
    with child(f"sys.stdin.readline(); {noise}; described(); sys.stdin.readline()") as converter:
        assert converter.load().signature == "s"


@pytest.mark.parametrize(
    "answer",
    [
        "say(inputs=7)",
        "described(inputs=[{'name': 'x', 'shape': 'abc', 'dtype': 1}])",
        "described(versions=[1])",
        "described(notes=None)",
    ],
)
def test_a_description_of_the_wrong_form_is_refused(child, answer: str) -> None:  # type: ignore[no-untyped-def]
    converter = child(f"sys.stdin.readline(); {answer}; sys.stdin.readline()")
    with converter, pytest.raises(CannotConvert, match="no sensible description"):
        converter.load()


def test_a_child_that_lies_about_a_model(child) -> None:  # type: ignore[no-untyped-def]
    body = (
        "sys.stdin.readline(); described(); sys.stdin.readline(); say(converted=12345); sys.stdin.readline()"
    )
    with child(body) as converter:
        converter.load()
        attempt = converter.convert(Recipe(), "")
    assert attempt.data is None and attempt.failure is not None and "wrote nothing" in attempt.failure.text


def test_a_child_that_does_not_start(child) -> None:  # type: ignore[no-untyped-def]
    converter = child("raise ImportError('libsomething.so is missing')")
    with converter, pytest.raises(CannotConvert, match=r"libsomething\.so is missing"):
        converter.load()


def test_no_more_is_kept_of_what_it_printed_than_can_be_read(child) -> None:  # type: ignore[no-untyped-def]
    body = """
        sys.stdin.readline(); described(); order = json.loads(sys.stdin.readline())
        sys.stderr.write("first\\n" + "x" * 1_000_000 + "\\nlast\\n")
        say(failed="RuntimeError", text="no"); sys.stdin.readline()
    """
    with child(body) as converter:
        converter.load()
        attempt = converter.convert(Recipe(), "")
    assert len(attempt.printed) <= process.MOST_PRINTED and attempt.printed.endswith("last\n")


def test_ranges_of_the_wrong_form_are_left_out(child) -> None:  # type: ignore[no-untyped-def]
    body = """
        sys.stdin.readline(); described(); sys.stdin.readline()
        say(ranges={"a": [0, 1], "b": "wide", "c": [1]}, notes=["one"]); sys.stdin.readline()
    """
    with child(body) as converter:
        converter.load()
        seen = converter.seen()
    assert (seen.ranges, seen.notes) == ({"a": (0.0, 1.0)}, ("one",))


def test_nothing_is_left_behind(child) -> None:  # type: ignore[no-untyped-def]
    with child("sys.stdin.readline(); described(); sys.stdin.readline()") as converter:
        converter.load()
        folder = converter.folder
        assert folder.is_dir()
    assert not folder.exists()
