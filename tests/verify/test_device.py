"""The Edge TPU's stage. No device is here: stand-ins take the place of PyCoral, of the interpreter with the
delegate and of libedgetpu, and each says so by its name. Tests marked ``edgetpu`` need the real thing.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.packages import edgetpu_part
from tflint_edgetpu.verify import device
from tflint_edgetpu.verify.device import (
    DeviceRun,
    NotVerified,
    installed_runtime,
    list_devices,
    run_on_device,
)

RANDOM = np.random.default_rng(3)
WEIGHTS = RANDOM.integers(-127, 128, (4, 8))

# A package named pycoral whose interpreter runs the CPU model by LiteRT and adds what the test asks for.
STAND_IN_PYCORAL = """
import os, time
import numpy as np

def get_runtime_version():
    return "BuildLabel(stand-in), RuntimeVersion(" + os.environ.get("STAND_IN_RUNTIME", "14") + ")"

def list_edge_tpus():
    return [{"type": "usb", "path": "/stand/in"}]

class StandInInterpreter:
    def __init__(self):
        from ai_edge_litert.interpreter import Interpreter
        self._real = Interpreter(model_path=os.environ["STAND_IN_MODEL"])

    def __getattr__(self, name):
        return getattr(self._real, name)

    def allocate_tensors(self):
        error = os.environ.get("STAND_IN_ALLOCATE")
        if error:
            raise RuntimeError(error)
        self._real.allocate_tensors()

    def invoke(self):
        if os.environ.get("STAND_IN_ABORT"):
            os.abort()
        self._real.invoke()

    def get_tensor(self, index):
        value = np.array(self._real.get_tensor(index))
        value.flat[0] += int(os.environ.get("STAND_IN_OFFSET", "0"))
        return value

def make_interpreter(path, device=None):
    time.sleep(float(os.environ.get("STAND_IN_SLEEP", "0")))
    return StandInInterpreter()
"""

STAND_IN_LIBRARY = r"""
#include <stddef.h>
typedef void (*Report)(const char*);
void* tflite_plugin_create_delegate(char** keys, char** values, size_t count, Report report) {
  report("stand-in without a device");
  return NULL;
}
void tflite_plugin_destroy_delegate(void* delegate) {}
const char* edgetpu_version(void) { return "BuildLabel(stand-in), RuntimeVersion(13)"; }
"""


def cpu_model(scale: float = 0.3) -> bytes:
    m = ModelBuilder()
    x = m.input((1, 8), name="x", scale=0.05)
    w = m.tensor((4, 8), "INT8", data=WEIGHTS, scale=0.02)
    y = m.op("FULLY_CONNECTED", [x, w, m.bias(4, 0.001)], [m.tensor((1, 4), scale=scale, name="y")], version=4,
             options="FullyConnectedOptions")  # fmt: skip
    m.output(y)
    return m.build()


def compiled_model(min_runtime: int = 14) -> bytes:
    m = ModelBuilder()
    x = m.input((1, 8), name="x", scale=0.05)
    y = m.tensor((1, 4), scale=0.3, name="y")
    edgetpu_part(m, [x], [y], min_runtime=min_runtime)
    m.output(y)
    return m.build()


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    path = tmp_path / "samples.npz"
    np.savez(path, x=RANDOM.uniform(-6, 6, (5, 8)).astype(np.float32))
    return path


@pytest.fixture
def pycoral(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A stand-in for Coral's package on the path of the child."""
    folder = tmp_path / "packages" / "pycoral" / "utils"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text('__version__ = "stand-in"\n')
    (folder / "__init__.py").write_text("")
    (folder / "edgetpu.py").write_text(STAND_IN_PYCORAL)
    (tmp_path / "cpu.tflite").write_bytes(cpu_model())
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    monkeypatch.setenv("STAND_IN_MODEL", str(tmp_path / "cpu.tflite"))
    return monkeypatch


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A stand-in for libedgetpu: a real delegate library that never has a device."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform == "win32":
        pytest.skip("no C compiler here to build the stand-in for libedgetpu")
    folder = tmp_path_factory.mktemp("library")
    (folder / "stand_in.c").write_text(STAND_IN_LIBRARY)
    target = folder / "libedgetpu.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(target), str(folder / "stand_in.c")], check=True)
    return str(target)


def reason(outcome: DeviceRun | NotVerified) -> str:
    assert isinstance(outcome, NotVerified), outcome
    assert str(outcome).startswith("not verified on an Edge TPU: ")
    return outcome.reason


def ran(outcome: DeviceRun | NotVerified) -> DeviceRun:
    assert isinstance(outcome, DeviceRun), outcome
    return outcome


