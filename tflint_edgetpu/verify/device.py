"""Does the compiled model compute on a real Edge TPU what the model computes on the CPU?

Everything that touches libedgetpu happens in a child process with a time limit.  Where nothing could be run
there is no verdict: :class:`NotVerified`, which is never a pass.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from ..edgetpu.compiled import read_compiled
from ..model.errors import ReadError
from ..model.reader import read_model
from .coral_devices import EdgeTpu, plugged_in
from .device_outputs import OutputSteps, compare_outputs
from .device_samples import save_samples
from .inputs import InputsError

CHILD = Path(__file__).with_name("device_child.py")

# Coral's wheels end at Python 3.9, this program begins at 3.10: another Python may drive the device.
PYTHON_VARIABLE = "TFLINT_EDGETPU_DEVICE_PYTHON"

# Loading 8 MB over USB 2, some hundred inferences: seconds. Above this it hangs (a guess).
TIMEOUT_SECONDS = 180
# The steady time is the median of this many inferences, or of those that fit into the budget.
INVOCATIONS = 50
BUDGET_SECONDS = 20.0

# The CPU and the Edge TPU round differently: one step is no defect.
TOLERANCE_STEPS = 1.0

_RUNTIME = re.compile(r"RuntimeVersion\((\d+)\)")
_RUNTIME_TOO_OLD = re.compile(r"requires runtime version \((\d+)\).*this runtime version \((\d+)\)", re.S)
_NOISE = re.compile(r"Exception ignored in|Traceback|^\s|_library'|undefined symbol: tflite_plugin_destroy")

FOREIGN_PYCORAL = (
    "the package 'pycoral' in {} is not Coral's: on PyPI that name is a client of the Allen Coral Atlas "
    "(satellite maps of reefs)"
)


class NotVerified(NamedTuple):
    """Nothing ran on an Edge TPU, and why. Never a pass."""

    reason: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"not verified on an Edge TPU: {self.reason}"


class DeviceRun(NamedTuple):
    """The compiled model ran on the device, or failed there."""

    runtime: str  # PyCoral, ai_edge_litert, tflite_runtime, tensorflow
    runtime_version: str
    libedgetpu: str  # RuntimeVersion as libedgetpu tells it; '' where it does not
    device: str  # as asked for; '' is any
    outputs: tuple[OutputSteps, ...]
    first_ms: float | None  # with the parameters being loaded
    steady_ms: float | None  # median of the inferences after the first
    samples: int
    failure: str | None
    notes: tuple[str, ...] = ()

    @property
    def worst_steps(self) -> float | None:
        return max((output.worst_steps for output in self.outputs), default=None)


class Runtime(NamedTuple):
    """What PyCoral or libedgetpu says of this machine."""

    by: str  # PyCoral, or the name of the library
    by_version: str
    version: int | None  # RuntimeVersion; None: there is no library, or it does not tell
    text: str  # what it printed
    devices: tuple[tuple[str, str], ...] | None  # (usb | pci, path); None: it cannot be asked
    notes: tuple[str, ...]
    problem: str = ""  # why the library cannot be loaded, or how asking it ended


class _Child(NamedTuple):
    """What a child process said until its end."""

    code: int | None  # None: stopped after the time limit
    messages: list[dict[str, Any]]
    complaint: str  # the last line of standard error

    @property
    def last(self) -> dict[str, Any]:
        return self.messages[-1] if self.messages else {}

    @property
    def stage(self) -> str:
        return next((str(m["stage"]) for m in reversed(self.messages) if "stage" in m), "start")

    @property
    def notes(self) -> tuple[str, ...]:
        texts = []
        for message in self.messages:
            if message.get("note") == "foreign pycoral":
                texts.append(FOREIGN_PYCORAL.format(message["text"]))
            elif message.get("note") == "broken pycoral":
                texts.append(f"PyCoral is installed but cannot be imported ({message['text']})")
        return tuple(texts)

    def end(self, seconds: float) -> str:
        """How it ended without saying so itself."""
        if self.code is None:
            return f"it did not end within {seconds:g} s"
        if self.code < 0:
            return f"the process crashed (signal {-self.code})"
        return self.complaint or f"exit code {self.code}"


def device_python(python: str | None = None) -> str:
    """The Python that drives the device: as given, else of the environment, else this one."""
    return python or os.environ.get(PYTHON_VARIABLE) or sys.executable


def list_devices(
    root: Path = Path("/"), *, python: str | None = None, library: str | None = None
) -> list[EdgeTpu]:
    """The Edge TPUs of this machine: those on its buses, else those that the runtime finds.

    The buses can be read on Linux alone (``/sys`` and ``/dev`` under ``root``).
    """
    found = plugged_in(root)
    if found:
        return found
    runtime = installed_runtime(python=python, library=library)
    return [EdgeTpu(kind, path, "", True, None) for kind, path in runtime.devices or ()]


def installed_runtime(
    *, python: str | None = None, library: str | None = None, timeout: float = 30
) -> Runtime:
    """Ask PyCoral, or libedgetpu by itself, for its version and its devices; opens none of them."""
    child = _start({"what": "look", "library": library}, device_python(python), timeout)
    result = child.last.get("result")
    if result is None:
        problem = str(child.last.get("text") or f"{child.stage}: {child.end(timeout)}")
        return Runtime("", "", None, "", None, child.notes, problem)
    found = _RUNTIME.search(result["runtime"])
    devices = result["devices"]
    return Runtime(
        result["by"],
        result["by_version"],
        int(found[1]) if found else None,
        result["runtime"],
        None if devices is None else tuple((device["type"], device["path"]) for device in devices),
        child.notes,
        result["problem"],
    )


def run_on_device(
    compiled: bytes,
    cpu_model: bytes,
    samples: Path,
    *,
    device: str = "",
    tolerance: float = TOLERANCE_STEPS,
    python: str | None = None,
    library: str | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> DeviceRun | NotVerified:
    """Run ``compiled`` on an Edge TPU and ``cpu_model`` on the CPU on the same inputs.

    ``samples`` is what :func:`~tflint_edgetpu.verify.inputs.load_inputs` takes: real numbers, or values of the
    input's own integer type.  ``device`` is what libedgetpu takes (``usb``, ``pci:1``, '' for any).
    ``tolerance``: quantization steps by which an output may differ.  The CPU side runs in this Python with
    LiteRT, the device side in ``python``.
    """
    refusal = _demands(compiled)
    if isinstance(refusal, NotVerified):
        return refusal
    needed = refusal
    chosen = device_python(python)
    runtime = installed_runtime(python=python, library=library)
    notes = runtime.notes
    if needed is not None and runtime.version is not None and needed > runtime.version:
        return NotVerified(_too_old(needed, runtime.version), notes)
    try:
        model = read_model(cpu_model)
        with tempfile.TemporaryDirectory(prefix="tflint-edgetpu-device-") as name:
            folder = Path(name)
            order, count = save_samples(samples, model, folder / "inputs.npz")
            job = {
                "inputs": str(folder / "inputs.npz"), "order": order, "device": device, "library": library,
                "invocations": INVOCATIONS, "budget": BUDGET_SECONDS,
            }  # fmt: skip
            (folder / "compiled.tflite").write_bytes(compiled)
            (folder / "cpu.tflite").write_bytes(cpu_model)
            job |= {
                "what": "device",
                "model": str(folder / "compiled.tflite"),
                "outputs": str(folder / "device.npz"),
            }
            there = _start(job, chosen, timeout)
            notes = tuple(dict.fromkeys((*notes, *there.notes)))
            result = there.last.get("result")
            if result is None:
                return _without_result(there, runtime, device, count, timeout, notes)
            job |= {"what": "cpu", "model": str(folder / "cpu.tflite"), "outputs": str(folder / "cpu.npz")}
            here = _start(job, sys.executable, timeout)
            if "result" not in here.last:
                why = here.last.get("text") or f"{here.stage}: {here.end(timeout)}"
                return NotVerified(f"the CPU model to compare with does not run ({why})", notes)
            outputs = compare_outputs(
                model, here.last["result"]["names"], folder / "cpu.npz",
                result["names"], folder / "device.npz",
            )  # fmt: skip
    except (InputsError, ReadError) as error:
        return NotVerified(str(error), notes)
    failure = outputs if isinstance(outputs, str) else _beyond(outputs, tolerance)
    if failure is None and not any(output.exercised for output in outputs if isinstance(output, OutputSteps)):
        return NotVerified(
            "the outputs never change over these samples, so that they agree proves nothing", notes
        )
    return DeviceRun(
        result["interpreter"], result["version"], runtime.text, device,
        () if isinstance(outputs, str) else outputs,
        result["first_ms"], result["steady_ms"], count, failure, notes,
    )  # fmt: skip


def _demands(compiled: bytes) -> int | NotVerified | None:
    """The runtime version that the compiled file needs; what is no compiled file cannot be verified."""
    try:
        found = read_compiled(read_model(compiled))
    except ReadError as error:
        return NotVerified(f"the compiled model cannot be read: {error}")
    if found is None:
        return NotVerified(
            "the model holds no edgetpu-custom-op, so it would run on the CPU: compile it with edgetpu_compiler"
        )
    return found.min_runtime


def _too_old(needed: int, installed: int) -> str:
    return (
        f"the compiled model needs runtime {needed}, this libedgetpu has {installed}: update libedgetpu, or "
        f"compile with 'edgetpu_compiler -m {installed}'"
    )


def _without_result(
    child: _Child, runtime: Runtime, device: str, samples: int, timeout: float, notes: tuple[str, ...]
) -> DeviceRun | NotVerified:
    """What it means that the device's side gave no result: no verdict before the model is touched, a
    failure of the model on the device afterwards."""
    text = str(child.last.get("text", ""))
    kind = child.last.get("refused")
    too_old = _RUNTIME_TOO_OLD.search(text)
    if too_old:
        return NotVerified(_too_old(int(too_old[1]), int(too_old[2])), notes)
    if kind == "no device":
        return NotVerified(
            f"{text}: no Edge TPU answers (absent, in use, or no permission; 'tflint-edgetpu doctor' tells which)",
            notes,
        )
    if kind is not None and kind != "error":
        return NotVerified(text, notes)
    if "unresolved custom op: edgetpu-custom-op" in text or "custom op for name 'edgetpu-custom-op'" in text:
        return NotVerified(
            f"the delegate was loaded but did not take the Edge TPU's operator ({text})", notes
        )
    if "Unsupported data type in custom op handler" in text:
        return NotVerified(
            "libedgetpu and the interpreter were built from different versions of TensorFlow Lite "
            f"({text}); 'tflint-edgetpu doctor' names the pair",
            notes,
        )
    why = text or child.end(timeout)
    if child.stage not in ("prepare the model", "run"):
        return NotVerified(f"{child.stage}: {why}", notes)
    begun = next((m for m in child.messages if m.get("stage") == "prepare the model"), {})
    return DeviceRun(
        str(begun.get("runtime", "")), "", runtime.text, device, (), None, None, samples,
        f"{child.stage}: {why}", notes,
    )  # fmt: skip


def _beyond(outputs: tuple[OutputSteps, ...], tolerance: float) -> str | None:
    """The first output outside the tolerance, in words."""
    for output in outputs:
        if output.worst_steps > tolerance:
            guess = "; it is float, a step is taken as a 255th of its range" if output.step_is_guessed else ""
            return (
                f"output '{output.name}' differs from the CPU by {output.worst_steps:.4g} steps "
                f"({output.different:,} of {output.elements:,} values differ{guess})"
            )
    return None


def _start(job: dict[str, Any], python: str, timeout: float) -> _Child:
    """Run the child to its end or to the time limit."""
    try:
        done = subprocess.run(
            [python, str(CHILD)],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
        code, out, err = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as expired:
        code, out, err = None, _decoded(expired.stdout), _decoded(expired.stderr)
    except OSError as error:
        code, out, err = 127, "", f"{python}: {error.strerror or error}"
    lines = [line for line in err.splitlines() if line.strip() and not _NOISE.search(line)]
    return _Child(code, _messages(out), lines[-1].strip() if lines else "")


def _messages(out: str) -> list[dict[str, Any]]:
    """The child's own lines; libraries may print between them."""
    found = []
    for line in out.splitlines():
        if line.startswith("{"):
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
    return found


def _decoded(output: bytes | str | None) -> str:
    return output.decode("utf-8", "replace") if isinstance(output, bytes) else output or ""
