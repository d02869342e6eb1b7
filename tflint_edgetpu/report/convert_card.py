"""A conversion on one page: what was tried, what won and why, each setting with its reason, what maps, the proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ..convert.choice import Candidate, mapped_share
from ..fix.session import Linted
from ..lint.detection import POSTPROCESS
from ..lint.finding import Finding, Severity
from ..lint.wording import counted, percent, reason_of, shortened
from .chain import show_stages
from .summary import by_severity
from .terminal.header import at_the_ends, bar, title
from .terminal.layout import hanging, keyed
from .terminal.style import DIM, SEVERITY, Signs, signs
from .terminal.words import shape, tally
from .text import printable, shorten, shorten_names

if TYPE_CHECKING:
    from ..convert.conversion import Conversion, NothingConverted
    from ..convert.debug_layers import LayerLoss
    from ..convert.source import Source
    from ..convert.write import Files

_FROM = {
    "images": "from images", "arrays": "from arrays", "tfrecord": "from TFRecord files", "function": "from a function",
    "random": "of noise",
}  # fmt: skip
MOST_REASONS = 6  # of operators on the CPU
MOST_FINDINGS = 8
MOST_LAYERS = 8


def show_conversion(
    console: Console,
    conversion: Conversion,
    files: Files | None,
    losses: Sequence[LayerLoss] | None = None,
) -> None:
    """The whole report; ``losses`` come from --debug-layers."""
    sign = signs(console)
    title(console, conversion.source.path, sign, f"{conversion.seconds:.0f} s")
    keyed(console, [("source", Text(printable(_source_line(conversion))))])
    console.print()
    _tried(console, conversion.candidates, conversion.best)
    keyed(console, [("chosen", Text(printable(f"{conversion.best.name}: {conversion.why}"), style="bold"))])
    console.print()
    _settings(console, conversion)
    console.print()
    _placement(console, conversion, sign)
    _findings(console, conversion.linted.findings)
    _interface(console, conversion)
    _notes(console, "data", _data_lines(conversion))
    _notes(console, "layers", [loss.text for loss in (losses or ())[:MOST_LAYERS]])
    console.print()
    show_stages(console, conversion.stages)
    console.print()
    _written(console, files)


def show_nothing(console: Console, source: Source, error: NothingConverted) -> None:
    """What was tried where nothing worked."""
    title(console, source.path, signs(console))
    _tried(console, error.candidates, None)


def _source_line(conversion: Conversion) -> str:
    kinds = {
        "saved_model": "SavedModel",
        "keras": "Keras model",
        "function": "function",
        "float_tflite": "float .tflite",
    }
    inputs = ", ".join(
        f"{shorten(i.name, 24)} {i.dtype} {shape(i.shape)}" for i in conversion.described.inputs[:4]
    )
    versions = conversion.described.versions
    program = next(
        (name for name in ("tensorflow", "litert-quantizer", "ai-edge-quantizer") if name in versions), ""
    )
    by = f"{'TensorFlow' if program == 'tensorflow' else program} {versions.get(program, '')}"
    return f"{kinds[conversion.source.kind]} with {inputs}; converted by {by.strip()}"


def _tried(console: Console, candidates: Sequence[Candidate], best: Candidate | None) -> None:
    for number, candidate in enumerate(candidates):
        attempt = candidate.attempt
        head = Text(f"  {'tried' if not number else '':<8}", style=DIM)
        head.append(candidate.name, style="bold" if candidate is best else "default not dim")
        if not candidate.repaired:
            head.append(f"  {attempt.seconds:.1f} s", style=DIM)
        console.print(head)
        rows = [("", Text(printable(candidate.repaired or attempt.why), style=DIM))]
        linted = candidate.linted
        if linted is None:
            why = attempt.failure.text if attempt.failure else candidate.problem or "no model"
            rows.append(("", Text(f"failed: {shorten_names(why)}", style="red")))
        else:
            found = by_severity(linted.findings) or "no findings"
            rows.append(
                ("", Text(f"{percent(mapped_share(linted))} of the arithmetic on the Edge TPU, {found}"))
            )
        keyed(console, rows, indent=4)


def _settings(console: Console, conversion: Conversion) -> None:
    for number, setting in enumerate(conversion.settings):
        head = Text(f"  {'recipe' if not number else '':<8}", style=DIM)
        head.append(f"{setting.name} ", style="default not dim")
        head.append(setting.value, style="bold not dim")
        console.print(head, soft_wrap=True)
        hanging(console, Text(" " * 12), Text(setting.why, style=DIM))


def _placement(console: Console, conversion: Conversion, sign: Signs) -> None:
    outcome = conversion.best.outcome
    assert outcome is not None
    rows = []
    if conversion.before is not None:
        old = conversion.before
        rows.append(("before", _share_line(old.linted, sign)))
        rows.append(("", Text(by_severity(old.linted.findings) or "no findings", style=DIM)))
        rows.append(
            ("", Text(shorten_names(f"agreement {old.agreement.status}: {old.agreement.text}"), style=DIM))
        )
    rows.append(("convert", _share_line(outcome.linted_before, sign)))
    for attempt in outcome.attempts:
        line = Text(f"{attempt.code} {printable(attempt.title)} ")
        line.append(f"({attempt.outcome}, {attempt.safety.word})", style=DIM)
        rows.append(("fix", line))
    if outcome.applied:
        rows.append(("fixed", _share_line(conversion.linted, sign)))
    keyed(console, rows)
    reasons = _why_on_cpu(conversion.linted)
    keyed(console, [("CPU" if not n else "", Text(line, style=DIM)) for n, line in enumerate(reasons)])
    if conversion.islands:
        names = printable(", ".join(conversion.islands[:6]))
        text = f"{names}: the quantizer has no integer form of it, and said so only when it was made strict"
        keyed(console, [("float", Text(text))])


def _share_line(linted: Linted, sign: Signs) -> Text:
    placement = linted.placement
    line = bar(mapped_share(linted), sign)
    line.append(f"  {percent(mapped_share(linted))} of the arithmetic, ")
    line.append(f"{placement.edgetpu} of {counted(len(placement.operators), 'operator')}")
    if placement.compiles.is_refused:
        line.append(
            f"; the compiler refuses the file: {placement.compiles.reason or placement.compiles.error}"
        )
    return line


def _why_on_cpu(linted: Linted) -> list[str]:
    """What cannot be mapped and why, operators of one kind and reason together; then what belongs there."""
    groups: dict[tuple[str, str], int] = {}
    blocked = []
    ends = linted.placement.tail | linted.placement.entry
    for placed in linted.placement.operators:
        if placed.operator in ends:
            continue
        if placed.role == "breaker":
            key = shortened(placed.operator.label), printable(reason_of(placed))
            groups[key] = groups.get(key, 0) + 1
        elif placed.role == "blocked":
            blocked.append(placed.operator.label)
    lines = [f"{number} {label}: {why}" for (label, why), number in list(groups.items())[:MOST_REASONS]]
    if len(groups) > MOST_REASONS:
        lines.append(f"{len(groups) - MOST_REASONS} more kinds: 'tflint-edgetpu placement' lists all")
    if blocked:
        lines.append(f"{len(blocked)} fine by themselves but behind those: {printable(tally(blocked))}")
    if (belonging := at_the_ends(linted.placement)) is not None:
        lines.append(printable(belonging))
    return lines


def _findings(console: Console, findings: Sequence[Finding]) -> None:
    shown = [f for f in findings if f.severity is not Severity.INFO][:MOST_FINDINGS]
    rows = []
    for number, finding in enumerate(shown):
        line = Text()
        line.append(f"{finding.severity.word} ", style=SEVERITY[finding.severity.word])
        line.append(f"{finding.code} {shorten_names(finding.message)}")
        rows.append(("left" if not number else "", line))
        advice = finding.fix.title if finding.fix is not None else None
        if advice:
            rows.append(("", Text(printable(advice), style=DIM)))
    if len(findings) > len(shown):
        total = f"{by_severity(findings)} in all" if rows else by_severity(findings)
        pronoun = "it" if len(findings) == 1 else "them"
        rows.append(("" if rows else "left", Text(f"{total}; 'tflint-edgetpu lint' shows {pronoun}", DIM)))
    keyed(console, rows)


def _interface(console: Console, conversion: Conversion) -> None:
    """Outputs by name: whoever counts them gets another order than the source has."""
    rows = []
    for number, output in enumerate(conversion.outputs):
        name = shorten(output.name, 32)
        rows.append(
            ("outputs" if not number else "", Text(f"{name} is output {output.number}, {output.dtype.lower()}"))
        )  # fmt: skip
    if len(rows) > 1:
        if [o.number for o in conversion.outputs] != list(range(len(rows))):
            main = conversion.linted.model.main
            ordered = any(
                op.custom_code == POSTPROCESS and op.outputs == main.outputs for op in main.operators
            )
            text = (
                "in the order of clients that count outputs: boxes, classes, scores, count"
                if ordered
                else "the file has another order than the signature: fetch outputs by name"
            )
            rows.append(("", Text(text, style=DIM)))
        keyed(console, rows)


def _data_lines(conversion: Conversion) -> list[str]:
    lines = []
    calibration = conversion.mark["calibration"]
    lines.append(f"{counted(calibration['samples'], 'sample')} {_FROM[calibration['kind']]}")
    for name, (low, high) in list(conversion.ranges.items())[:4]:
        lines.append(f"{shorten(name, 32)} from {low:.4g} to {high:.4g}")
    return [", ".join(lines), *conversion.notes]


def _notes(console: Console, key: str, lines: Iterable[str]) -> None:
    keyed(console, [(key if not number else "", Text(printable(line))) for number, line in enumerate(lines)])


def _written(console: Console, files: Files | None) -> None:
    if files is None:
        console.print(Text("  nothing was written", style="bold"))
        return
    for number, path in enumerate(files):
        key = "written" if not number else ""
        line = Text.assemble((f"  {key:<8}", DIM), (printable(str(path)), "bold" if not number else ""))
        console.print(line, soft_wrap=True)
