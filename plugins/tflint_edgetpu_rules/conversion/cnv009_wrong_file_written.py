"""CNV009 wrong-file-written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script, Written

INTEGER_NAMES = re.compile(r"int8|uint8|integer|edgetpu|full_?quant", re.IGNORECASE)
# Names that say of themselves that the model is another one.
OTHER_NAMES = re.compile(
    r"float|fp_?(?:16|32)|f(?:16|32)\b|half|no_?quant|int_?16|16x8|16_?bit", re.IGNORECASE
)


class WrongFileWritten(Rule):
    """The bytes of another converter end up in the file of the integer model.

    ## Why it matters
    Scripts that make several models keep their bytes in variables with similar names. A float model in
    `model_int8.tflite`, or one written over the integer model, looks right until `edgetpu_compiler` says
    `Model not quantized`.

    ## How to fix
    Write the variable that holds the result of the integer conversion, each to a file of its own.

    ## References
    - https://github.com/google-coral/edgetpu/issues/79
    """

    meta = RuleMeta(
        "CNV009", "wrong-file-written", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://github.com/google-coral/edgetpu/issues/79",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import exclude_each_other, is_integer, kind_of, script_location

        integers = [one for one in script.conversions if is_integer(one, script)]
        results = [run.result for one in integers for run in one.runs if run.result]
        if not results:
            return
        is_told = False
        written: dict[str, Written | None] = {}  # file -> the last write of integers to it
        for write in script.writes:
            if write.conversion is None:
                written.pop(write.path, None)
                continue
            integer = is_integer(write.conversion, script)
            kind = kind_of(write.conversion, script)
            named = INTEGER_NAMES.search(write.path) and not OTHER_NAMES.search(write.path)
            if not integer and named:
                is_told = True
                yield self.finding(
                    script_location(script, write.span),
                    f"'{write.data}' holds a {kind} model and is written to a file called '{write.path}'",
                    cost="the integer model is in another variable; edgetpu_compiler will say: Model not quantized",
                    related=[script_location(script, one.span) for one in integers],
                    evidence={"file": write.path, "kind": kind},
                    fix=Fix(
                        "Write the result of the integer conversion", how=f"the variable is: {results[-1]}"
                    ),
                )
            elif (
                not integer
                and (before := written.get(write.path)) is not None
                and not exclude_each_other(script, before.span, write.span)
            ):
                yield self.finding(
                    script_location(script, write.span),
                    f"'{write.path}' held the integer model and is overwritten with a {kind} one",
                    cost="the integer model is lost",
                    evidence={"file": write.path, "kind": kind},
                    fix=Fix("Write each model to a file of its own"),
                )
            if write.path:
                written[write.path] = write if integer else None
        # A file that says in its name that it is another model was meant.
        others = [
            write
            for write in script.writes
            if write.conversion
            and not is_integer(write.conversion, script)
            and not OTHER_NAMES.search(write.path)
        ]
        unused = [run for conversion, run in script.unused_results if conversion in integers]
        if is_told or not others or not unused:
            return
        kind = kind_of(others[-1].conversion, script) if others[-1].conversion else ""
        yield self.finding(
            [script_location(script, run.statement) for run in unused],
            f"the integer model in '{unused[0].result}' is never used; what is written is a {kind} one",
            severity=Severity.WARNING,
            cost="an Edge TPU runs nothing of the model that is written",
            related=[script_location(script, others[-1].span)],
            evidence={"file": others[-1].path, "kind": kind},
            fix=Fix("Write the integer model", how=f"the variable is: {unused[0].result}"),
        )
