"""The notebook that this project began with, written anew: what its author should read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tflint_edgetpu.fix.scripts import repair_script
from tflint_edgetpu.lint.examine import Examiner
from tflint_edgetpu.lint.finding import Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.settings import Settings
from tflint_edgetpu.testing.reports import report_on, written

NOTEBOOK = Path(__file__).parents[2] / "fixtures" / "notebooks" / "ssd_mobilenet_v2.ipynb"


def write(folder: Path) -> Path:
    return Path(shutil.copy(NOTEBOOK, folder))


def test_what_is_found(tmp_path: Path) -> None:
    (file,) = report_on([write(tmp_path)]).files
    found = [(finding.code, finding.severity, finding.locations[0].ref) for finding in file.findings]
    assert found == [
        ("CNV003", Severity.WARNING, "cell 4, line 4"),
        ("CNV011", Severity.WARNING, "cell 4, line 7"),
        ("CNV012", Severity.WARNING, "cell 3, line 1"),
        ("CNV006", Severity.INFO, "cell 4, line 5"),
        ("CNV013", Severity.INFO, "cell 4"),
        ("CNV013", Severity.INFO, "cell 4"),
    ]
    by_code = {finding.code: finding for finding in file.findings}
    assert [place.ref for place in by_code["CNV012"].locations] == ["cell 3, line 1", "cell 5, line 2"]
    assert not file.failing


def test_what_it_reads_like(tmp_path: Path) -> None:
    text = " ".join(written(report_on([write(tmp_path)]), "full").split())
    for words in (
        "basically right: calibrated and quantized to integers, as an Edge TPU needs it",
        "allows SELECT_TF_OPS (a detector needs none of them)",
        "sets allow_custom_ops, which a detection postprocess does not need",
        "a detector's outputs are asked for as uint8; they should stay float",
        "TensorFlow 2.6 kept them float all the same; 2.21 quantizes them",
        '"the inference_input_type attribute will default to the original type"; some input does not go straight',
        '"Statistics for quantized inputs were expected, but not specified"',
        "the message is harmless",
        "the one in cell 5, line 2 gives random numbers",
        "which cell was run last, and so which data calibrated the model, the file does not tell",
    ):
        assert words in text, words
    assert "is calibrated with random numbers" not in text, "which generator was used is never said as a fact"


def test_lines_fit_the_terminal(tmp_path: Path) -> None:
    lines = written(report_on([write(tmp_path)]), "full").splitlines()
    assert max(len(line) for line in lines if "\u2502" not in line) <= 80


def test_what_the_fix_leaves(tmp_path: Path) -> None:
    path = write(tmp_path)
    outcome = repair_script(str(path), Examiner(Settings(), Plugins()))
    assert {finding.code for finding in outcome.applied} == {"CNV003", "CNV006"}
    before, after = json.loads(outcome.before), json.loads(outcome.after)
    assert after["cells"][4]["source"] == [
        line.replace(", tf.lite.OpsSet.SELECT_TF_OPS", "")
        for line in before["cells"][4]["source"]
        if "allow_custom_ops" not in line
    ]
    del before["cells"][4]["source"], after["cells"][4]["source"]
    assert before == after
