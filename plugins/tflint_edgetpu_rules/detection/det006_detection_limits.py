"""DET006 detection-limits."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Detection,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    counted,
)

# Frigate's edgetpu detector fills an array of 20 detections and takes no score below 0.4.
# Source: frigate/detectors/plugins/edgetpu_tfl.py.
FRIGATE_ROWS = 20
# Below this nearly every anchor is a candidate for non-maximum suppression on the CPU. A guess: it lies far
# under every score that an application would show.
LOW_THRESHOLD = 0.01


class DetectionLimits(Rule):
    """How many objects the postprocess can report, and from which score on.

    ## Why it matters
    `max_detections` is fixed at export: an eleventh object is never reported when it says 10. A score
    threshold near zero sends nearly all anchors into the suppression, which runs on the CPU. Regular
    suppression runs once for each class instead of once.

    ## How to fix
    Nothing is wrong. For other numbers export again: `--max_detections` and `--ssd_use_regular_nms` of
    `export_tflite_graph_tf2.py`, `score_threshold` in the pipeline's `batch_non_max_suppression`.

    ## References
    - https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/running_on_mobile_tf2.md
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
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
        limit = detection.options.max_detections
        parts = [f"reports at most {counted(limit, 'object')}"]
        if context.consumer == "frigate" and limit > FRIGATE_ROWS:
            parts.append(f"Frigate reads the first {FRIGATE_ROWS} of them")
        parts.extend(_work(detection))
        yield self.finding(
            detection.postprocess,
            f"the postprocess {'; '.join(parts)}",
            evidence={**detection.options._asdict(), "anchors": detection.anchors},
            fix=Fix(
                "Export again where more objects, or less work on the CPU, are wanted",
                how="python object_detection/export_tflite_graph_tf2.py --max_detections 25 ...\n"
                "# pipeline.config, post_processing.batch_non_max_suppression: score_threshold: 0.2",
            ),
        )


def _work(detection: Detection) -> Iterator[str]:
    """What the suppression has to do on the CPU, where that is much."""
    options = detection.options
    anchors = f"all {detection.anchors:,} anchors" if detection.anchors else "all anchors"
    if options.nms_score_threshold is not None and options.nms_score_threshold < LOW_THRESHOLD:
        yield (
            f"its score threshold of {options.nms_score_threshold:.2g} lets nearly {anchors} into the suppression "
            "on the CPU"
        )
    if options.use_regular_nms and (options.num_classes or 0) > 1:
        yield f"its regular suppression runs {options.num_classes} times, once for each class"
