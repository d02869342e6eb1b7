"""``placement``: the compiler's own table, a spreadsheet, and node data for Model Explorer."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tflint_edgetpu
from tflint_edgetpu.edgetpu.log import read_log
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.packages import edgetpu_part

Copy = Callable[..., Path]
MODEL = "ssd_user_settings"


def data_of(run: Any, *words: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run("placement", *words, "--format", "json").out)
    return data


def test_json_is_that_of_the_lint_report(copy: Copy, run: Any) -> None:
    path = copy(MODEL).name
    assert (
        data_of(run, path) == json.loads(run("lint", path, "--format", "json").out)["files"][0]["placement"]
    )


def test_csv_has_a_line_for_each_operator(copy: Copy, run: Any) -> None:
    path = copy(MODEL).name
    rows = list(csv.DictReader(io.StringIO(run("placement", path, "--format", "csv").out)))
    operators = data_of(run, path)["operators"]
    assert [(row["ref"], row["operator"], row["on"], row["status"], row["role"]) for row in rows] == [
        (entry["ref"], entry["op"], entry["on"], entry["status"], entry["role"]) for entry in operators
    ]
    assert [int(row["macs"]) for row in rows] == [entry["macs"] for entry in operators]


def test_the_table_reads_as_the_compilers(copy: Copy, run: Any) -> None:
    """Our reader of compiler logs understands it, and the rows add up."""
    path = copy(MODEL).name
    out = run("placement", path).out
    table = out[out.index("Operator  ") :]
    log = read_log(table.encode())
    rows = Counter({(row.operator, row.status): row.count for row in log.models[0].rows})
    expected = Counter(
        (entry["op"].partition(":")[0], entry["status"]) for entry in data_of(run, path)["operators"]
    )
    assert rows == expected
    assert log.unknown_statuses == ()


def test_the_columns_are_the_compilers(shared: Path, copy: Copy, run: Any) -> None:
    """Header and rows stand in the columns of a real operation log."""
    real = next(
        text for path in sorted((shared / "logs").glob("*.txt"))
        if re.search(r"^Operator +Count +Status$", text := path.read_text("utf-8", "replace"), re.M)
    )  # fmt: skip
    header = re.search(r"^Operator +Count +Status$", real, re.M)
    assert header is not None
    lines = run("placement", copy(MODEL).name).out.splitlines()
    assert header[0] in lines
    assert re.search(r"^CONV_2D {24}\d+ +Mapped to Edge TPU$", "\n".join(lines), re.M)


def test_it_shows_where_the_chain_breaks(copy: Copy, run: Any) -> None:
    out = run("placement", copy(MODEL).name).out
    assert "PACK" in out and "EdgeTPU" in out and "CPU" in out
    assert "\x1b" not in out
    assert "\x1b" in run("placement", f"{MODEL}.tflite", "--color", "always").out


def test_options_of_the_compiler(copy: Copy, run: Any) -> None:
    path = copy(MODEL).name
    usual = data_of(run, path)
    several = data_of(run, path, "--multiple-subgraphs")
    assert several["multiple_subgraphs"] is True and several["edgetpu"] > usual["edgetpu"]
    first = usual["operators"][3]["outputs"][0]
    assert data_of(run, path, "--intermediate-tensors", first)["edgetpu"] < usual["edgetpu"]


def test_exit_codes(copy: Copy, run: Any, folder: Path) -> None:
    copy("classifier_int8")
    copy("classifier_float32")
    (folder / "broken.tflite").write_bytes(b"")
    assert run("placement", "classifier_int8.tflite").code == 0
    assert run("placement", "classifier_float32.tflite").code == 1
    assert run("placement", "broken.tflite").code == 2


@pytest.mark.parametrize(
    ("fixture", "error"),
    [
        ("grouped_convolution", "Didn't find op for builtin opcode 'CONV_2D' version '6'."),
        ("transpose_conv_relu", "Didn't find op for builtin opcode 'TRANSPOSE_CONV' version '4'."),
    ],
)
def test_a_file_that_the_compiler_refuses(fixture: str, error: str, copy: Copy, run: Any) -> None:
    """All its operators are fine by themselves: no table and no picture may pass for what will happen."""
    path = copy(fixture).name
    done = run("placement", path)
    assert done.code == 1
    before_picture, picture = done.out.split("what would run where if the compiler took the file:")
    assert "nothing: the compiler refuses the file" in before_picture
    before_table = picture[: picture.index("Operator  ")]
    assert "prints no table for this file and maps nothing" in before_table and error in before_table
    for format in ("csv", "model-explorer"):
        done = run("placement", path, "--format", format)
        assert done.code == 1 and "the compiler refuses this file and maps nothing" in done.err


def test_a_compiled_file_has_no_prediction(folder: Path, copy: Copy, run: Any) -> None:
    m = ModelBuilder()
    m.output(edgetpu_part(m, [m.input((1, 8, 8, 3))], [m.tensor((1, 4))]))
    (folder / "done_edgetpu.tflite").write_bytes(m.build())
    copy("classifier_int8")
    done = run("placement", "done_edgetpu.tflite", "classifier_int8.tflite")
    assert done.code == 2 and "edgetpu_compiler already made this file" in done.err
    assert done.out.count("Operator  ") == 1 and "CUSTOM" not in done.out
    with pytest.raises(ReadError, match="already made"):
        tflint_edgetpu.place(folder / "done_edgetpu.tflite")


def test_several_models(copy: Copy, run: Any, folder: Path) -> None:
    """One that cannot be read does not hide the others."""
    copy("classifier_int8")
    copy("flex")
    (folder / "broken.tflite").write_bytes(b"")
    done = run("placement", "broken.tflite", "classifier_int8.tflite", "flex.tflite")
    assert done.code == 2
    assert "broken.tflite: the file is empty" in done.err
    assert done.out.count("Operator  ") == 2


def test_node_data_is_what_model_explorer_reads(copy: Copy, run: Any) -> None:
    """Google's own package, where it is installed, writes the same document."""
    builder = pytest.importorskip(
        "model_explorer.node_data_builder", reason="ai-edge-model-explorer is not installed"
    )
    document = json.loads(run("placement", copy(MODEL).name, "--format", "model-explorer").out)
    graphs = {
        name: builder.GraphNodeData(
            results={key: builder.NodeDataResult(**result) for key, result in graph["results"].items()},
            name=graph["name"],
            thresholds=[builder.ThresholdItem(**item) for item in graph["thresholds"]],
        )
        for name, graph in document.items()
    }
    theirs = json.loads(builder.ModelNodeData(graphs).to_json_string())
    for name, graph in document.items():
        assert {key: theirs[name][key] for key in graph} == graph


def test_node_data_names_every_output(copy: Copy, run: Any) -> None:
    path = copy(MODEL).name
    (graph,) = json.loads(run("placement", path, "--format", "model-explorer").out).values()
    operators = data_of(run, path)["operators"]
    numbers = {"mapped": 0, "blocked": 1, "breaker": 2}
    assert {name: result["value"] for name, result in graph["results"].items()} == {
        name: numbers[entry["role"]] for entry in operators for name in entry["outputs"]
    }
