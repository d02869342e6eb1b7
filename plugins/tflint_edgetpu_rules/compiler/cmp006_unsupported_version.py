"""CMP006 unsupported-version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, Status, why_version

from .evidence import Refused, about, cost_of, refused_with, severity_of

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog

RESIZES = frozenset(("RESIZE_NEAREST_NEIGHBOR", "RESIZE_BILINEAR"))

RESIZE = """\
compile with edgetpu_compiler 16.0: it maps version 3
or write the resize without half_pixel_centers and align_corners:
    tf.compat.v1.image.resize_nearest_neighbor(x, size)
or repair the .tflite (bit-identical for whole factors): tflint-edgetpu fix model.tflite"""

OTHER = """\
which feature raised the version stands in the model: tflint-edgetpu lint model.tflite
one operator with the feature raises the version of all that share its operator code (ADD with int64: v4)"""


class UnsupportedVersion(Rule):
    """Operators that the compiler can read but not map in this version.

    ## Why it matters
    `Operation version not supported`: the parser knows the version, the Edge TPU's part does not. Up to
    compiler 15.0 that is the resize with half_pixel_centers (version 3), which 16.0 maps. In 16.0 it is most
    likely a version raised by another operator of the same kind: the number stands in the operator code
    that all of them share.

    ## How to fix
    Resize: use compiler 16.0, or export without half_pixel_centers. Others: remove the operator that raised
    the number, such as integer index arithmetic of an end-to-end head, or give it an operator code of its
    own.

    ## References
    - https://github.com/google-coral/edgetpu/issues/187
    - https://github.com/google-coral/edgetpu/issues/420
    """

    meta = RuleMeta(
        "CMP006", "unsupported-version", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/420",), covers=("L004",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        for refused in refused_with([Status.VERSION], log, context):
            kinds = {row.operator for row in refused.rows} | {one.kind for one in refused.operators}
            old = (log.release or (99, 0)) < (16, 0)
            resize = kinds <= RESIZES and old
            yield self.finding(
                refused.places,
                f"{about(refused.logged, log)}compiler {log.compiler_version or 'of unknown version'} reads "
                f"{refused.names} but does not map {'this version' if len(kinds) == 1 else 'these versions'}"
                + ("; version 3 of a resize means half_pixel_centers or align_corners" if resize else "")
                + _feature(refused),
                severity=severity_of(refused, context),
                cost=cost_of(refused, context),
                evidence={"count": refused.number, "compiler_version": log.compiler_version},
                fix=Fix(
                    "Compile with 16.0, or export the resize without half_pixel_centers"
                    if resize
                    else "Remove the feature that raised the version",
                    how=RESIZE if resize else OTHER,
                ),
            )


def _feature(refused: Refused) -> str:
    if not refused.operators:
        return ""
    operator = refused.operators[0]
    return f"; {operator.kind} has version {operator.version}, by itself it needs {why_version(operator) or 'less'}"
