"""The command ``compile``, with a stand-in for the compiler: it replays outputs and compiles nothing."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.cli.main import main
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.packages import edgetpu_part
from tflint_edgetpu.verify import compiler as compiler_module
from tflint_edgetpu.verify.compiler import CannotCompile, Flags, compile_model, find_compiler

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the compiler and the stand-in are for Linux")

STAND_IN = """\
#!{python}
# A stand-in for edgetpu_compiler, made by the tests: replays outputs, compiles nothing.
import json, sys, time
from pathlib import Path

here = Path({folder!r})
number = len(list(here.glob("start*.json")))
words = sys.argv[1:]
(here / f"start{{number}}.json").write_text(json.dumps(words))
scenes = json.loads((here / "scenes.json").read_text())
scene = scenes[min(number, len(scenes) - 1)]
{translate}
out, model = Path(words[words.index("-o") + 1]), Path(words[-1])
assert model.read_bytes() == (here / "expected").read_bytes(), "every run gets the model as it was"
print(scene["text"], flush=True)
time.sleep(scene.get("seconds", 0))
try:
    model.write_bytes(b"changed by the compiler")
except OSError:
    pass
for name, source in scene.get("files", {{}}).items():
    (out / name).write_bytes(Path(source).read_bytes())
sys.exit(scene.get("status", 0))
"""

GOOD = """\
Edge TPU Compiler version 16.0.384591198
Started a compilation timeout timer of 180 seconds.

Model compiled successfully in 12 ms.

Input model: in/net.tflite
Output model: out/net_edgetpu.tflite
Number of Edge TPU subgraphs: 1
Total number of operations: 1
Operation log: out/net_edgetpu.log

Operator                       Count      Status

