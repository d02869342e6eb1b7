"""CNV018 unparsable-code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Cell, Script


class UnparsableCode(Rule):
    """Code that names the converter and does not parse.

    ## Why it matters
    Settings in code that is no Python 3 cannot be looked at: a file for Python 2, a template, a cell with the magic of
    another kernel. It is said so that silence is not taken for a clean result.

    ## How to fix
    Port it to Python 3, or accept it with an ignore in the settings.

    ## References
    - https://docs.python.org/3/library/ast.html#ast.parse
    """

    meta = RuleMeta(
        "CNV018", "unparsable-code", Severity.INFO, Certainty.DOCUMENTED,
        references=("https://docs.python.org/3/library/ast.html#ast.parse",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import Span, mentions_converter, script_location

        for index, cell in enumerate(script.cells):
            if cell.error is None or not mentions_converter(_bytes(cell)):
                continue
            line = min(max(cell.error_line or 1, 1), len(cell.lines))
            yield self.finding(
                script_location(script, Span(index, line, 0, line, 0)),
                f"this does not parse as Python 3, so its settings were not looked at: {cell.error[:80]}",
                evidence={"line": line},
                fix=Fix("Make it Python 3"),
            )


def _bytes(cell: Cell) -> bytes:
    return "\n".join(cell.lines).encode("utf-8", "surrogatepass")
