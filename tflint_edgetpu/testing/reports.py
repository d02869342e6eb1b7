"""Reports to try a reporter on: real ones, and ones full of hostile text, as any model may bring it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from os import PathLike, fspath

from ..lint.core_rules import BudgetExceeded
from ..lint.file_report import FileReport
from ..lint.finding import Edit, Finding, Fix, Location, Safety
from ..lint.linter import Linter
from ..lint.plugins import Plugins
from ..lint.settings import Settings
from ..report.report import Report
from ..report.reporter import Output, find_reporter
from .builder import ModelBuilder

# Names that were made to break, forge or colour an output.
HOSTILE_TEXTS = (
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b31m",
    "[red]red[/red]",
    "[/]",
    ":warning:",
    "two\nlines\r\n::error::forged",
    "null\0byte",
    "\u202eright to left\u2066",
    "zero\u200bwidth\ufeff",
    "invalid \udcff\udc80 UTF-8",
    "lone \ud800 surrogate",
    "%0A::error file=x::forged",
    "a,b:c=d;e'f''g'\"h\"<i>&]]>",
    "--option",
    "=cmd()",
    "{0} {name} %s %d",
    "x" * 100_000,
    "",
)


@cache
def plugins() -> Plugins:
    return Plugins()


def report_on(paths: Iterable[str | PathLike[str]]) -> Report:
    """What ``lint`` says about files, without any settings file."""
    linter = Linter(plugins())
    return Report([linter.examine(fspath(path)) for path in paths], plugins())


def written(report: Report, name: str, width: int | None = 80, *, color: bool | None = False) -> str:
    """What the reporter called ``name`` writes."""
    reporter = find_reporter(name)
    assert reporter is not None
    stream = io.StringIO()
    reporter.write(report, Output(stream, color, width))
    return stream.getvalue()


def hostile_model(name: str) -> bytes:
    """A model with findings of several rules whose tensors and description are all called ``name``."""
    m = ModelBuilder(dtype="INT8", description=name.encode("utf-8", "replace").decode())
    image = m.input((1, 8, 8, 3), "FLOAT32", name=f"{name}0")
    x = m.conv2d(m.quantize(image, name=f"{name}1"), 8, name=f"{name}2")
    x = m.unary("HARD_SWISH", x, name=f"{name}3")
    m.output(m.dequantize(x, name=f"{name}4"))
    for tensor in m.model_t.subgraphs[0].tensors:  # a surrogate makes a name that is no UTF-8
        tensor.name = tensor.name.encode("utf-8", "surrogatepass")
    return m.build()


def hostile_finding(text: str) -> Finding:
    """A finding that says ``text`` wherever text can stand."""
    place = Location("operator", f"subgraph[0].op[0]{text}", f"CONV_2D '{text}'", text, 12)
    return Finding(
        BudgetExceeded.meta.code,
        BudgetExceeded.meta.name,
        BudgetExceeded.meta.severity,
        BudgetExceeded.meta.certainty,
        f"'{text}' is wrong: {text}",
        f"'{text}' costs {text}",
        (place, place._replace(kind="tensor")),
        (place,),
        {"text": text, "number": float("nan"), text: [text]},
        Fix(f"mend {text}", Safety.SAFE, f"run {text}\n{text}", (Edit("kind", text, {"name": text}),)),
        "0123456789abcdef",
    )


def hostile_report(text: str) -> Report:
    """Files with findings, suppressed ones, failures and an error, all of them saying ``text``."""
    finding = hostile_finding(text)
    settings = Settings()
    files: Sequence[FileReport] = (
        FileReport(
            f"folder/{text}.tflite", "model", settings, findings=[finding], suppressed=[(finding, text)],
            failures=[f"rule X failed: {text}"],
        ),
        FileReport(f"{text}.tflite", "unreadable", settings, error=f"not read: {text}"),
    )  # fmt: skip
    return Report(files, plugins(), statistics=True)
