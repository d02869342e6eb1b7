"""What a log says, case by case. The texts are written for these tests from the formats that are public."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.edgetpu.log import (
    CompilerLog,
    Outcome,
    is_compiler_output,
    printed_size,
    read_log,
    size_in_bytes,
)
from tflint_edgetpu.edgetpu.support.constraint import Status
from tflint_edgetpu.model.errors import ReadError

FORUM = Path(__file__).resolve().parents[2] / "fixtures" / "logs" / "forum_ssd_fpn.txt"
VERSION = "Edge TPU Compiler version 16.0.384591198\n"
ATTEMPT = "Started a compilation timeout timer of 180 seconds.\n"
FAILED = "Compilation child process completed within timeout period.\nCompilation failed! \n"
SUMMARY = """
Model compiled successfully in 119 ms.

Input model: m.tflite
Input size: 31.22KiB
Output model: m_edgetpu.tflite
Output size: 76.94KiB
On-chip memory used for caching model parameters: 27.75KiB
On-chip memory remaining for caching model parameters: 7.70MiB
Off-chip memory used for streaming uncached model parameters: 1.88KiB
Number of Edge TPU subgraphs: 1
Total number of operations: 13
Operation log: m_edgetpu.log
"""
PARTIAL = (
    "\nModel successfully compiled but not all operations are supported by the Edge TPU. A percentage of the model "
    "will instead run on the CPU, which is slower.\nNumber of operations that will run on Edge TPU: 12\n"
    "Number of operations that will run on CPU: 1\n"
)
SEE = "See the operation log file for individual operation details.\n"
ENDED = "Compilation child process completed within timeout period.\nCompilation succeeded! \n"


def read(text: str) -> CompilerLog:
    return read_log(text.encode())


def test_the_forum_log_reads_through_its_translation() -> None:
    log = read_log(FORUM)
    model = log.model
    assert model is not None
    assert (log.compiler_version, log.outcome) == ("15.0.340273435", Outcome.PARTIAL)
    assert (model.ops_total, model.ops_edgetpu, model.ops_cpu, model.subgraphs) == (162, 112, 50, 1)
    assert (model.input_size, model.output_size, model.off_chip) == ("3.70MiB", "4.21MiB", "0.00B")
    assert (model.on_chip_used, model.on_chip_remaining, model.milliseconds) == ("3.42MiB", "4.31MiB", 1136)
    assert len(model.rows) == 18 and model.rows_complete
    by_status = {status: sum(row.count for row in model.rows if row.status == status) for status in (
        Status.MAPPED, Status.MORE_THAN_ONE_SUBGRAPH, Status.UNSPECIFIED, Status.DATA_TYPE, Status.RANK)}  # fmt: skip
    assert list(by_status.values()) == [112, 35, 9, 2, 4]


def test_partial_full_and_unknown() -> None:
    assert read(VERSION + ATTEMPT + SUMMARY + PARTIAL + SEE + ENDED).outcome == Outcome.PARTIAL
    assert read(VERSION + ATTEMPT + SUMMARY + SEE + ENDED).outcome == Outcome.FULL
    assert read(VERSION + ATTEMPT + SUMMARY).outcome is None  # cut off where the warning would stand
    assert read(VERSION + ATTEMPT + SUMMARY).to_dict()["outcome_in_text"] is False


def test_nothing_mapped_is_called_so_whatever_the_compiler_calls_it() -> None:
    text = VERSION + SUMMARY.replace("subgraphs: 1", "subgraphs: 0")
    assert read(text).outcome == Outcome.NONE_MAPPED


def test_a_search_that_ends_well_is_a_success() -> None:
    log = read(VERSION + "Try to compile segment with 14 ops\n" + ATTEMPT + FAILED
               + "Try to compile segment with 13 ops\n" + ATTEMPT + SUMMARY + SEE + ENDED)  # fmt: skip
    assert (log.outcome, log.error, log.attempts) == (Outcome.FULL, None, 2)
    assert [line.text for line in log.error_lines] == ["Compilation failed!"]


def test_standard_error_that_comes_late_does_not_undo_a_success() -> None:
    assert read(VERSION + ATTEMPT + SUMMARY + SEE + ENDED + "Compilation failed! \n").outcome == Outcome.FULL


def test_a_segment_that_fails_fails_the_run() -> None:
    log = read(VERSION + ATTEMPT + SUMMARY + SEE + ENDED + ATTEMPT + FAILED)
    assert log.outcome == Outcome.FAILURE
    assert log.model is not None and log.model.outcome == Outcome.FULL


def test_the_last_run_counts() -> None:
    crash = "$ edgetpu_compiler m.tflite\n" + VERSION + "\nInternal compiler error. Aborting! \n"
    good = "$ edgetpu_compiler m.tflite\n" + VERSION + SUMMARY + SEE
    assert (read(crash + crash + good).runs, read(crash + crash + good).outcome) == (3, Outcome.FULL)
    assert read(good + crash).outcome == Outcome.FAILURE


def test_a_version_that_is_asked_for_or_talked_about_is_no_compile() -> None:
    log = read("I use Edge TPU Compiler version 16.0.384591198 on Debian.\n" + VERSION + SUMMARY + SEE)
    assert (log.runs, log.outcome) == (1, Outcome.FULL)
    assert read("$ edgetpu_compiler --version\n" + VERSION).outcome is None


def test_models_compiled_together_have_their_own_numbers() -> None:
    other = SUMMARY.replace("m.tflite", "n.tflite").replace("m_edgetpu", "n_edgetpu").replace(": 13", ": 14")
    other = other.replace("\nModel compiled successfully in 119 ms.\n", "")
    log = read(VERSION + SUMMARY + SEE + other + PARTIAL + SEE)
    data = log.to_dict()
    assert (data["models"], data["runs"], data["ops_total"]) == (2, 1, None)
    assert [model["ops_total"] for model in data["per_model"]] == [13, 14]
    assert log.outcome == Outcome.PARTIAL  # models that differ


def test_an_operation_log_behind_the_console_output_is_the_same_model() -> None:
    table = "Operator  Count  Status\n\nCONV_2D  13  Mapped to Edge TPU\n"
    log = read(f"{VERSION}{SUMMARY}{SEE}{VERSION}Input: m.tflite\nOutput: m_edgetpu.tflite\n\n{table}")
    assert (log.runs, len(log.models)) == (1, 1)
    assert log.models[0].rows_complete


def test_the_error_that_says_most_is_the_error() -> None:
    lines = ["ERROR: Didn't find op for builtin opcode 'EXP' version '2'", "ERROR: Registration failed.",
             "Invalid model: m.tflite", "Model could not be parsed"]  # fmt: skip
    log = read(VERSION + "\n".join(lines))
    assert log.error is not None and log.error.text == lines[0]
    assert [line.text for line in log.error_lines] == lines
    assert [line.line for line in log.error_lines] == [2, 3, 4, 5]
    assert log.failure_kind == "op_version"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Internal compiler error. Aborting!", "ice"),
        ("Compilation failed: Internal error.", "ice"),
        ("Compilation timeout. This is usually caused by large activations.", "timeout"),
        (
            "Compilation failed: Compilation failed due to large activation tensors in model.",
            "large_activations",
        ),
        ("ERROR: Encountered unresolved custom op: Atan.", "custom_op"),
        (
            "ERROR: Op builtin_code out of range: 150. Are you using old TFLite binary with newer model?",
            "op_version",
        ),
        ("ERROR: Regular TensorFlow ops are not supported by this interpreter.", "flex"),
        ("ERROR: :344 no_integer_overflow_from_quantization was not true.", "interpreter_prepare"),
        (
            "libc++abi: terminating with uncaught exception of type std::out_of_range: vector",
            "uncaught_exception",
        ),
        ("edgetpu_compiler: line 3:  1531 Segmentation fault      (core dumped) x", "segfault"),
        ("Invalid model: m.tflite", "invalid_model_only"),
        ("Error opening file for writing: out/m_edgetpu.tflite", "output_file"),
        ("ERROR: something nobody has seen yet", "other"),
        ("", "no_error_line"),
    ],
)
def test_failures(text: str, kind: str) -> None:
    log = read(VERSION + text + "\n")
    assert (log.outcome, log.failure_kind) == (Outcome.FAILURE, kind)


def test_an_unknown_status_is_kept_word_for_word() -> None:
    log = read(
        "Operator  Count  Status\n\nTILE  2  A limitation nobody has seen yet\nADD  1  Mapped to Edge TPU\n"
    )
    assert log.unknown_statuses == ("A limitation nobody has seen yet",)
    assert log.models[0].rows[0].status == "A limitation nobody has seen yet"


def test_errors_of_other_programs_are_not_the_compilers() -> None:
    log = read(
        "ERROR: pip's dependency resolver does not take into account all packages.\n"
        + VERSION
        + SUMMARY
        + SEE
    )
    assert (log.outcome, log.error_lines) == (Outcome.FULL, ())


def test_text_of_no_compiler_is_not_recognized() -> None:
    texts = ("", "Hello\nworld", "ADD 3 layers to the model", "ERROR: Could not find it", "Input: image.png")
    for text in texts:
        log = read(text)
        assert not log.recognized and log.outcome is None and log.to_dict()["models"] == 0
        assert not is_compiler_output(text.encode())


def test_a_model_is_no_compiler_output() -> None:
    assert not is_compiler_output(b"\x1c\x00\x00\x00TFL3" + bytes(100))


def test_flags_of_the_command() -> None:
    log = read("$ edgetpu_compiler -sa --min_runtime_version=13 m.tflite\n" + VERSION)
    assert log.flag("a", "enable_multiple_subgraphs") and log.flag("s", "show_operations")
    assert log.flag("m", "min_runtime_version") and not log.flag("d", "search_delegate")


@pytest.mark.parametrize("text", ["0.00B", "768.00B", "31.22KiB", "3.70MiB", "1.50GiB"])
def test_sizes_come_back_as_they_were_printed(text: str) -> None:
    size = size_in_bytes(text)
    assert size is not None and printed_size(size) == text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_log(tmp_path / "none.log")
    with pytest.raises(ReadError, match="directory"):
        read_log(tmp_path)


def test_a_model_compiled_again_with_the_same_result_counts_once() -> None:
    one = (
        "Model compiled successfully in 5 ms.\n\n"
        "Input model: {name}\nInput size: 1.00KiB\nOutput model: x\n"
        "Number of Edge TPU subgraphs: 1\n"
        "Total number of operations: {total}\n\n"
    )
    first, other, again = (
        one.format(name="a", total=3),
        one.format(name="b", total=3),
        one.format(name="a", total=4),
    )
    log = read_log(f"Edge TPU Compiler version 16.0.384591198\n{first}{other}{first}{again}".encode())
    assert [(model.input_model, model.ops_total) for model in log.models] == [
        ("a", 3),
        ("b", 3),
        ("a", 3),
        ("a", 4),
    ]
    assert log.distinct_models == log.models[1:]
