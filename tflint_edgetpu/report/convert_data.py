"""A conversion as plain data for JSON; every key is always there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..convert.choice import Candidate, mapped_share
from ..fix.session import Linted
from ..lint.finding import Severity
from .chain import stages_data

if TYPE_CHECKING:
    from ..convert.conversion import Conversion, NothingConverted
    from ..convert.debug_layers import LayerLoss
    from ..convert.source import Source
    from ..convert.write import Files


def conversion_dict(
    conversion: Conversion, files: Files | None, losses: Sequence[LayerLoss] | None = None
) -> dict[str, Any]:
    """What :mod:`.convert_card` shows."""
    outcome = conversion.best.outcome
    assert outcome is not None
    old = conversion.before
    return {
        "source": {"kind": conversion.source.kind, "path": conversion.source.path},
        "written": None if files is None else [str(path) for path in files],
        "chosen": conversion.best.name,
        "why": conversion.why,
        "candidates": [_candidate(candidate) for candidate in conversion.candidates],
        "settings": [setting._asdict() for setting in conversion.settings],
        "recipe": dict(conversion.mark),
        "before": None
        if old is None
        else {**_side(old.linted), "agreement": stages_data([old.agreement])[0]},
        "converted": _side(outcome.linted_before),
        "fixed": _side(conversion.linted),
        "fixes": [
            {
                "code": a.code,
                "title": a.title,
                "safety": a.safety.word,
                "outcome": a.outcome,
                "reason": a.reason,
            }
            for a in outcome.attempts
        ],
        "findings": [
            {"code": f.code, "severity": f.severity.word, "message": f.message}
            for f in conversion.linted.findings
        ],
        "stay_float": list(conversion.islands),
        "outputs": [output._asdict() for output in conversion.outputs],
        "ranges": {name: list(pair) for name, pair in conversion.ranges.items()},
        "notes": list(conversion.notes),
        "stages": stages_data(conversion.stages),
        "layers": None if losses is None else [loss._asdict() for loss in losses],
        "seconds": round(conversion.seconds, 2),
        "error": None,
    }


def nothing_dict(source: Source, error: NothingConverted) -> dict[str, Any]:
    """Plain data of a conversion that gave nothing."""
    return {
        "source": {"kind": source.kind, "path": source.path},
        "written": None,
        "candidates": [_candidate(candidate) for candidate in error.candidates],
        "error": str(error),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    attempt = candidate.attempt
    return {
        "step": candidate.name,
        "why": attempt.why,
        "failure": None if attempt.failure is None else attempt.failure.text,
        "seconds": round(attempt.seconds, 2),
        "repaired": candidate.repaired or None,
        "result": None if candidate.linted is None else _side(candidate.linted),
    }


def _side(linted: Linted) -> dict[str, Any]:
    placement = linted.placement
    return {
        "edgetpu": placement.edgetpu,
        "cpu": placement.cpu,
        "share": mapped_share(linted),
        "findings": {
            severity.word: sum(f.severity is severity for f in linted.findings)
            for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        },
        "codes": sorted({finding.code for finding in linted.findings}),
        "inputs": [tensor.dtype for tensor in linted.model.main.inputs],
        "outputs": [tensor.dtype for tensor in linted.model.main.outputs],
    }
