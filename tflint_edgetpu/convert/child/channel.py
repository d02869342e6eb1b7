"""How the child processes of this package talk: a job or orders on standard input, answers as lines of JSON.

Answers go to a copy of descriptor 1.  After that, 1 is what 2 is, the log: what TensorFlow or the user's code prints
is kept, and nothing of it can be taken for an answer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from ..calibration.errors import CalibrationError
from ..errors import CannotConvert

Say = Callable[..., None]


def open_channel() -> Say:
    """What says an answer; called once, before anything is imported that prints."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # The log is read afterwards: keep warnings, drop the chatter about CPU features and GPUs.
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "1"
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

    def say(**answer: Any) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    return say


def run_job(work: Callable[[dict[str, Any], Say], dict[str, Any]]) -> None:
    """Do the one job on standard input and say its result, or in one line why it is refused."""
    say = open_channel()
    job = json.load(sys.stdin)
    try:
        say(result=work(job, say))
    except (CannotConvert, CalibrationError) as error:
        say(result={"refused": str(error)})
