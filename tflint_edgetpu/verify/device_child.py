"""Run one model on an Edge TPU, or on the CPU beside it: the program of the child process.

It is started by :mod:`tflint_edgetpu.verify.device` as a script of its own: libedgetpu can hang, abort or
crash, above all where it was built from another TensorFlow than the interpreter.  It imports nothing of
the package and runs on Python 3.7 and later, because Coral's own packages end at Python 3.9.

Standard input is the job (JSON); standard output gets one JSON object a line: ``{"stage": ...}`` before
each step, ``{"note": ...}``, and at the end ``{"result": ...}`` or ``{"refused": kind, "text": ...}``.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

LIBRARIES = {"linux": "libedgetpu.so.1", "darwin": "libedgetpu.1.dylib", "win32": "edgetpu.dll"}
# In the order of how current they are; each has Interpreter and load_delegate under the name given.
INTERPRETERS = (
    ("ai_edge_litert", "ai_edge_litert.interpreter"),
    ("tflite_runtime", "tflite_runtime.interpreter"),
    ("tensorflow", "tensorflow.lite.python.interpreter"),
)


class Refused(Exception):
    """The job ends here; ``args`` are a kind for the caller and a text for people."""


def say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def quiet_delegates() -> None:
    """Swallow what ``Delegate.__del__`` raises when the library could not be loaded: the cause was told."""
    usual = sys.unraisablehook

    def hook(unraisable: Any) -> None:
        if "Delegate.__del__" not in str(getattr(unraisable.object, "__qualname__", unraisable.object)):
            usual(unraisable)

    if hasattr(sys, "unraisablehook"):  # since Python 3.8
        sys.unraisablehook = hook


def library_name(job: dict[str, Any]) -> str:
    return str(job.get("library") or LIBRARIES.get(sys.platform, LIBRARIES["linux"]))


def coral_package() -> Any:
    """``pycoral.utils.edgetpu`` where it is Coral's and can be imported, else ``None`` and a note why."""
    try:
        found = importlib.util.find_spec("pycoral")
    except (ImportError, ValueError):
        return None
    if found is None:
        return None
    folders = list(found.submodule_search_locations or [])
    # Looked at, not imported: what carries the name and is not Coral's need not run here.
    if not any(Path(folder, "utils").is_dir() for folder in folders):
        say(note="foreign pycoral", text=str(folders[0] if folders else found.origin))
        return None
    try:
        return importlib.import_module("pycoral.utils.edgetpu")
    except Exception as error:
        say(note="broken pycoral", text=f"{type(error).__name__}: {error}")
        return None


def interpreter_module() -> tuple[str, Any]:
    broken: list[str] = []
    for name, module in INTERPRETERS:
        try:
            if importlib.util.find_spec(name) is not None:
                return name, importlib.import_module(module)
        except Exception as error:
            broken.append(f"{name}: {type(error).__name__}: {error}")
    if broken:
        raise Refused("no interpreter", "no interpreter can be imported (" + "; ".join(broken) + ")")
    raise Refused("no interpreter", "neither ai-edge-litert nor tflite-runtime nor TensorFlow is installed")


def version_of(name: str) -> str:
    """The version of an installed package; '' where its metadata is missing."""
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:  # Python 3.7
        return str(getattr(sys.modules.get(name), "__version__", ""))
    for distribution in (name.replace("_", "-"), name, name + "-cpu"):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return str(getattr(sys.modules.get(name), "__version__", ""))


def load_library(job: dict[str, Any]) -> tuple[Any, str]:
    """libedgetpu as it is, without opening a device: it, or ``None`` and why it cannot be loaded."""
    try:
        return ctypes.CDLL(library_name(job)), ""
    except OSError as error:
        return None, str(error)


def runtime_version(library: Any) -> str:
    """What libedgetpu says of itself, ``BuildLabel(...), RuntimeVersion(14)``; '' where it says nothing.

    ``edgetpu_version`` of ``tflite/public/edgetpu_c.h``: it opens no device.
    """
    function = getattr(library, "edgetpu_version", None)
    if function is None:
        return ""
    function.restype = ctypes.c_char_p
    return str((function() or b"").decode("utf-8", "replace"))


class _Device(ctypes.Structure):
    """``struct edgetpu_device`` of ``tflite/public/edgetpu_c.h``."""

    _fields_ = [("type", ctypes.c_int), ("path", ctypes.c_char_p)]


def library_devices(library: Any) -> Any:
    """The devices that libedgetpu finds, ``None`` where it cannot be asked."""
    function = getattr(library, "edgetpu_list_devices", None)
    if function is None:
        return None
    function.restype = ctypes.POINTER(_Device)
    function.argtypes = [ctypes.POINTER(ctypes.c_size_t)]
    count = ctypes.c_size_t(0)
    devices = function(ctypes.byref(count))
    kinds = {0: "pci", 1: "usb"}
    return [
        {"type": kinds.get(devices[i].type, "unknown"), "path": (devices[i].path or b"").decode("utf-8", "replace")}
        for i in range(count.value)
    ]  # fmt: skip


