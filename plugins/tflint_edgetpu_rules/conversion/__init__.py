"""Conversion: the settings in a script, what the converter printed, and how a model was calibrated."""

from __future__ import annotations

from tflint_edgetpu.api import DeferredRule, deferred_rules, hookimpl

RECIPE = "metadata:TFLINT_EDGETPU_RECIPE"
# Rule -> what a file must have for it to be imported at all.
RULES = {
    "cnv001_no_representative_dataset": "script",
    "cnv002_synthetic_calibration_data": "script",
    "cnv003_select_tf_ops": "script",
    "cnv004_float_fallback": "script",
    "cnv005_float_interface": "script",
    "cnv006_custom_operators_allowed": "script",
    "cnv007_old_converter": "script",
    "cnv008_unlike_normalization": "script",
    "cnv009_wrong_file_written": "script",
    "cnv010_per_channel_dense_weights": "script",
    "cnv011_integer_detections": "script",
    "cnv012_ambiguous_generator": "script",
    "cnv013_stored_converter_message": "script",
    "cnv014_other_quantization": "script",
    "cnv015_export_without_quantization": "script",
    "cnv016_export_without_calibration_data": "script",
    "cnv017_calibrated_without_optimizations": "script",
    "cnv018_unparsable_code": "script",
    "cnv019_setting_without_effect": "script",
    "cnv020_random_calibration": RECIPE,
    "cnv021_few_calibration_samples": RECIPE,
    "cnv022_interface_type_kept": "converter",
    "cnv023_operator_left_in_float": "converter",
    "cnv024_failed_conversion": "converter",
    "cnv025_converter_message": "converter",
    "cnv030_rolled_recurrent_layer": "script",
    "cnv031_called_generator": "script",
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)
