"""The recipe as a Python script that runs where it is pasted: TensorFlow and numpy are all it needs.

Names and paths of the user get into it as Python literals only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import dedent

from ..version import __version__
from .calibration.request import CalibrationRequest
from .recipe import AS_IN_SOURCE, DENSE_FLAG, Recipe, settings
from .script_data import representative_dataset
from .source import Source

_WIDTH = 100


def recipe_script(
    source: Source,
    recipe: Recipe,
    request: CalibrationRequest,
    *,
    out: str,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    tensorflow: str = "",
    is_detector: bool = False,
    old_keras: bool = False,
    rename_inputs: bool = False,
    unsafe_fixes: bool = False,
) -> str:
    """A whole script; ``shapes`` fixes inputs that the source leaves open, ``old_keras`` loads with tf-keras,
    ``rename_inputs`` gives a Keras model input names that a signature takes, ``unsafe_fixes`` were taken afterwards.
    """
    if source.kind == "float_tflite":
        return _through_us(source, request, out)
    parts = [
        _head(source, tensorflow, out),
        _LOAD[source.kind](source, recipe, old_keras, rename_inputs),
        _freeze(recipe, shapes or {}) if recipe.batch is not None else "",
        representative_dataset(request) if recipe.quantize else "",
        _converter(source, recipe, is_detector),
        _tail(out, unsafe_fixes),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _head(source: Source, tensorflow: str, out: str) -> str:
    with_version = f" with TensorFlow {tensorflow}" if tensorflow else ""
    return dedent(f'''\
        """Convert a model for the Edge TPU. Written by tflint-edgetpu {__version__}{with_version}."""

        import numpy as np
        import tensorflow as tf

        SOURCE = {source.path!r}
        OUT = {out!r}
    ''')


def _saved_model(source: Source, recipe: Recipe, old_keras: bool, rename: bool) -> str:
    tags = f", tags={list(source.tags)!r}" if source.tags else ""
    signature = source.signature or "serving_default"
    return dedent(f"""\
        FOLDER = SOURCE
        SIGNATURE = {signature!r}
        model = tf.saved_model.load(FOLDER{tags})
        kept = model
        call = model.signatures[SIGNATURE]
        inputs = dict(call.structured_input_signature[1])
    """)


def _keras(source: Source, recipe: Recipe, old_keras: bool, rename: bool) -> str:
    module = "tf_keras" if old_keras else "keras"
    trusted = ", safe_mode=False" if source.trust else ""
    lines = [
        "import tempfile",
        "",
        f"import {module}",
        "",
        f"keras_model = {module}.models.load_model(SOURCE, compile=False{trusted})",
        *(_unroll(module) if recipe.unroll else ()),
        *(_rename(module) if rename else ()),
        *_EXPORTED,
    ]
    return "\n".join(lines)


_EXPORTED = (
    "FOLDER = tempfile.mkdtemp()",
    'SIGNATURE = "serving_default"',
    "keras_model.export(FOLDER)",
    "model = tf.saved_model.load(FOLDER)",
    "kept = model",
    "call = model.signatures[SIGNATURE]",
    "inputs = dict(call.structured_input_signature[1])",
)


def _unroll(module: str) -> list[str]:
    return dedent(f"""\

        def unrolled(layer):
            # As a loop, calibration of a recurrent layer crashes the converter.
            config = layer.get_config()
            inner = [config[key]["config"] for key in ("layer", "backward_layer") if config.get(key)]
            for part in (config, *inner):
                if "unroll" in part:
                    part["unroll"] = True
            return layer.__class__.from_config(config)

        looping = keras_model
        keras_model = {module}.models.clone_model(looping, clone_function=unrolled)
        keras_model.set_weights(looping.get_weights())
    """).splitlines()


def _rename(module: str) -> list[str]:
    return dedent(f"""\
        import re

        # Keras cannot export inputs with these names.
        words = [re.sub(r"\\W", "_", x.name.partition(":")[0]) for x in keras_model.inputs]
        tensors = [
            {module}.Input(batch_shape=tuple(x.shape), dtype=x.dtype, name=word)
            for x, word in zip(keras_model.inputs, words)
        ]
        keras_model = {module}.Model(tensors, keras_model(tensors[0] if len(tensors) == 1 else tensors))
    """).splitlines()


def _function(source: Source, recipe: Recipe, old_keras: bool, rename: bool) -> str:
    module, _, name = source.path.rpartition(":")
    imported = (
        dedent(f"""\
            import importlib.util
            import os
            import sys

            sys.path.append(os.path.dirname(os.path.abspath({module!r})))
            spec = importlib.util.spec_from_file_location("source_module", {module!r})
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        """)
        if module.endswith(".py")
        else f"import importlib\n\nmodule = importlib.import_module({module!r})\n"
    )
    attribute = "module" + "".join(f".{part}" for part in name.split("."))
    lines = [
        imported,
        f"made = {attribute}",
        'known = ("get_concrete_function", "structured_input_signature", "export")',
        "if not any(hasattr(made, name) for name in known):",
        "    made = made()",
        'if hasattr(made, "export") and hasattr(made, "layers"):  # a Keras model',
        "    import tempfile",
        "",
        "    keras_model = made",
        *(f"    {line}" if line else "" for line in (_unroll("tf.keras") if recipe.unroll else ())),
        *(f"    {line}" for line in _EXPORTED),
        "else:",
        '    model = made.get_concrete_function() if hasattr(made, "get_concrete_function") else made',
        "    kept = list(model.variables)",
        "    positional, named = model.structured_input_signature",
        '    inputs = {spec.name or f"input_{n}": spec for n, spec in enumerate(positional)} | dict(named)',
        "",
        "    def call(**tensors):",
        "        first = [tensors.pop(name) for name in list(tensors)[: len(positional)]]",
        "        return model(*first, **tensors)",
    ]
    return "\n".join(lines)


_LOAD = {"saved_model": _saved_model, "keras": _keras, "function": _function}


def _freeze(recipe: Recipe, shapes: Mapping[str, tuple[int, ...]]) -> str:
    why = settings(recipe)[0].why
    told = "{" + ", ".join(f"{name!r}: {list(shape)!r}" for name, shape in shapes.items()) + "}"
    lines = [
        *_comment(f"batch 1: {why}"),
        *([f"TOLD = {told}  # inputs whose other sizes are open, too"] if shapes else ()),
        "names = list(inputs)",
        "shapes = {}",
        "for name, spec in inputs.items():",
        '    sizes = TOLD.get(name) or TOLD.get("") or spec.shape.as_list()'
        if shapes
        else "    sizes = spec.shape.as_list()",
        "    shapes[name] = [1 if size is None and axis == 0 else size for axis, size in enumerate(sizes)]",
        "specs = [tf.TensorSpec(shapes[name], inputs[name].dtype, name=name) for name in names]",
        "",
        "",
        "@tf.function(input_signature=specs, autograph=False)",
        "def serving(*tensors):",
        "    return call(**dict(zip(names, tensors)))",
        "",
        "",
        "holder = tf.Module()",
        "holder.kept = kept  # with the variables",
    ]
    return "\n".join(lines)


def _converter(source: Source, recipe: Recipe, is_detector: bool) -> str:
    lines = []
    if recipe.batch is None:
        lines += [
            "names = list(inputs)",
            "shapes = {name: [size or 1 for size in spec.shape] for name, spec in inputs.items()}",
            f"tags = {list(source.tags or ('serve',))!r}",
            "converter = tf.lite.TFLiteConverter.from_saved_model(FOLDER, signature_keys=[SIGNATURE], tags=set(tags))",
        ]
    else:
        lines.append(
            "converter = tf.lite.TFLiteConverter.from_concrete_functions([serving.get_concrete_function()], holder)"
        )
    for setting in settings(recipe, is_detector=is_detector):
        lines += _set(setting.name, recipe, setting.why)
    return "\n".join(lines)


def _set(name: str, recipe: Recipe, why: str) -> Iterable[str]:
    code = {
        "optimizations": "converter.optimizations = [tf.lite.Optimize.DEFAULT]",
        "representative_dataset": "converter.representative_dataset = representative_dataset",
        "supported_ops": "converter.target_spec.supported_ops = ["
        + ", ".join(f"tf.lite.OpsSet.{op}" for op in recipe.supported_ops)
        + "]",
        "inference_input_type": f"converter.inference_input_type = tf.{recipe.input_type}",
        "inference_output_type": f"converter.inference_output_type = tf.{recipe.output_type}",
        "unfold_batchmatmul": "converter.unfold_batchmatmul = True",
        "allow_custom_ops": "converter.allow_custom_ops = True",
        "experimental_new_quantizer": "converter.experimental_new_quantizer = False",
        # The attribute is absent before TensorFlow 2.17, which does not need it.
        DENSE_FLAG: f"if hasattr(converter, {DENSE_FLAG!r}):\n    converter.{DENSE_FLAG} = True",
    }.get(name)
    unset = (name == "inference_output_type" and recipe.output_type == "float32") or (
        name == "inference_input_type" and recipe.input_type in ("float32", AS_IN_SOURCE)
    )
    if code is None or (name == DENSE_FLAG and recipe.per_channel_dense):
        return []
    if unset:
        return _comment(f"no {name}: {why}")
    return [*_comment(why), code]


def _comment(text: str) -> list[str]:
    from textwrap import wrap

    return [f"# {line}" for line in wrap(text[0].upper() + text[1:] + ".", _WIDTH)]


def _tail(out: str, unsafe_fixes: bool) -> str:
    shown = out if out.isprintable() else "OUT"  # a line break would end the comment
    fix = "fix --unsafe-fixes" if unsafe_fixes else "fix"
    return (
        dedent("""\
        converted = converter.convert()  # before the file is opened: a failure leaves the old one alone
        with open(OUT, "wb") as file:
            file.write(converted)

        # The converter says nothing about the Edge TPU, and its graph is not the same each time: where lint finds a
        # float island, run this again. Look, and repair what can be repaired in the file:
        #   tflint-edgetpu lint """)
        + f"{shown}\n#   tflint-edgetpu {fix} {shown}\n"
    )


def _through_us(source: Source, request: CalibrationRequest, out: str) -> str:
    options = "".join(
        f"    {name}={value!r},\n"
        for name, value in (
            ("samples", request.samples), ("value_range", request.value_range or None),
            ("channels", request.channels), ("resize", request.resize),
        )
        if value is not None
    )  # fmt: skip
    calibration = "random_calibration=True" if request.kind == "random" else f"calibration={request.source!r}"
    return (
        dedent(f'''\
        """Quantize a float .tflite for the Edge TPU. Written by tflint-edgetpu {__version__}.

        The quantizer's output needs repairs (external buffers, operator versions, dense weights), which
        tflint-edgetpu makes: pip install 'tflint-edgetpu[convert]'
        """

        import tflint_edgetpu

        result = tflint_edgetpu.convert(
            {source.path!r},
            {calibration},
    ''')
        + f'{options})\nwith open({out!r}, "wb") as file:\n    file.write(result.data)\n'
    )
