"""The output format ``count``: how many findings there are, for a dashboard."""

from __future__ import annotations

from typing import Any


class Count:
    """``tflint-edgetpu lint --format count`` prints one number."""

    name = "count"

    def write(self, report: Any, output: Any) -> None:
        output.stream.write(f"{sum(len(file.findings) for file in report.files)}\n")
