"""Build one specimen: source, data, float reference, and the model as a user converts it.

    python -m convert_models.build NAME FOLDER

A process of its own for each: TensorFlow can crash while it converts.  ``FOLDER/built.json`` is written again
after every step, so that what was made before a crash is known.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from . import classifiers, data, dense_prediction, saved_models, sequences, wrong
from .specimen import Specimen

SPECIMENS: dict[str, Specimen] = {
    specimen.name: specimen
    for family in (classifiers, dense_prediction, sequences, saved_models)
    for specimen in family.SPECIMENS
}


def build(specimen: Specimen, folder: Path) -> None:
    import tensorflow as tf

    model = specimen.build()
    accuracy = data.train(specimen, model) if specimen.classes else None
    done: dict[str, Any] = {
        "calibration": str(data.save(specimen, folder)),
        "tensorflow": tf.__version__,
        "accuracy": accuracy,
    }
    if specimen.format == "saved_model":
        function, module = model
        done["source"] = str(folder / "saved_model")
        tf.saved_model.save(module, done["source"], signatures=function)
    else:
        done["source"] = str(folder / f"{specimen.name}.{specimen.format}")
        model.save(done["source"])
    say(folder, done)
    reference(specimen, model, folder, done)
    say(folder, done)
    converter = (
        tf.lite.TFLiteConverter.from_saved_model(done["source"])
        if specimen.format == "saved_model"
        else tf.lite.TFLiteConverter.from_keras_model(model)
    )
    start = time.perf_counter()
    done["wrong"] = {"error": "TensorFlow's converter crashed"}
    say(folder, done)
    try:
        made = wrong.convert(
            specimen.wrong, converter, data.calibration(specimen), has_custom=specimen.name == "ssd"
        )
        (folder / "wrong.tflite").write_bytes(made)
        done["wrong"] = {"seconds": time.perf_counter() - start}
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        done["wrong"] = {"error": f"{type(error).__name__}: {lines[0] if lines else ''}"}
    say(folder, done)


def reference(specimen: Specimen, model: Any, folder: Path, done: dict[str, Any]) -> None:
    """The float model at batch 1, under the names of its signature: what all others are held against."""
    import tensorflow as tf

    path = done["source"]
    if specimen.format != "saved_model":
        names = list(specimen.inputs)
        specs = [tf.TensorSpec((1, *specimen.inputs[name]), tf.float32, name=name) for name in names]
        module = tf.Module()
        module.held = [variable.value for variable in model.variables]
        function = tf.function(lambda *values: {"output_0": model(_as_input(values), training=False)})
        path = str(folder / "batch_1")
        tf.saved_model.save(module, path, signatures=function.get_concrete_function(*specs))
    converter = tf.lite.TFLiteConverter.from_saved_model(path)
    converter.allow_custom_ops = specimen.name == "ssd"
    (folder / "float.tflite").write_bytes(converter.convert())


def _as_input(values: tuple[Any, ...]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def say(folder: Path, done: dict[str, Any]) -> None:
    (folder / "built.json").write_text(json.dumps(done))


if __name__ == "__main__":
    build(SPECIMENS[sys.argv[1]], Path(sys.argv[2]))