def look_around(job: dict[str, Any]) -> dict[str, Any]:
    """Version and devices, asked of PyCoral where it is there, else of libedgetpu itself."""
    say(stage="look for PyCoral")
    coral = coral_package()
    if coral is not None:
        say(stage="ask PyCoral")
        return {
            "by": "PyCoral",
            "by_version": version_of("pycoral"),
            "runtime": str(coral.get_runtime_version()),
            "devices": [
                {"type": str(found.get("type", "")), "path": str(found.get("path", ""))}
                for found in coral.list_edge_tpus()
            ],
            "problem": "",
        }
    say(stage="ask libedgetpu")
    library, problem = load_library(job)
    return {
        "by": library_name(job),
        "by_version": "",
        "runtime": runtime_version(library),
        "devices": library_devices(library),
        "problem": problem,
    }


def device_interpreter(job: dict[str, Any]) -> tuple[str, str, Any]:
    """An interpreter with the delegate: its name, its version, and it."""
    say(stage="look for PyCoral")
    coral = coral_package()
    if coral is not None:
        say(stage="load the delegate")
        name, version, load = "PyCoral", version_of("pycoral"), coral.make_interpreter
        arguments: dict[str, Any] = {"device": job["device"]} if job.get("device") else {}
        make = lambda: load(job["model"], **arguments)  # noqa: E731
    else:
        say(stage="import an interpreter")
        name, module = interpreter_module()
        version = version_of(name)
        say(stage="load the delegate")
        options = {"device": job["device"]} if job.get("device") else {}
        delegate = with_reasons(job, lambda: module.load_delegate(library_name(job), options))
        make = lambda: module.Interpreter(model_path=job["model"], experimental_delegates=[delegate])  # noqa: E731
    return name, version, with_reasons(job, make)


def with_reasons(job: dict[str, Any], action: Any) -> Any:
    """``action()``, with what loading the delegate can raise told apart (measured with LiteRT 2.3)."""
    library = library_name(job)
    try:
        return action()
    except OSError as error:
        raise Refused("no library", f"{library} cannot be loaded ({error})") from None
    except AttributeError as error:
        if "tflite_plugin" in str(error):
            raise Refused("no delegate", f"{library} is a library but no TensorFlow Lite delegate") from None
        raise
    except ValueError as error:
        if "delegate" not in str(error).lower():
            raise
        text = " ".join(str(error).split())
        raise Refused("no device", text) from None


def cpu_interpreter(job: dict[str, Any]) -> tuple[str, str, Any]:
    """The built-in kernels without any default delegate, where the interpreter is new enough to choose."""
    say(stage="import an interpreter")
    name, module = interpreter_module()
    arguments: dict[str, Any] = {"model_path": job["model"]}
    resolvers = getattr(module, "OpResolverType", None)
    if resolvers is not None:
        arguments["experimental_op_resolver_type"] = resolvers.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    return name, version_of(name), module.Interpreter(**arguments)


def run(job: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    on_device = job["what"] == "device"
    name, version, interpreter = device_interpreter(job) if on_device else cpu_interpreter(job)
    say(stage="prepare the model", runtime=name)
    interpreter.allocate_tensors()
    inputs = interpreter.get_input_details()
    outputs = interpreter.get_output_details()
    arrays = np.load(job["inputs"], allow_pickle=False)
    given = [arrays[key] for key in job["order"]]
    places = [
        job["order"].index(detail["name"]) if detail["name"] in job["order"] else place
        for place, detail in enumerate(inputs)
    ]
    samples = len(given[0])
    seconds: list[float] = []
    results: list[list[Any]] = [[] for _ in outputs]
    end = time.perf_counter() + job["budget"]
    say(stage="run")
    invocation = 0
    # Every sample once; then again, until the steady time rests on enough of them or the budget is spent.
    while invocation < samples or (
        on_device and invocation < job["invocations"] and time.perf_counter() < end
    ):
        sample = invocation % samples
        for position, detail in enumerate(inputs):
            value = given[places[position]][sample].astype(detail["dtype"]).reshape(detail["shape"])
            interpreter.set_tensor(detail["index"], value)
        begin = time.perf_counter()
        interpreter.invoke()
        seconds.append(time.perf_counter() - begin)
        if invocation < samples:
            for place, detail in enumerate(outputs):
                results[place].append(np.array(interpreter.get_tensor(detail["index"])))
        invocation += 1
    stacked: Any = {str(place): np.stack(values) for place, values in enumerate(results)}
    np.savez(job["outputs"], **stacked)
    return {
        "interpreter": name,
        "version": version,
        "first_ms": 1000 * seconds[0],
        "steady_ms": 1000 * statistics.median(seconds[1:]) if seconds[1:] else None,
        "names": [str(detail["name"]) for detail in outputs],
        "samples": samples,
        "invocations": invocation,
    }


def main() -> None:
    # The folder of this script holds modules of the package; none of them may stand in for another's.
    del sys.path[0]
    quiet_delegates()
    job = json.load(sys.stdin)
    try:
        say(result=look_around(job) if job["what"] == "look" else run(job))
    except Refused as refused:
        say(refused=refused.args[0], text=refused.args[1])
    except Exception as error:
        say(refused="error", text=" ".join(f"{type(error).__name__}: {error}".split()))
    sys.stdout.flush()
    # Without finalizers: taking libedgetpu down can hang, and everything has been said.
    os._exit(0)


if __name__ == "__main__":
    main()
