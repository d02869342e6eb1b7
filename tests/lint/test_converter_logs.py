"""What TensorFlow's converter printed, kept in a file and linted."""

from __future__ import annotations

from pathlib import Path

from tflint_edgetpu import lint

KEPT = (
    "WARNING:absl:For model outputs containing unsupported operations which cannot be quantized, the "
    "`inference_output_type` attribute will default to the original type.\n"
)


def test_a_converter_log_is_linted_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "convert.log"
    path.write_text("W0000 tf_tfl_flatbuffer_helpers.cc:364] Ignored output_format.\n" + KEPT)
    report = lint(path)
    (finding,) = report.findings
    assert (finding.code, finding.locations[0].line) == ("CNV022", 2)
    assert report.files[0].error is None


def test_a_log_of_neither_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "convert.log"
    path.write_text("Ignored output_format.\nEpoch 1/10\n")
    assert "nothing in it that edgetpu_compiler prints" in (lint(path).files[0].error or "")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "convert.log"
    path.write_bytes(b"\xff\xfe\x00" * 1000 + KEPT.encode())
    assert [finding.code for finding in lint(path).findings] == ["CNV022"]
