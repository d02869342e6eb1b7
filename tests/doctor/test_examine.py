"""The command as a whole: order, exit codes, JSON, the printed page."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tflint_edgetpu.cli import main
from tflint_edgetpu.doctor import machine as machine_module
from tflint_edgetpu.doctor.examine import examine
from tflint_edgetpu.doctor.line import ABSENT, OK, PROBLEM, Line
from tflint_edgetpu.doctor.machine import Machine
from tflint_edgetpu.report.doctor import doctor_data, show_doctor

Make = Callable[..., Machine]
BROKEN = {"tensorflow": "2.21.0", "tensorflow-cpu": "2.21.0"}


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows"])
def test_every_line_says_something(machine: Make, system: str) -> None:
    lines = examine(machine(system=system))
    assert lines[0].topic == "Python" and lines[-1].topic == "compiler"
    for line in lines:
        assert line.topic and line.text and line.status in (OK, PROBLEM, ABSENT)
        assert line.status != PROBLEM


def test_exit_code_and_json(
    machine: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine_module, "this_machine", machine)
    assert main.main(["doctor", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema_version"] == 1 and data["problems"] == 0
    assert {line["topic"] for line in data["lines"]} >= {
        "Python",
        "TensorFlow",
        "libedgetpu",
        "Edge TPU",
        "compiler",
    }
    monkeypatch.setattr(machine_module, "this_machine", lambda: machine(distributions=BROKEN))
    assert main.main(["doctor"]) == 1
    assert "1 problem" in capsys.readouterr().out


def test_the_page_keeps_commands_whole_and_names_printable() -> None:
    out = io.StringIO()
    command = "pip install " + "x" * 90
    lines = [
        Line("one", OK, "fine"),
        Line(
            "two",
            PROBLEM,
            "a \x1b[31mname that acts on terminals",
            f"{command}\n# said",
            "somebody/something#1",
        ),
    ]
    show_doctor(Console(file=out, width=60), lines)
    page = out.getvalue()
    assert command in page and "\x1b" not in page and "[somebody/something#1]" in page.replace("\n", "")
    assert page.splitlines()[0].split() == ["ok", "one", "fine"] and page.rstrip().endswith("1 problem")
    assert doctor_data(lines)["problems"] == 1


def test_this_machine_is_examined_without_importing_what_is_asked_about(tmp_path: Path) -> None:
    """TensorFlow takes seconds to import and may be broken: its version is read, no more."""
    program = (
        "import sys; from tflint_edgetpu.cli.main import main; code = main(['doctor']);"
        "print(sorted({'tensorflow', 'keras', 'numpy', 'ai_edge_litert', 'pycoral'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "[]"
