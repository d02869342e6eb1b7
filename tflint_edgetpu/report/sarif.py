"""SARIF 2.1.0, for code scanning.

A model has no lines: a result carries the operator's ref as a logical location and, because GitHub asks for
a line with every result, line 1 of the file.  Fingerprints are our own, so that a re-export with other
indices does not open the same alert twice.
"""

from __future__ import annotations

import json
from typing import Any

from ..lint.core_rules import CORE_RULES
from ..lint.file_report import FileReport
from ..lint.finding import Finding, Location, Severity
from ..lint.rule import Rule
from ..version import __version__
from .json_report import plain
from .report import Report
from .text import printable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
PAGES = "https://github.com/tflint-edgetpu/tflint-edgetpu/blob/main/docs/rules"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


SEPARATOR = ""


def begin() -> str:
    return ""


def file_text(file: FileReport, look: object) -> str:
    """Nothing: the rules of all results come first."""
    return ""


def end(report: Report, look: object) -> str:
    """One run with all files."""
    return json.dumps(sarif_document(report), indent=1) + "\n"


def sarif_document(report: Report) -> dict[str, Any]:
    """The document as plain data."""
    rules = {rule.meta.code: rule for rule in CORE_RULES}
    # Those of suppressed findings as well: an alert whose result is missing looks fixed.
    used = sorted(
        {
            finding.code
            for file in report.files
            for finding in (*file.findings, *(finding for finding, _ in file.suppressed))
        }
    )
    rules.update((code, report.plugins.rule(code)) for code in used if code not in rules)
    numbers = {code: number for number, code in enumerate(used)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "tflint-edgetpu",
                        "version": __version__,
                        "informationUri": "https://github.com/tflint-edgetpu/tflint-edgetpu",
                        "rules": [_rule(rules[code]) for code in used],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": report.exit_code != 2,
                        "toolExecutionNotifications": [
                            _notification(file, problem)
                            for file in report.files
                            for problem in (file.error, *file.failures)
                            if problem is not None
                        ],
                    }
                ],
                "results": [
                    _result(file, finding, numbers[finding.code], suppression)
                    for file in report.files
                    for finding, suppression in (
                        *((finding, None) for finding in file.findings),
                        *file.suppressed,
                    )
                ],
            }
        ],
    }


def _rule(rule: type[Rule]) -> dict[str, Any]:
    meta = rule.meta
    text = (rule.__doc__ or "").strip()
    page = f"{PAGES}/{meta.code.lower()}.md"
    return {
        "id": meta.code,
        "name": "".join(part.capitalize() for part in meta.name.split("-")),
        "shortDescription": {"text": text.splitlines()[0]},
        "help": {"text": text, "markdown": text},
        "helpUri": page if rule.__module__.startswith("tflint_edgetpu") else meta.references[0],
        "defaultConfiguration": {"level": LEVELS[meta.severity]},
    }


def _notification(file: FileReport, problem: str) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": printable(problem)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(file.path)}}}],
    }


def _result(file: FileReport, finding: Finding, number: int, suppression: str | None) -> dict[str, Any]:
    parts = [printable(finding.message)]
    if finding.cost:
        parts.append(f"Cost: {printable(finding.cost)}.")
    if finding.fix is not None:
        parts.append(f"Fix: {printable(finding.fix.title)}.")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join(parts)},
        "locations": [_location(file, location) for location in finding.locations],
        "partialFingerprints": {"tflintEdgetpu/v1": finding.fingerprint},
        "properties": {"certainty": finding.certainty.value, "evidence": plain(finding.evidence)},
    }
    if finding.related:
        result["relatedLocations"] = [_location(file, location) for location in finding.related]
    if suppression is not None:
        result["suppressions"] = [{"kind": "external", "justification": printable(suppression)}]
    return result


def _location(file: FileReport, location: Location) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file.path)},
            "region": {"startLine": location.line or 1},
        },
        "logicalLocations": [
            {
                "fullyQualifiedName": printable(location.ref),
                "name": printable(location.label),
                "kind": location.kind,
            }
        ],
    }


def _uri(path: str) -> str:
    """A relative reference as RFC 3986 wants it, which code scanning looks for in the repository; a path from
    the root is a file URI."""
    from pathlib import Path
    from urllib.parse import quote

    normal = Path(path).as_posix()
    try:
        data = normal.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a pair, which file names of Windows may hold
        data = normal.encode("utf-8", "surrogatepass")
    uri = quote(data, safe="/-._~")
    return f"file://{'' if uri.startswith('/') else '/'}{uri}" if Path(path).is_absolute() else uri