CONV_2D                        1          Mapped to Edge TPU
Compilation child process completed within timeout period.
Compilation succeeded!
"""
NOTHING = (
    GOOD.replace("subgraphs: 1", "subgraphs: 0")
    .replace("net_edgetpu.log", "net_edgetpu.log\nNumber of operations that will run on Edge TPU: 0\n"
             "Number of operations that will run on CPU: 1")
    .replace("Mapped to Edge TPU", "Operation is working on an unsupported data type")
)  # fmt: skip
CRASH = "Edge TPU Compiler version 15.0.340273435\nInternal compiler error. Aborting!\n"


class Stage:
    """A folder with a model, its compiled twin, and a stand-in that plays scenes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "stage"
        self.folder.mkdir()
        self.model = folder / "net.tflite"
        m = ModelBuilder()
        m.output(m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"))
        self.model.write_bytes(m.build())
        (self.folder / "expected").write_bytes(self.model.read_bytes())
        m = ModelBuilder()
        x, y = m.input((1, 8, 8, 3), name="image"), m.tensor((1, 8, 8, 8), name="features")
        edgetpu_part(m, [x], [y])
        m.output(y)
        self.twin = self.folder / "twin"
        self.twin.write_bytes(m.build())

    def play(self, *scenes: dict[str, Any], name: str = "stand_in", translate: str = "") -> str:
        (self.folder / "scenes.json").write_text(json.dumps(scenes))
        program = self.folder / name
        text = STAND_IN.format(python=sys.executable, folder=str(self.folder), translate=translate)
        program.write_text(text)
        program.chmod(0o755)
        return str(program)

    @property
    def good(self) -> dict[str, Any]:
        return {"text": GOOD, "files": {"net_edgetpu.tflite": str(self.twin)}}

    @property
    def starts(self) -> list[list[str]]:
        return [json.loads(file.read_text()) for file in sorted(self.folder.glob("start*.json"))]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_compiles_writes_and_joins(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    before = stage.model.read_bytes()
    assert main(["compile", str(stage.model), "--compiler", stage.play(stage.good), "--format", "json"]) == 0
    assert stage.model.with_name("net_edgetpu.tflite").read_bytes() == stage.twin.read_bytes()
    assert stage.model.read_bytes() == before
    file = json.loads(capsys.readouterr().out)["files"][0]
    assert file["log"]["outcome"] == "success_full"
    assert file["compiled"]["min_runtime"] == 14
    assert all(source["belongs"] for source in file["observed"]["sources"]), file["observed"]["sources"]
    assert file["observed"]["edgetpu"] == 1


def test_the_flags_reach_the_compiler(stage: Stage) -> None:
    program = stage.play(stage.good)
    words = ["-a", "-d", "-m", "13", "-n", "2", "-t", "60", "-i", "a,b"]
    main(["compile", str(stage.model), "--compiler", program, *words])
    assert stage.starts == [["-s", *words, "-o", "out", "in/net.tflite"]]


def test_nothing_mapped_exits_with_1(stage: Stage) -> None:
    program = stage.play({"text": NOTHING, "files": {"net_edgetpu.tflite": str(stage.model)}})
    assert main(["compile", str(stage.model), "--compiler", program, "--fail-on", "never"]) == 1


def test_an_internal_error_is_tried_again(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    program = stage.play({"text": CRASH, "status": 1}, {"text": CRASH, "status": 1}, stage.good)
    assert main(["compile", str(stage.model), "--compiler", program]) == 0
    assert len(stage.starts) == 3
    assert "compiled 3 times" in capsys.readouterr().out


def test_retries_end(stage: Stage) -> None:
    program = stage.play({"text": CRASH, "status": 1})
    assert main(["compile", str(stage.model), "--compiler", program, "--retries", "1"]) == 1
    assert len(stage.starts) == 2


def test_another_failure_is_not_tried_again(stage: Stage) -> None:
    refusal = "Edge TPU Compiler version 16.0.384591198\nInvalid model: in/net.tflite\nModel not quantized\n"
    assert main(["compile", str(stage.model), "--compiler", stage.play({"text": refusal, "status": 1})]) == 1
    assert len(stage.starts) == 1


@pytest.mark.parametrize("text", ["", "bash: hello: command not found"])
def test_output_of_another_program_is_no_verdict(
    stage: Stage, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", str(stage.model), "--compiler", stage.play({"text": text, "status": 127})]) == 2
    assert "exit code 127" in capsys.readouterr().err


def test_a_hung_compiler_is_stopped(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler_module, "GRACE_SECONDS", 0)
    compiler = find_compiler(stage.play({"text": GOOD, "seconds": 600}))
    folder = tmp_path / "private"
    folder.mkdir()
    with pytest.raises(CannotCompile, match="within 1 s"):
        compile_model(compiler, stage.model, folder, Flags(timeout=1))


def test_without_a_compiler_it_says_what_to_do(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(stage.folder))
    assert main(["compile", str(stage.model)]) == 2
    said = capsys.readouterr().err
    assert "x86-64 Linux only" in said
    assert "FROM --platform=linux/amd64" in said
    assert "tflint-edgetpu lint" in said


def test_in_a_container_without_network(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # The stand-in for docker does what the engine would: it maps the folders and starts the program.
    translate = (
        'mounts = [word[9:].split(":") for word in words if word.startswith("--volume=")]\n'
        'assert mounts[0][1:] == ["/compile/in", "ro"]\n'
        "import os; os.chdir(Path(mounts[0][0]).parent)\n"
        'words = words[words.index("image:1") + 1:]'
    )
    stage.play(stage.good, name="docker", translate=translate)
    monkeypatch.setenv("PATH", str(stage.folder))
    assert main(["compile", str(stage.model), "--container", "image:1"]) == 0
    words = stage.starts[0]
    assert {"run", "--network=none", "--pull=never", "--entrypoint=edgetpu_compiler"} <= set(words)


def test_a_container_needs_an_engine(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(stage.folder))
    with pytest.raises(CannotCompile, match="neither docker nor podman"):
        find_compiler(image="image:1")
    with pytest.raises(CannotCompile, match="no name of an image"):
        find_compiler(image="--privileged")


def test_a_hostile_file_name_is_one_argument(stage: Stage) -> None:
    model = stage.model.rename(stage.model.with_name("-x; touch owned $(id).tflite"))
    main(["compile", str(model), "--compiler", stage.play(stage.good)])
    assert stage.starts[0][-1] == f"in/{model.name}"
    assert sorted(file.name for file in model.parent.iterdir()) == [
        model.name, "net_edgetpu.tflite", "stage"
    ]  # fmt: skip


def test_links_the_compiler_leaves_are_not_followed(stage: Stage, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for the output folder")
    program = stage.play(stage.good, translate=f'Path("out/stolen.log").symlink_to({str(secret)!r})')
    main(["compile", str(stage.model), "--compiler", program])
    assert not (tmp_path / "stolen.log").exists()


@pytest.mark.parametrize(
    "words", [["-n", "0"], ["-m", "-1"], ["--intermediate-tensors=-a"], ["-o", "nowhere"]]
)
def test_wrong_options(stage: Stage, words: list[str]) -> None:
    assert main(["compile", str(stage.model), "--compiler", stage.play(stage.good), *words]) == 2
    assert not stage.starts


def test_no_model(stage: Stage) -> None:
    assert main(["compile", str(stage.model.with_name("none.tflite"))]) == 2