def test_a_model_that_was_not_compiled_is_not_verified(samples: Path) -> None:
    assert "compile it with edgetpu_compiler" in reason(run_on_device(cpu_model(), cpu_model(), samples))


def test_damage_is_not_verified(samples: Path) -> None:
    assert "cannot be read" in reason(run_on_device(b"nothing", cpu_model(), samples))


def test_a_missing_library_is_named_without_the_noise_of_finalizers(samples: Path) -> None:
    outcome = run_on_device(compiled_model(), cpu_model(), samples, library="libno-such.so.1")
    assert "libno-such.so.1 cannot be loaded" in reason(outcome)
    assert "_library" not in str(outcome)


def test_the_child_keeps_the_noise_of_finalizers_to_itself() -> None:
    job = {"what": "device", "model": "", "library": "libno-such.so.1"}
    done = subprocess.run(
        [sys.executable, str(device.CHILD)], input=json.dumps(job), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1])["refused"] == "no library"
    assert "Delegate.__del__" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libm.so.6 is a library of Linux")
def test_a_library_that_is_no_delegate(samples: Path) -> None:
    outcome = run_on_device(compiled_model(), cpu_model(), samples, library="libm.so.6")
    assert reason(outcome) == "libm.so.6 is a library but no TensorFlow Lite delegate"


def test_a_delegate_without_a_device(samples: Path, library: str) -> None:
    outcome = run_on_device(compiled_model(13), cpu_model(), samples, library=library)
    assert "stand-in without a device" in reason(outcome) and "doctor" in reason(outcome)


def test_the_runtime_of_the_package_is_held_against_libedgetpu(samples: Path, library: str) -> None:
    runtime = installed_runtime(library=library)
    assert runtime.version == 13 and runtime.devices is None
    assert "edgetpu_compiler -m 13" in reason(
        run_on_device(compiled_model(14), cpu_model(), samples, library=library)
    )


def test_equal_outputs_pass_with_their_times(samples: Path, pycoral: pytest.MonkeyPatch) -> None:
    found = ran(run_on_device(compiled_model(), cpu_model(), samples, device="usb"))
    assert found.runtime == "PyCoral" and found.failure is None and found.samples == 5
    assert found.outputs[0].name == "y" and found.worst_steps == 0 and found.outputs[0].exercised
    assert found.first_ms is not None and found.steady_ms is not None and found.steady_ms > 0


@pytest.mark.parametrize(("offset", "passes"), [(1, True), (2, False)])
def test_one_step_is_no_defect_two_are(
    samples: Path, pycoral: pytest.MonkeyPatch, offset: int, passes: bool
) -> None:
    pycoral.setenv("STAND_IN_OFFSET", str(offset))
    found = ran(run_on_device(compiled_model(), cpu_model(), samples))
    assert found.worst_steps == offset and found.outputs[0].different == 5
    assert (found.failure is None) is passes
    if not passes:
        assert "'y' differs from the CPU by 2 steps (5 of 20 values" in str(found.failure)


def test_outputs_that_never_change_prove_nothing(tmp_path: Path, pycoral: pytest.MonkeyPatch) -> None:
    np.savez(tmp_path / "zeros.npz", x=np.zeros((3, 8), np.float32))
    assert "proves nothing" in reason(run_on_device(compiled_model(), cpu_model(), tmp_path / "zeros.npz"))
    np.savez(tmp_path / "one.npz", x=RANDOM.uniform(-6, 6, (1, 8)))
    assert ran(run_on_device(compiled_model(), cpu_model(), tmp_path / "one.npz")).failure is None


def test_an_older_runtime_is_told_with_the_flag_that_helps(
    samples: Path, pycoral: pytest.MonkeyPatch
) -> None:
    pycoral.setenv("STAND_IN_RUNTIME", "13")
    assert "edgetpu_compiler -m 13" in reason(run_on_device(compiled_model(), cpu_model(), samples))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("Encountered unresolved custom op: edgetpu-custom-op.", "did not take the Edge TPU's operator"),
        ("Internal: Unsupported data type in custom op handler: 0", "different versions of TensorFlow Lite"),
        (
            "Package requires runtime version (14), which is newer than this runtime version (12).",
            "this libedgetpu has 12",
        ),
    ],
)
def test_errors_of_the_runtime_are_explained(
    samples: Path, pycoral: pytest.MonkeyPatch, error: str, words: str
) -> None:
    pycoral.setenv("STAND_IN_ALLOCATE", error)
    assert words in reason(run_on_device(compiled_model(), cpu_model(), samples))


