"""CNV015 export-without-quantization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Export, Script

CURES = {
    "ultralytics": "yolo export model=best.pt format=edgetpu imgsz=320 data=your_dataset.yaml",
    "onnx2tf": "onnx2tf -i model.onnx -b 1 -oiqt   # take the file *_full_integer_quant.tflite",
    "tflite_convert": "# tflite_convert of TensorFlow 2 cannot quantize: use Python, or\n"
    "tflint-edgetpu convert SOURCE --calibration DATA",
}
NAMES = {"ultralytics": "the export of Ultralytics", "onnx2tf": "onnx2tf", "tflite_convert": "tflite_convert"}


class ExportWithoutQuantization(Rule):
    """An exporter that is not told to quantize, in a file that speaks of the Edge TPU.

    ## Why it matters
    `format=tflite` of Ultralytics, `onnx2tf` without `-oiqt` and `tflite_convert` write float models. Nothing is said
    where the file makes an integer model somewhere else, and nothing where it does not name the Edge TPU.

    `tflite_convert` with `--default_ranges_min` gives every activation the same made-up range, which is meant as well.

    ## How to fix
    - Ultralytics: `yolo export model=best.pt format=edgetpu imgsz=320 data=your_dataset.yaml`
    - onnx2tf: `onnx2tf -i model.onnx -b 1 -oiqt`, and take `*_full_integer_quant.tflite`
    - tflite_convert: use Python, or `tflint-edgetpu convert`

    ## References
    - https://docs.ultralytics.com/integrations/edge-tpu/
    - https://github.com/PINTO0309/onnx2tf
    """

    meta = RuleMeta(
        "CNV015", "export-without-quantization", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://docs.ultralytics.com/integrations/edge-tpu/",
            "https://github.com/PINTO0309/onnx2tf",
        ),
        covers=("Q001",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import script_location

        from .purpose import makes_integers

        for export in script.exports:
            if "default_ranges_min" in export.options:
                yield self.finding(
                    script_location(script, export.span),
                    "tflite_convert gives every activation the same made-up range (--default_ranges_min)",
                    severity=Severity.WARNING,
                    cost="the integers fit no real input; TensorFlow calls it a way to measure speed, not results",
                    evidence={"tool": export.tool},
                    fix=Fix("Calibrate with real inputs", how=CURES["tflite_convert"]),
                )
        if not script.is_for_edgetpu or makes_integers(script):
            return
        for export in script.exports:
            yield self.finding(
                script_location(script, export.span),
                f"{NAMES[export.tool]} writes a float model here",
                cost="an Edge TPU runs nothing of it; edgetpu_compiler says: Model not quantized",
                evidence=_evidence(export),
                fix=Fix("Export a model of integers", how=CURES[export.tool]),
            )


def _evidence(export: Export) -> dict[str, str]:
    return {
        "tool": export.tool,
        **{str(name): str(value) for name, value in list(export.options.items())[:20]},
    }
