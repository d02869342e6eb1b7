"""CNV010 per-channel-dense-weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity

from .recipes import DENSE_FLAG, dense_flag_lines

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script

FIRST_PER_CHANNEL = (2, 17)


class PerChannelDenseWeights(Rule):
    """Dense layers quantized per channel, as TensorFlow 2.17 and later do it.

    ## Why it matters
    Since TensorFlow 2.17 dense layers get a scale for every unit. Kernels of the Edge TPU's generation read only the
    first: on the CPU kernel of TensorFlow 2.5.3 such a layer gave nothing but its zero point, without an error. What
    the compiler makes of it is not known. See QNT007 for the same in a model.

    Where the file tells no version of TensorFlow, or builds no dense layer, this is only noted; where it tells neither,
    nothing is said. With an older version there is nothing to do, and detectors such as SSD have no dense layer.

    ## How to fix
        if hasattr(converter, "_experimental_disable_per_channel_quantization_for_dense_layers"):
            converter._experimental_disable_per_channel_quantization_for_dense_layers = True

    The guard matters: a converter takes any attribute without a word.

    ## Fix safety
    Safe. Convolutions keep their scales per channel; dense layers are quantized as every TensorFlow up to 2.16 did it.

    ## References
    - https://github.com/tensorflow/tflite-micro/pull/2602
    """

    meta = RuleMeta(
        "CNV010", "per-channel-dense-weights", Severity.WARNING, Certainty.MEASURED, fixable=True,
        references=("https://github.com/tensorflow/tflite-micro/pull/2602",), covers=("Q010",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import insert_before_run, kind_of, script_location

        from .purpose import called, together

        version = script.tensorflow
        if version is not None and version < FIRST_PER_CHANNEL:
            return
        if (script.is_detector or version is None) and not script.has_dense:
            return
        integers = [one for one in script.conversions if kind_of(one, script) == "full integer"]
        if (
            any(one.every(DENSE_FLAG) or one.first_generation for one in integers)
            or f'"{DENSE_FLAG}"' in script.code
        ):
            return
        found = [one for one in integers if not one.is_opaque]
        if not found:
            return
        edits = []
        for group in together(found):
            edit = insert_before_run(script, group[0], dense_flag_lines(called(group[0])))
            edits.extend([edit] if edit else [])
        certain = version is not None and script.has_dense and not script.is_detector
        told = "TensorFlow 2.17 and later give"
        if version is not None:
            told = f"TensorFlow {version[0]}.{version[1]} gives"
        places = list(dict.fromkeys(one.span for one in found))
        who = f"'{called(found[0])}' does" if len(places) == 1 else f"{len(places)} converters do"
        yield self.finding(
            [script_location(script, span) for span in places],
            f"{told} dense layers a scale for every unit, and {who} not switch that off",
            severity=Severity.WARNING if certain else Severity.INFO,
            cost="older kernels read only the first scale and give wrong numbers without an error; without "
            "dense layers there is nothing to lose",
            evidence={"tensorflow": ".".join(map(str, version)) if version else ""},
            fix=Fix(
                "Quantize dense layers with one scale",
                Safety.SAFE if edits else Safety.MANUAL,
                "\n".join(dense_flag_lines(called(found[0]))),
                tuple(edits),
            ),
        )
