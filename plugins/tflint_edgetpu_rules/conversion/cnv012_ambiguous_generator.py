"""CNV012 ambiguous-generator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Defined, Script, Setting


class AmbiguousGenerator(Rule):
    """Several functions of the name that calibration uses.

    ## Why it matters
    The last one that Python has read before `converter.representative_dataset = ...` is the one that counts. In a
    notebook that is a matter of which cell was run last, which the file does not tell: a function with random data,
    kept for a try, may have calibrated the model.

    Nothing is said of functions that are the same word for word; functions that all yield data are only noted.

    ## How to fix
    Give each a name of its own, and delete the one that is not used.

    ## References
    - https://docs.python.org/3/reference/compound_stmts.html#function-definitions
    """

    meta = RuleMeta(
        "CNV012", "ambiguous-generator", Severity.WARNING, Certainty.GUESS,
        references=("https://docs.python.org/3/reference/compound_stmts.html#function-definitions",),
        covers=("X003",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import kind_of_function, script_location

        seen = set()
        for conversion in script.conversions:
            dataset, setting = script.dataset(conversion), conversion.last("representative_dataset")
            if dataset is None or setting is None or len(dataset.functions) < 2:
                continue
            name = dataset.functions[0].name
            if name in seen:
                continue
            seen.add(name)
            if len({function.home for function in dataset.functions}) > 1:
                continue  # of different functions or classes: no name of one hides the other's
            if len({_written(function) for function in dataset.functions}) == 1:
                continue
            described = [kind_of_function(function, script.names) for function in dataset.functions]
            synthetic = [
                f"the one in {script_location(script, function.span).ref} gives {_words(kind)} ({call})"
                for function, (kind, call) in zip(dataset.functions, described, strict=True)
                if kind in ("random", "constant")
            ]
            yield self.finding(
                [script_location(script, function.span) for function in dataset.functions],
                f"{len(dataset.functions)} functions are called '{name}', and calibration uses that name"
                + (f"; {'; '.join(synthetic)}" if synthetic else ""),
                severity=Severity.WARNING if synthetic else Severity.INFO,
                cost=_used(script, dataset.functions, setting),
                related=[script_location(script, setting.span)],
                evidence={"name": name, "kinds": [kind for kind, _ in described]},
                fix=Fix(
                    "Give each function its own name",
                    how=f"def {name}_real(): ...\ndef {name}_{'random' if synthetic else 'other'}(): ...",
                ),
            )


def _written(function: Defined) -> str:
    """What it does, without comments and places."""
    import ast

    return "\n".join(map(ast.dump, function.node.body))


def _words(kind: str) -> str:
    return "random numbers" if kind == "random" else "constants"


def _used(script: Script, functions: tuple[Defined, ...], setting: Setting) -> str:
    """Which one Python takes, as far as the file tells."""
    from tflint_edgetpu.api import script_location

    before = [function for function in functions if function.span < setting.span]
    last = max(before, key=lambda function: function.span, default=None)
    if last is None:
        return "none of them stands before the line that uses it"
    place = script_location(script, last.span).ref
    if script.kind == "notebook":
        return (
            f"run from top to bottom it is the one in {place}; which cell was run last, and so which data "
            "calibrated the model, the file does not tell"
        )
    return f"Python takes the one in {place}, the last before the line that uses it, and nothing says so"
