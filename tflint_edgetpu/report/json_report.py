"""One JSON document for programs. ``schema.json`` beside this file says what stands in it.

Every key is always present; ``null`` says that there is no such thing.  The text is ASCII, so that no
pipe, terminal or encoding can damage it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import Any

from ..lint.file_report import FileReport
from ..lint.finding import Finding, Fix, Location, Severity
from ..version import __version__
from .model_data import model_data
from .placement.data import placement_data
from .report import Report
from .summary import statistics
from .text import printable

SCHEMA_VERSION = 1


# One line for each file, so that two reports can be compared line by line.
SEPARATOR = ",\n"


def begin() -> str:
    return f'{_encode(_head())[:-1]},"files":[\n'


def file_text(file: FileReport, look: object) -> str:
    return _encode(file_data(file))


def end(report: Report, look: object) -> str:
    return f'\n],"summary":{_encode(_summary(report))}}}\n'


def _encode(value: Any) -> str:
    from json.encoder import JSONEncoder

    return JSONEncoder(allow_nan=False, separators=(",", ":")).encode(value)


def report_data(report: Report) -> dict[str, Any]:
    """The document as plain data."""
    files = [file_data(file) for file in report.files]
    return {**_head(), "files": files, "summary": _summary(report)}


def _head() -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "tflint-edgetpu", "version": __version__},
    }


def _summary(report: Report) -> dict[str, Any]:
    return {
        "files": len(report.files),
        **{severity.word: report.count(severity) for severity in reversed(Severity)},
        "suppressed": sum(len(file.suppressed) for file in report.files),
        "unreadable": sum(file.error is not None for file in report.files),
        "failures": sum(len(file.failures) for file in report.files),
        "exit_code": report.exit_code,
        "rules": statistics(report),
    }


def file_data(file: FileReport) -> dict[str, Any]:
    return {
        "path": printable(file.path),
        "kind": file.kind,
        "error": file.error,
        "model": None if file.model is None else model_data(file.model),
        "contract": plain(file.contract),
        "findings": [finding_data(finding) for finding in file.findings],
        "suppressed": [
            {"reason": reason, "finding": finding_data(finding)} for finding, reason in file.suppressed
        ],
        "failures": list(file.failures),
        "placement": None if file.placement is None else placement_data(file.placement),
        "observed": _own_data(file.observed),
        "log": _own_data(file.log),
        "compiled": _own_data(file.compiled),
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.word,
        "certainty": finding.certainty.value,
        "message": finding.message,
        "cost": finding.cost,
        "locations": [_location_data(location) for location in finding.locations],
        "related": [_location_data(location) for location in finding.related],
        "evidence": plain(finding.evidence),
        "fix": None if finding.fix is None else _fix_data(finding.fix),
        "fingerprint": finding.fingerprint,
    }


def _location_data(location: Location) -> dict[str, Any]:
    return {
        "kind": location.kind,
        "ref": location.ref,
        "label": location.label,
        "line": location.line,
        "position": location.position,
    }


def _fix_data(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "safety": fix.safety.word, "how": fix.how, "edits": plain(fix.edits)}


def _own_data(value: Any) -> Any:
    return None if value is None else plain(value.to_dict())


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: named tuples become objects, bytes hex, numbers that are none text."""
    if value is None or (isinstance(value, (str, bool)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value if isinstance(value, str) else value.name.lower()
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if hasattr(value, "_asdict"):
        return {key: plain(entry) for key, entry in value._asdict().items()}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    return str(value)
