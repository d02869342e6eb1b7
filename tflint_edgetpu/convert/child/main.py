"""The child process: load a source once, convert it as often as told. Lines of JSON in and out.

The converter can kill its process (calibration of recurrent layers), prints from C++ to descriptor 2, and takes
seconds and a gigabyte to import.  So it runs here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tflint_edgetpu.convert.calibration.errors import CalibrationError
from tflint_edgetpu.convert.calibration.request import CalibrationRequest
from tflint_edgetpu.convert.child.channel import Say, open_channel
from tflint_edgetpu.convert.errors import CannotConvert
from tflint_edgetpu.convert.recipe import Recipe, from_dict
from tflint_edgetpu.convert.source import Source

MOST_SAMPLES = 32  # kept for the comparison with the float model


class Child:
    """One source and its calibration data."""

    def __init__(self, job: dict[str, Any], say: Say) -> None:
        self.say = say
        self._folder = Path(job["folder"])
        self._shapes = {name: tuple(shape) for name, shape in job["shapes"].items()}
        self._source = Source(**{**job["source"], "tags": tuple(job["source"]["tags"])})
        self._request = CalibrationRequest(**job["calibration"])
        self._limit = int(job["largest_bytes"])
        self._loaded: Any = None
        self._unrolled: Any = None
        self._calibration: Any = None

    def load(self, unroll: bool = False) -> Any:
        from tflint_edgetpu.convert.child.load import load_source

        folder = self._folder / ("unrolled" if unroll else "source")
        return load_source(
            self._source, folder, shapes=self._shapes, unroll=unroll, largest_bytes=self._limit
        )

    def start(self) -> None:
        """Load and say what was found."""
        from tflint_edgetpu.convert.child.versions import versions

        self._loaded = self.load()
        self.say(
            inputs=[spec._asdict() for spec in self._loaded.inputs],
            signature=self._loaded.signature,
            recurrent=list(self._loaded.recurrent),
            notes=list(self._loaded.notes),
            versions=versions(self._source.kind),
        )

    def convert(self, recipe: Recipe, out: Path) -> None:
        from tflint_edgetpu.convert.child.apply import convert

        loaded = self._loaded
        if recipe.unroll:
            self._unrolled = loaded = self._unrolled or self.load(unroll=True)
        data = convert(loaded, recipe, self._samples if recipe.quantize else None)
        out.write_bytes(data)
        self.say(converted=len(data))

    def samples(self, calibration: Path, held_back: Path) -> None:
        """Keep inputs for the comparison, and say what calibration saw."""
        import numpy as np

        opened = self._open()
        for path, stream in ((calibration, opened.calibration()), (held_back, opened.held_back())):
            kept = [sample for _, sample in zip(range(MOST_SAMPLES), stream, strict=False)]
            names = [spec.name for spec in self._loaded.inputs]
            if kept:
                arrays: dict[str, Any] = {
                    name: np.concatenate([sample[name] for sample in kept]) for name in names
                }
                np.savez(path, **arrays)
        self.seen()

    def seen(self) -> None:
        """What calibration has given so far."""
        opened = self._open()
        self.say(
            ranges={name: [float(low), float(high)] for name, (low, high) in opened.ranges.items()},
            notes=list(opened.notes),
        )

    def _open(self) -> Any:
        if self._calibration is None:
            from tflint_edgetpu.convert.calibration import open_calibration

            self._calibration = open_calibration(self._request, self._loaded.inputs)
        return self._calibration

    def _samples(self) -> Any:
        for number, sample in enumerate(self._open().calibration(), 1):
            self.say(progress=number)
            yield sample

    def obey(self, order: dict[str, Any]) -> None:
        """One order of the parent, answered by one line at least."""
        try:
            if order["do"] == "load":
                self.start()
            elif order["do"] == "convert":
                self.convert(from_dict(order["recipe"]), Path(order["out"]))
            elif order["do"] == "samples":
                self.samples(Path(order["calibration"]), Path(order["held_back"]))
            else:
                self.seen()
        except (CannotConvert, CalibrationError) as error:
            self.say(failed="one line", text=str(error))
        except MemoryError:
            self.say(failed="MemoryError", text="there is not enough memory")
        except Exception as error:
            self.say(failed=type(error).__name__, text=str(error)[-20_000:])


def main() -> None:
    """Obey orders until standard input ends."""
    say = open_channel()
    child = None
    for line in sys.stdin:
        order = json.loads(line)
        if child is None:
            child = Child(order, say)
            order = {"do": "load"}
        child.obey(order)
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
