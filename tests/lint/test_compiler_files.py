"""Every log and compiled file at hand is examined without a failure, in every format."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tflint_edgetpu.lint.evidence import EvidencePaths
from tflint_edgetpu.lint.examine import Examiner
from tflint_edgetpu.lint.file_report import FileReport
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.settings import Settings
from tflint_edgetpu.report.report import Report
from tflint_edgetpu.report.reporter import BUILT_IN, Output, find_reporter
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.packages import edgetpu_part

PLUGINS = Plugins()
EXAMINER = Examiner(Settings(), PLUGINS)
FORUM = Path(__file__).parents[2] / "fixtures/logs/forum_ssd_fpn.txt"


def written(files: list[FileReport], form: str, width: int = 100) -> str:
    stream = io.StringIO()
    reporter = find_reporter(form)
    assert reporter is not None
    reporter.write(Report(files, PLUGINS), Output(stream, None, width))
    return stream.getvalue()


def test_all_logs(shared: Path) -> None:
    paths = sorted(map(str, shared.glob("logs/*.txt")))
    assert len(paths) > 100
    files = [EXAMINER.examine(path) for path in paths]
    for file in files:
        assert file.kind == "log" and not file.broken, (file.path, file.error, file.failures)
        assert file.log is not None and file.log.recognized
    _every_format(files)


def test_all_compiled_files(shared: Path) -> None:
    files = [EXAMINER.examine(str(path)) for path in sorted(shared.glob("corpus/compiled/*.tflite"))]
    assert len(files) > 10
    for file in files:
        assert file.kind == "compiled" and not file.broken, (file.path, file.error, file.failures)
        assert file.compiled is not None and file.compiled.subgraphs
    _every_format(files)


def test_all_pairs(shared: Path) -> None:
    """Model, log and compiled twin together."""
    files = []
    for folder in sorted(shared.glob("corpus/pairs/*")):
        log, twin = folder / "compiler.log", folder / "model_edgetpu.tflite"
        if log.is_file() or twin.is_file():
            paths = EvidencePaths(str(log) if log.is_file() else None, str(twin) if twin.is_file() else None)
            files.append(EXAMINER.examine(str(folder / "model.tflite"), paths))
    assert len(files) > 30
    for file in files:
        assert not file.broken, (file.path, file.error, file.failures)
        assert file.observed is not None and not file.observed.strangers, file.path
    _every_format(files)


def _every_format(files: list[FileReport]) -> None:
    for form in BUILT_IN:
        text = written(files, form)
        assert len(text) > 1000, form
        if form == "json":
            json.loads(text)


def test_the_forum_log_is_explained_on_the_first_screens() -> None:
    """The log the project began with: what an answer has to say, without a model."""
    file = EXAMINER.examine(str(FORUM))
    assert file.kind == "log" and not file.broken
    assert [finding.code for finding in file.findings] == ["CMP002", "CMP005", "CMP003", "CMP003"]
    screen = " ".join(written([file], "full").split())
    first = " ".join(written([file], "full").split("\n\n")[1].split())
    assert "112 of 162 operators" in screen
    assert "50 of 162 operators run on the CPU, and 35 of them are only victims" in first
    assert "PACK x4 (unsupported rank) broke the chain" in first
    assert "the CUSTOM postprocess run there in every model of this kind" in first
    assert "nearest-neighbour upsampling (2 levels of a feature pyramid)" in screen
    assert "Use RESIZE_NEAREST_NEIGHBOR for the upsampling" in screen
    assert "QUANTIZE x4, refused for an unspecified limitation next to a detection postprocess" in screen
    assert "what the types really are stands in the model, not in the log" in screen
    assert "float32" not in screen and "uint8 [" not in screen, "types are stated only from a model"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("nothing of a compiler", "nothing in it that edgetpu_compiler prints"),
        ("", "nothing in it that edgetpu_compiler prints"),
    ],
)
def test_a_text_that_is_no_log(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text)
    file = EXAMINER.examine(str(path))
    assert file.kind == "unreadable" and file.error is not None and error in file.error


def test_a_log_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "paste"
    path.write_bytes(FORUM.read_bytes())
    assert EXAMINER.examine(str(path)).kind == "log"


def test_names_in_a_log_are_hostile(tmp_path: Path) -> None:
    path = tmp_path / "bad.log"
    name = "\x1b[2Jx\u202e::error::[red]y.tflite"
    path.write_text(f"Input model: {name}\nInput size: 1.00KiB\n{FORUM.read_text().split('chip', 1)[1]}")
    file = EXAMINER.examine(str(path))
    assert not file.broken
    for form in BUILT_IN:
        text = written([file], form)
        assert "\x1b[2J" not in text and "\u202e" not in text, form


def test_a_missing_companion_is_reported(tmp_path: Path) -> None:
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 8, 8, 3))))
    model = tmp_path / "m.tflite"
    model.write_bytes(m.build())
    for paths in (EvidencePaths(log=str(tmp_path / "no.log")), EvidencePaths(compiled=str(model))):
        file = EXAMINER.examine(str(model), paths)
        assert len(file.failures) == 1 and file.broken
        assert file.placement is not None, "the model is judged all the same"
    joined = EXAMINER.examine(str(model), EvidencePaths(join=True))
    assert not joined.broken and joined.observed is None


def test_the_report_shows_what_a_compiled_file_holds(tmp_path: Path) -> None:
    m = ModelBuilder()
    y = m.tensor((1, 8, 8, 4), name="features")
    edgetpu_part(m, [m.input((1, 8, 8, 3), name="image")], [y], min_runtime=13, cached=2048, streamed=512)
    m.output(m.unary("LEAKY_RELU", y, options="LeakyReluOptions", alpha=0.1))
    path = tmp_path / "m_edgetpu.tflite"
    path.write_bytes(m.build())
    text = " ".join(written([EXAMINER.examine(str(path))], "full").split())
    assert "1 part \u00b7 needs runtime 13" in text or "1 part - needs runtime 13" in text
    assert "CPU 1 operator: 1 LEAKY_RELU" in text
    assert "2.00 KiB of parameters on the chip, 512 B streamed for every inference" in text


@pytest.mark.parametrize("several", [False, True])
def test_the_report_sets_what_was_observed_under_the_prediction(tmp_path: Path, several: bool) -> None:
    m = ModelBuilder()
    x = m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1)
    m.output(m.conv2d(x))
    model, log = tmp_path / "m.tflite", tmp_path / "m_edgetpu.log"
    model.write_bytes(m.build())
    left = "" if several else "CONV_2D 1 More than one subgraph is not supported\n"
    log.write_text(
        f"Edge TPU Compiler version 16.0.384591198\nInput: m.tflite\nOutput: m_edgetpu.tflite\n\n"
        f"Operator Count Status\n\nCONV_2D {1 + several} Mapped to Edge TPU\n{left}"
        "LEAKY_RELU 1 Operation not supported\n"
    )
    text = " ".join(written([EXAMINER.examine(str(model), EvidencePaths(join=True))], "full").split())
    assert f"observed by the compiler's log: {1 + several} of 3 operators on the Edge TPU" in text
    assert ("compiled with -a" in text and "--multiple-subgraphs" in text) is several
