"""Look for what keeps conversion, verification or an Edge TPU from working on this machine.

Python, TensorFlow, LiteRT, NumPy, PyCoral (which one), libedgetpu, devices and their permissions, the kernel
module, the compiler. Nothing is changed; each line ends in commands to paste.

Exit code 0: nothing is broken (what is only absent breaks nothing); 1: something is.
"""

from __future__ import annotations

import argparse
import json

from .console import page
from .main import FINDINGS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--format", choices=("full", "json"), default="full", help="(default: full)")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def run(arguments: argparse.Namespace) -> int:
    """Print one line a thing; 1 where one of them is broken."""
    from ..doctor.examine import examine
    from ..doctor.line import PROBLEM
    from ..doctor.machine import this_machine
    from ..report.doctor import doctor_data, show_doctor

    lines = examine(this_machine())
    if arguments.format == "json":
        print(json.dumps(doctor_data(lines), indent=2))
    else:
        show_doctor(page(arguments.color), lines)
    return FINDINGS if any(line.status == PROBLEM for line in lines) else 0
