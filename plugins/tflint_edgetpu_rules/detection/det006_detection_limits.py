"""DET006 detection-limits."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Rule, RuleMeta, Severity

# Frigate's edgetpu detector fills an array of 20 detections. Source: frigate/detectors/plugins/edgetpu_tfl.py.
FRIGATE_ROWS = 20
# Below this nearly every anchor is a candidate for non-maximum suppression on the CPU.
LOW_THRESHOLD = 0.01


class DetectionLimits(Rule):
    """How many objects the postprocess can report, and from which score on.

    ## Why it matters
    `max_detections` is fixed at export: an eleventh object is never reported when it says 10. A score
    threshold near zero sends nearly all anchors into the suppression, which runs on the CPU.

    ## How to fix
    Export again with other numbers: `--max_detections` of `export_tflite_graph_tf2.py`, and
    `score_threshold` in the pipeline's `batch_non_max_suppression`.

    ## References
    - https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/running_on_mobile_tf2.md
    """

    meta = RuleMeta(
        "DET006", "detection-limits", Severity.INFO, Certainty.DOCUMENTED,
        references=(
            "https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/"
            "running_on_mobile_tf2.md",
        ),
        covers=("A004",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None or detection.options.max_detections is None:
            return
        options = detection.options
        parts = [f"reports at most {options.max_detections} objects"]
        if context.consumer == "frigate" and (options.max_detections or 0) > FRIGATE_ROWS:
            parts.append(f"Frigate reads the first {FRIGATE_ROWS}")
        if options.nms_score_threshold is not None and options.nms_score_threshold < LOW_THRESHOLD:
            anchors = f" {detection.anchors:,}" if detection.anchors else ""
            parts.append(
                f"its score threshold of {options.nms_score_threshold:.2g} lets nearly all{anchors} anchors into "
                "the suppression on the CPU"
            )
        yield self.finding(
            detection.postprocess,
            f"the postprocess {'; '.join(parts)}",
            evidence={**options._asdict(), "anchors": detection.anchors},
        )
