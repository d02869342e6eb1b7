"""The command ``convert``, and ``fix --source``, as far as they go without TensorFlow."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.cli.convert_options import join_ranges
from tflint_edgetpu.cli.progress import ConversionProgress
from tflint_edgetpu.testing.builder import ModelBuilder

BARE = """
import sys
for name in ("numpy", "tensorflow", "keras", "PIL", "flatbuffers", "ai_edge_litert"):
    sys.modules[name] = None
from tflint_edgetpu.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def keras(folder: Path) -> str:
    with zipfile.ZipFile(folder / "net.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    return "net.keras"


@pytest.fixture
def no_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    # By its name: tflint_edgetpu.convert is a function as well.
    tools = importlib.import_module("tflint_edgetpu.convert.tools")
    monkeypatch.setattr(tools, "find_spec", lambda name: None if name == "tensorflow" else found(name))


def model(path: Path, dtype: str = "INT8") -> str:
    m = ModelBuilder(dtype)
    m.output(m.conv2d(m.input((1, 8, 8, 3))))
    path.write_bytes(m.build())
    return path.name


def test_without_tensorflow_the_install_command_is_said(run: Any, keras: str, no_tensorflow: None) -> None:
    done = run("convert", keras, "--random-calibration")
    assert done.code == 2 and not done.out
    assert done.err == (
        "tflint-edgetpu: a conversion needs TensorFlow, which is not installed: pip install 'tflint-edgetpu[convert]'\n"
    )


@pytest.mark.parametrize(
    ("installed", "dtype", "said"),
    [
        ((), "FLOAT32", "by litert-quantizer or TensorFlow, and neither is installed"),
        (("tensorflow",), "FLOAT32", "verified with LiteRT, which is not installed"),
        (("tensorflow",), None, "verified with LiteRT, which is not installed"),
    ],
)
def test_what_is_missing_is_said_before_the_work(
    run: Any,
    keras: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: tuple[str, ...],
    dtype: str | None,
    said: str,
) -> None:
    tools = importlib.import_module("tflint_edgetpu.convert.tools")
    monkeypatch.setattr(tools, "find_spec", lambda name: object() if name in installed else None)
    source = model(folder / "float.tflite", dtype) if dtype else keras
    done = run("convert", source, "--random-calibration")
    assert done.code == 2 and not done.out and done.err.count("\n") == 1
    assert said in done.err and "pip install 'tflint-edgetpu[convert]'" in done.err


def test_tensorflow_without_litert(folder: Path, keras: str) -> None:
    """In a bare install: nothing that needs LiteRT is imported before that is said."""
    (folder / "tensorflow.py").write_text("")
    program = BARE.replace('"tensorflow", ', "").replace("import sys", "import sys; sys.path.append('.')")
    done = subprocess.run(
        [sys.executable, "-c", program, "convert", keras, "--random-calibration"],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "verified with LiteRT, which is not installed" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--calibration DATA"),
        (("--calibration", "a", "--random-calibration"), "choose one"),
        (("--calibration", "nowhere"), "there is no file or folder 'nowhere'"),
        (("--calibration", "."), "holds no image"),
        (("--calibration", "data.py:samples"), "there is no file 'data.py'"),
        (("--calibration", "package:samples"), "--trust-source"),
        (("--random-calibration", "--samples", "0"), "--samples: at least 1, not 0"),
        (("--random-calibration", "--value-range", "1,0"), "value range '1,0': say -1,1 or 0,1"),
        (("--random-calibration", "--min-sqnr", "9999"), "--min-sqnr: a number from"),
        (("--random-calibration", "--shape", "x=1,a"), "--shape x=1,a"),
        (("--random-calibration", "--signature", "serve"), "--signature"),
        (("--random-calibration", "-o", "no/folder/net.tflite"), "there is no folder no/folder"),
        (
            ("--random-calibration", "-o", ".", "--overwrite"),
            ". is a folder: name a file in it with --output",
        ),
    ],
)
def test_mistakes_are_one_line(run: Any, keras: str, words: tuple[str, ...], said: str) -> None:
    done = run("convert", keras, *words)
    assert done.code == 2 and not done.out
    assert said in done.err and done.err.count("\n") == 1


