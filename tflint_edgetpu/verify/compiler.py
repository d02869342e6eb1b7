"""Running ``edgetpu_compiler``: on this machine, or in a container that has it.

The compiler gets a copy of the model in a folder of its own and writes into another one, so that nothing
of the user's is touched whatever it does.  No shell is involved: a hostile file name is one argument.
Flags: ``edgetpu_compiler --help`` of 16.0 as far as it is known, Coral's page on the compiler.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..edgetpu.log import CompilerLog, read_log
from ..edgetpu.log.result import Outcome

NAME = "edgetpu_compiler"
ENGINES = ("docker", "podman")

# Seconds after which the compiler gives up one compile: the default of its -t.
OWN_TIMEOUT = 180
# What we allow on top of that for loading and writing: a guess, far above what was seen.
GRACE_SECONDS = 60
# A search compiles again and again: a guess at the longest that anybody would wait for it.
SEARCH_SECONDS = 3600
# How much of the text is shown where it makes no sense.
_TAIL_BYTES = 2000

RECIPE = f"""\
FROM --platform=linux/amd64 debian:bookworm-slim
RUN apt-get update && apt-get install -y ca-certificates curl gpg
RUN curl -fsSL https://packages.cloud.google.com/apt/doc/apt-key.gpg | gpg --dearmor -o /usr/share/keyrings/coral.gpg
RUN echo 'deb [signed-by=/usr/share/keyrings/coral.gpg] https://packages.cloud.google.com/apt \
coral-edgetpu-stable main' > /etc/apt/sources.list.d/coral.list
RUN apt-get update && apt-get install -y edgetpu-compiler
ENTRYPOINT ["{NAME}"]"""


class CannotCompile(Exception):
    """The compiler could not be run, or did not end; the text says what to do. No verdict on the model."""


class Flags(NamedTuple):
    """What is asked of the compiler, by its own flags."""

    multiple_subgraphs: bool = False  # -a
    search_delegate: bool = False  # -d
    min_runtime: int | None = None  # -m
    segments: int | None = None  # -n
    timeout: int | None = None  # -t, seconds for one compile
    intermediate_tensors: str | None = None  # -i, names joined by commas

    def words(self) -> list[str]:
        words = ["-s"]
        words.extend(["-a"] if self.multiple_subgraphs else [])
        words.extend(["-d"] if self.search_delegate else [])
        for flag, value in (
            ("-m", self.min_runtime),
            ("-n", self.segments),
            ("-t", self.timeout),
            ("-i", self.intermediate_tensors),
        ):
            words.extend([] if value is None else [flag, str(value)])
        return words

    @property
    def longest(self) -> int:
        """Seconds after which a compile is taken for hung."""
        once = (self.timeout or OWN_TIMEOUT) + GRACE_SECONDS
        return max(once, SEARCH_SECONDS) if self.search_delegate else once * max(1, self.segments or 1)


class Compiler(NamedTuple):
    """Where the compiler is: an executable, or an image and the engine that runs it."""

    executable: str
    engine: str | None = None
    image: str | None = None

    def command(self, folder: Path, words: list[str], name: str) -> list[str]:
        """The command line for a run in ``folder``, which has the model in ``in`` and gets files in ``out``."""
        if self.engine is None or self.image is None:
            return [self.executable, *words]
        return [
            self.engine, "run", "--rm", f"--name={name}", "--pull=never", "--network=none", "--read-only",
            "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges", *_as_ourselves(self.engine),
            f"--volume={folder / 'in'}:/compile/in:ro", f"--volume={folder / 'out'}:/compile/out",
            "--workdir=/compile", f"--entrypoint={self.executable}", self.image, *words,
        ]  # fmt: skip


def _as_ourselves(engine: str) -> list[str]:
    """Options that make the files in ``out`` ours. Rootless podman maps users by itself."""
    if Path(engine).name == "podman":
        return ["--userns=keep-id"]
    return [f"--user={os.getuid()}:{os.getgid()}"] if hasattr(os, "getuid") else []


class Compilation(NamedTuple):
    """What came of it. ``files`` are in a folder that the caller owns."""

    log: CompilerLog
    output: Path  # everything the compiler printed in the run that counts
    files: tuple[Path, ...]
    runs: int  # more than one where it was retried

    @property
    def compiled(self) -> Path | None:
        """The compiled file; ``None`` where there is none or the model was cut into segments."""
        models = [file for file in self.files if file.suffix == ".tflite"]
        return models[0] if len(models) == 1 else None

    @property
    def mapped_nothing(self) -> bool:
        """Whether no operator reached the Edge TPU: the compiler calls that a success and exits with 0."""
        return self.log.outcome in (Outcome.NONE_MAPPED, Outcome.FAILURE)


def find_compiler(executable: str | None = None, image: str | None = None) -> Compiler:
    """The compiler at ``executable``, in the container ``image``, or on PATH; raises :class:`CannotCompile`."""
    if image is not None:
        if image.startswith("-"):
            raise CannotCompile(f"'{image}' is no name of an image")
        engine = next((found for name in ENGINES if (found := shutil.which(name))), None)
        if engine is None:
            raise CannotCompile("neither docker nor podman is on PATH, so no container can be run")
        return Compiler(executable or NAME, engine, image)
    found = shutil.which(executable or NAME)
    if found is not None:
        return Compiler(str(Path(found).absolute()))
    if executable is not None:
        raise CannotCompile(f"{executable}: there is no such program, or it is not executable")
    raise CannotCompile(f"{NAME} is not on PATH{_elsewhere()}")


def _elsewhere() -> str:
    import platform

    machine = platform.machine()
    if sys.platform.startswith("linux") and machine.lower() in ("x86_64", "amd64"):
        return ""
    return f"; Google publishes it for x86-64 Linux only, this is {machine or 'unknown'} {platform.system()}"


def how_to_get_it() -> str:
    """What to do where it is missing, line by line."""
    return (
        f"{NAME} runs on x86-64 Linux only: install Coral's package edgetpu-compiler, or use a container:\n"
        f"\n    docker build --platform linux/amd64 -t edgetpu-compiler - <<'END'\n{RECIPE}\nEND\n"
        "    tflint-edgetpu compile MODEL --container edgetpu-compiler\n"
        "\nWithout it, 'tflint-edgetpu lint MODEL' predicts what it would say, on any machine."
    )


def compile_model(
    compiler: Compiler, model: Path, folder: Path, flags: Flags, *, retries: int = 2
) -> Compilation:
    """Compile ``model`` inside ``folder``, an empty one; again up to ``retries`` times on an internal error.

    The internal error of compilers before 16.0 comes and goes with the same file (google-coral/edgetpu#211).
    Raises :class:`CannotCompile` where the compiler cannot be started, hangs or says nothing known, and
    OSError where the model cannot be copied.
    """
    run = 0
    while True:
        run += 1
        _prepare(folder, model)
        words = [*flags.words(), "-o", "out", f"in/{model.name}"]
        printed = folder / f"run{run}.log"
        status = _run(compiler, folder, words, printed, flags.longest)
        log = read_log(printed)
        if not log.recognized:
            raise CannotCompile(_no_sense(printed, status))
        if log.outcome != Outcome.FAILURE or log.failure_kind != "ice" or run > retries:
            return Compilation(log, printed, _regular_files(folder / "out"), run)


def _prepare(folder: Path, model: Path) -> None:
    """A fresh copy of the model and an empty folder for the results."""
    for name in ("in", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    copy = folder / "in" / model.name
    shutil.copyfile(model, copy)
    copy.chmod(0o444)


def _run(compiler: Compiler, folder: Path, words: list[str], printed: Path, seconds: int) -> int:
    """Run to the end, with everything printed going into a file; a hung one is killed with its children."""
    name = f"tflint-edgetpu-{uuid.uuid4().hex[:12]}"
    with printed.open("wb") as stream:
        try:
            process = subprocess.Popen(
                compiler.command(folder, words, name),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            what = f"{compiler.engine or compiler.executable}: {error.strerror or error}"
            raise CannotCompile(f"{what}{_elsewhere()}") from None
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise CannotCompile(f"{NAME} did not end within {seconds} s and was stopped") from None
        finally:
            _stop(process, compiler, name)


def _stop(process: subprocess.Popen[bytes], compiler: Compiler, name: str) -> None:
    """End what is left of a run: its session, and the container, which is no child of ours."""
    if process.poll() is None:
        if compiler.engine is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run([compiler.engine, "kill", name], capture_output=True, timeout=30, check=False)
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _no_sense(printed: Path, status: int) -> str:
    with printed.open("rb") as stream:
        stream.seek(max(0, printed.stat().st_size - _TAIL_BYTES))
        lines = [line.strip() for line in stream.read().decode(errors="replace").splitlines() if line.strip()]
    if not lines:
        return f"the program ended with exit code {status} and printed nothing"
    return (
        f"the program ended with exit code {status} and printed nothing that {NAME} prints; its last line: "
        f"{lines[-1]}"
    )


def _regular_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(file for file in folder.iterdir() if file.is_file() and not file.is_symlink()))


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder only we can enter, for one compilation."""
    return tempfile.TemporaryDirectory(prefix="tflint-edgetpu-compile-")
