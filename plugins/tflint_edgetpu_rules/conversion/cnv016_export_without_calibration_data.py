"""CNV016 export-without-calibration-data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Export, Script


class ExportWithoutCalibrationData(Rule):
    """An integer export that calibrates with somebody else's pictures.

    ## Why it matters
    Without `data=` Ultralytics calibrates with the few pictures of its own example set, and `onnx2tf -oiqt` without
    `-cind` with twenty pictures that it downloads, scaled in its own way. The model works on pictures like those; a
    camera over a conveyor belt or a thermal image is outside of the ranges.

    ## How to fix
    - Ultralytics: `data=your_dataset.yaml`
    - onnx2tf: `-cind "images" calibration.npy "[[[[0,0,0]]]]" "[[[[1,1,1]]]]"` (name, data, mean, deviation)

    ## References
    - https://docs.ultralytics.com/modes/export/#arguments
    - https://github.com/PINTO0309/onnx2tf
    """

    meta = RuleMeta(
        "CNV016", "export-without-calibration-data", Severity.WARNING, Certainty.DOCUMENTED,
        references=(
            "https://docs.ultralytics.com/modes/export/#arguments",
            "https://github.com/PINTO0309/onnx2tf",
        ),
        covers=("Q012",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import script_location

        from .purpose import exports_integers

        for export in script.exports:
            if not exports_integers(export) or _has_data(export):
                continue
            ultralytics = export.tool == "ultralytics"
            yield self.finding(
                script_location(script, export.span),
                f"{'the export of Ultralytics' if ultralytics else 'onnx2tf'} calibrates without data of yours "
                f"({'no data=' if ultralytics else 'no -cind'})",
                cost="the integer ranges fit example pictures; what you have may lie outside of them",
                evidence={"tool": export.tool},
                fix=Fix(
                    "Calibrate with your own pictures",
                    how="data='your_dataset.yaml'"
                    if ultralytics
                    else '-cind "input_name" calibration.npy "[[[[0,0,0]]]]" "[[[[1,1,1]]]]"',
                ),
            )


def _has_data(export: Export) -> bool:
    if export.tool == "ultralytics":
        return "data" in export.options
    if export.tool == "onnx2tf":
        names = ("cind", "custom_input_op_name_np_data_path", "qcind")
        return any(name in export.options for name in names)
    return True