def test_an_operator_that_the_runtime_lacks_fails_on_the_device(
    samples: Path, pycoral: pytest.MonkeyPatch
) -> None:
    pycoral.setenv("STAND_IN_ALLOCATE", "Didn't find op for builtin opcode 'GELU' version '2'.")
    found = ran(run_on_device(compiled_model(), cpu_model(), samples))
    assert "prepare the model" in str(found.failure) and "GELU" in str(found.failure)


def test_a_crash_on_the_device_is_a_failure_not_ours(samples: Path, pycoral: pytest.MonkeyPatch) -> None:
    pycoral.setenv("STAND_IN_ABORT", "1")
    found = ran(run_on_device(compiled_model(), cpu_model(), samples))
    assert str(found.failure).startswith("run: ") and found.runtime == "PyCoral"


def test_a_hang_ends_at_the_time_limit(samples: Path, pycoral: pytest.MonkeyPatch) -> None:
    pycoral.setenv("STAND_IN_SLEEP", "60")
    outcome = run_on_device(compiled_model(), cpu_model(), samples, timeout=3)
    assert "load the delegate: it did not end within 3 s" in reason(outcome)


def test_the_unrelated_pycoral_is_detected_and_said(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the wheel of PyPI lays it out: one module and no utils.
    folder = tmp_path / "packages" / "pycoral"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('must not be imported')")
    (folder / "pycoral.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(folder.parent))
    outcome = run_on_device(compiled_model(), cpu_model(), samples, library="libno-such.so.1")
    assert "cannot be loaded" in reason(outcome)
    assert isinstance(outcome, NotVerified) and "Allen Coral Atlas" in outcome.notes[0]


def test_pycoral_that_cannot_be_imported_gives_way_to_litert(
    samples: Path, pycoral: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "packages" / "pycoral" / "utils" / "edgetpu.py").write_text("import no_such_module_of_coral")
    outcome = run_on_device(compiled_model(), cpu_model(), samples, library="libno-such.so.1")
    assert "cannot be loaded" in reason(outcome)
    assert isinstance(outcome, NotVerified) and "no_such_module_of_coral" in outcome.notes[0]


def test_samples_must_fit(tmp_path: Path, samples: Path, pycoral: pytest.MonkeyPatch) -> None:
    np.savez(tmp_path / "wrong.npz", x=np.zeros((2, 7), np.float32))
    assert "needs shape [1, 8]" in reason(
        run_on_device(compiled_model(), cpu_model(), tmp_path / "wrong.npz")
    )
    assert "absent.npz" in reason(run_on_device(compiled_model(), cpu_model(), tmp_path / "absent.npz"))


@pytest.mark.parametrize("dtype", [np.int8, np.float32])
def test_samples_may_be_a_folder(tmp_path: Path, pycoral: pytest.MonkeyPatch, dtype: type) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    for number in range(3):
        np.save(folder / f"{number}.npy", RANDOM.uniform(-6, 6, (1, 8)).astype(dtype))
    assert ran(run_on_device(compiled_model(), cpu_model(), folder)).samples == 3


def test_another_python_can_drive_the_device(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(device.PYTHON_VARIABLE, "no-such-python-3.9")
    assert "no-such-python-3.9" in reason(run_on_device(compiled_model(), cpu_model(), samples))


def test_devices_are_asked_of_the_runtime_where_no_bus_can_be_read(
    tmp_path: Path, pycoral: pytest.MonkeyPatch
) -> None:
    found = list_devices(tmp_path / "empty")
    assert [(one.kind, one.path) for one in found] == [("usb", "/stand/in")]


def test_the_child_runs_on_the_pythons_that_coral_has_wheels_for() -> None:
    ast.parse(device.CHILD.read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.edgetpu
def test_a_real_edge_tpu(shared: Path, tmp_path: Path) -> None:
    """A compiled model of the corpus beside the model it was made from, on hardware."""
    if not list_devices():
        pytest.skip("no Edge TPU on this machine (neither on USB nor on PCIe, nor found by libedgetpu)")
    pair = next(folder for folder in sorted((shared / "corpus" / "pairs").iterdir())
                if (folder / "model.tflite").is_file() and (folder / "compiled.tflite").is_file())  # fmt: skip
    from tflint_edgetpu.model.reader import read_model

    data = (pair / "model.tflite").read_bytes()
    inputs = {
        tensor.name: RANDOM.integers(-128, 128, (4, *tensor.shape)) for tensor in read_model(data).main.inputs
    }
    np.savez(tmp_path / "inputs.npz", **inputs)  # type: ignore[arg-type]
    outcome = run_on_device((pair / "model_edgetpu.tflite").read_bytes(), data, tmp_path / "inputs.npz")
    assert ran(outcome).failure is None, outcome
