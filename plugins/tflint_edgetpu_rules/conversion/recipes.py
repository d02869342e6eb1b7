"""Lines to paste into a conversion script."""

from __future__ import annotations

DENSE_FLAG = "_experimental_disable_per_channel_quantization_for_dense_layers"
CALIBRATION = """\
def representative_dataset():
    for image in calibration_images:                 # 100 or more real ones
        yield [preprocess(image)[None].astype("float32")]   # prepared as in training
{variable}.representative_dataset = representative_dataset"""
FULL_INTEGER = """\
{variable}.optimizations = [{tf}.lite.Optimize.DEFAULT]
{variable}.representative_dataset = representative_dataset   # a function that yields real, preprocessed inputs
{variable}.target_spec.supported_ops = [{tf}.lite.OpsSet.TFLITE_BUILTINS_INT8]
{variable}.inference_input_type = {tf}.uint8"""


def dense_flag_lines(variable: str) -> list[str]:
    """The guarded flag: a converter takes any attribute without a word, so an old one must not be given it."""
    return [
        f'if hasattr({variable}, "{DENSE_FLAG}"):  # TensorFlow 2.17+',
        f"    {variable}.{DENSE_FLAG} = True",
    ]
