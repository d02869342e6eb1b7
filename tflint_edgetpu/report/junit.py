"""JUnit XML, which every CI system reads: one test suite a file, one test case a finding.

Findings that fail the run are failures, others pass with their text in ``system-out``; a file without
findings is one case that passes.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from ..lint.file_report import FileReport
from ..lint.finding import Finding
from .report import Report
from .text import printable, shorten_names

SEPARATOR = ""


def begin() -> str:
    return ""


def file_text(file: FileReport, look: object) -> str:
    """Nothing: the numbers of all suites come first."""
    return ""


def end(report: Report, look: object) -> str:
    """The whole document, UTF-8; characters that XML 1.0 forbids come out escaped as text."""
    suites = [_suite(file) for file in report.files]
    tests = sum(suite[1] for suite in suites)
    failures = sum(suite[2] for suite in suites)
    errors = sum(suite[3] for suite in suites)
    texts = "".join(text for text, *_ in suites)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="tflint-edgetpu" tests="{tests}" failures="{failures}" errors="{errors}">\n'
        f"{texts}</testsuites>\n"
    )


def _suite(file: FileReport) -> tuple[str, int, int, int]:
    """Its text, and how many tests, failures and errors it holds."""
    problems = [text for text in (file.error, *file.failures) if text is not None]
    failing = [finding for finding in file.findings if file.is_failed_by(finding)]
    cases = [_error(file, problem) for problem in problems]
    cases.extend(_case(file, finding) for finding in file.findings)
    if not cases:
        cases = [f"    <testcase name={_attribute('no findings')} classname={_attribute(file.path)}/>\n"]
    head = (
        f'  <testsuite name={_attribute(file.path)} tests="{len(cases)}" failures="{len(failing)}" '
        f'errors="{len(problems)}">\n'
    )
    return head + "".join(cases) + "  </testsuite>\n", len(cases), len(failing), len(problems)


def _error(file: FileReport, problem: str) -> str:
    name, path = _attribute("could not be linted"), _attribute(file.path)
    return f"    <testcase name={name} classname={path}><error message={_attribute(problem)}/></testcase>\n"


def _case(file: FileReport, finding: Finding) -> str:
    name = _attribute(f"{finding.code} {finding.name} {finding.locations[0].ref}")
    message = _attribute(shorten_names(finding.message))
    text = escape(_text(finding))
    if file.is_failed_by(finding):
        inside = f"<failure type={_attribute(finding.severity.word)} message={message}>{text}</failure>"
    else:
        inside = f"<system-out>{text}</system-out>"
    return f"    <testcase name={name} classname={_attribute(file.path)}>{inside}</testcase>\n"


def _text(finding: Finding) -> str:
    lines = [f"{finding.severity.word}: {shorten_names(finding.message)}"]
    if finding.cost:
        lines.append(f"cost: {shorten_names(finding.cost)}")
    lines.extend(
        f"where: {printable(place.ref)} {shorten_names(place.label)}" for place in finding.locations[:10]
    )
    if finding.fix is not None:
        lines.append(f"fix: {printable(finding.fix.title)}")
        lines.extend(printable(line) for line in finding.fix.how.splitlines())
    return "\n".join(lines)


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