def test_what_cannot_be_written_is_said_before_the_work(
    run: Any, keras: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(dir: Path) -> None:
        raise OSError(30, "Read-only file system", str(dir))

    monkeypatch.setattr("tempfile.TemporaryFile", read_only)
    done = run("convert", keras, "--random-calibration")
    assert done.code == 2
    assert done.err == "tflint-edgetpu: nothing can be written to the folder .: Read-only file system\n", (
        "whoever runs this may be root, whom permissions do not stop"
    )


def test_a_model_that_is_not_there(run: Any, keras: str) -> None:
    done = run("fix", "gone.tflite", "--source", keras, "--random-calibration")
    assert done.code == 2 and done.err == "tflint-edgetpu: gone.tflite: No such file or directory\n"


def test_images_need_a_range(run: Any, keras: str, folder: Path) -> None:
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.png").write_bytes(b"png")
    done = run("convert", keras, "--calibration", "pictures")
    assert done.code == 2 and "--value-range -1,1" in done.err


def test_a_range_may_begin_with_a_minus(run: Any, keras: str, folder: Path) -> None:
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.png").write_bytes(b"png")
    done = run("convert", keras, "--calibration", "pictures", "--value-range", "-1,1", "--print-recipe")
    assert done.code == 0, done.err
    assert "'-1,1': (pixel - mean) / std" in done.out
    assert join_ranges(["--value-range", "-x", "--value-range", "-.5,.5"]) == [
        "--value-range",
        "-x",
        "--value-range=-.5,.5",
    ]


def test_nothing_is_overwritten_unasked(run: Any, keras: str, folder: Path) -> None:
    (folder / "net_int8.recipe.json").write_text("mine")
    done = run("convert", keras, "--random-calibration")
    assert done.code == 2 and "net_int8.recipe.json is there already" in done.err
    assert (folder / "net_int8.recipe.json").read_text() == "mine"


def test_a_recipe_is_printed_without_tensorflow_and_numpy(folder: Path, keras: str) -> None:
    """In a bare install, and without reading the source."""
    words = ["convert", keras, "--random-calibration", "--input-type", "int8", "--print-recipe"]
    done = subprocess.run(
        [sys.executable, "-c", BARE, *words], capture_output=True, text=True, cwd=folder, check=False
    )
    assert done.returncode == 0, done.stderr
    compile(done.stdout, "recipe.py", "exec")
    assert "inference_input_type = tf.int8" in done.stdout
    assert "inference_output_type = tf.int8" in done.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["net.keras"]


def test_a_quantized_model_is_sent_to_fix(run: Any, folder: Path) -> None:
    done = run("convert", model(folder / "net.tflite"), "--random-calibration")
    assert done.code == 2 and "'tflint-edgetpu fix' repairs it" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--in-place",), "--in-place"),
        (("other.tflite",), "--source goes with one MODEL"),
        (("-o", "net.tflite"), "the model itself"),
        (("--select", "IOB001"), "--select does nothing with --source"),
        (("--unsafe-fixes",), "--unsafe-fixes does nothing with --source"),
        ((), "--calibration DATA"),
    ],
)
def test_mistakes_of_fix_with_a_source(
    run: Any, keras: str, folder: Path, words: tuple[str, ...], said: str
) -> None:
    done = run("fix", model(folder / "net.tflite"), "--source", keras, *words)
    assert done.code == 2 and said in done.err


def test_an_option_of_the_conversion_without_a_source(run: Any, folder: Path) -> None:
    done = run("fix", model(folder / "net.tflite"), "--calibration", "pictures")
    assert done.code == 2 and done.err == "tflint-edgetpu: --calibration is for --source\n"


def test_fix_with_a_source_that_is_none(run: Any, folder: Path) -> None:
    done = run("fix", model(folder / "net.tflite"), "--source", "no.keras", "--random-calibration")
    assert done.code == 2 and "there is no file or folder 'no.keras'" in done.err


def test_no_bar_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with ConversionProgress(10) as progress:
        progress.step("convert: integer")
        progress.calibrated(5)
    assert capsys.readouterr() == ("", "")


def test_a_bar_where_a_person_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with ConversionProgress(10) as progress:
        progress.step("convert: [bold]integer\x1b[2J")
        progress.calibrated(5)
    shown = capsys.readouterr()
    assert not shown.out
    assert "\x1b[2J" not in shown.err


Converted = Callable[..., Any]


@pytest.fixture(scope="module")
def tensorflow() -> None:
    pytest.importorskip("tensorflow", reason="needs TensorFlow: pip install 'tflint-edgetpu[convert]'")


@pytest.fixture
def network(tensorflow: None, folder: Path) -> str:
    import keras

    image = keras.Input((8, 8, 3), name="image")
    keras.Model(image, keras.layers.Conv2D(4, 3)(image)).save(folder / "conv.keras")
    return "conv.keras"


@pytest.mark.slow
def test_a_conversion_from_end_to_end(run: Any, network: str, folder: Path) -> None:
    import json

    done = run("convert", network, "--random-calibration", "--format", "json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["chosen"] == "integer" and found["fixed"]["share"] == 1.0
    assert [Path(path).name for path in found["written"]] == [
        "conv_int8.tflite", "conv_int8.recipe.py", "conv_int8.recipe.json"
    ]  # fmt: skip
    assert {stage["name"]: stage["status"] for stage in found["stages"]}["agreement"] == "passed"

    linted = run("lint", "conv_int8.tflite", "--format", "json")
    assert "CNV020" in linted.out, "random calibration is told at every later lint"

    again = run("convert", network, "--random-calibration")
    assert again.code == 2 and "is there already" in again.err
    shown = run("convert", network, "--random-calibration", "--overwrite", "--color", "never")
    assert shown.code == 0
    for word in ("tried", "chosen", "recipe", "agreement", "written", "not verified on an Edge TPU"):
        assert word in shown.out


@pytest.mark.slow
def test_fix_with_a_source_compares_before_and_after(run: Any, network: str, folder: Path) -> None:
    import json

    import keras
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(network))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    (folder / "wrong.tflite").write_bytes(converter.convert())
    done = run(
        "fix",
        "wrong.tflite",
        "--source",
        network,
        "--random-calibration",
        "--format",
        "json",
        "--consumer",
        "pycoral",
    )
    found = json.loads(done.out)
    assert found["before"]["share"] == 0.0 and found["fixed"]["share"] == 1.0
    assert found["before"]["agreement"]["name"] == "agreement"
    assert (folder / "wrong.fixed.tflite").is_file()
