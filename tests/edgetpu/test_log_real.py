"""Real compiler output against what a careful person reads in it, as it is and as people paste it."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.edgetpu.log import is_compiler_output, read_log

ROOT = Path(__file__).resolve().parents[2]


def test_every_field_of_every_log(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("benchmark_logs", ROOT / "benchmarks" / "logs.py")
    assert spec is not None and spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    assert benchmark.main(shared / "logs") == 0, capsys.readouterr().out


def test_every_log_is_recognized_by_its_beginning(shared: Path) -> None:
    for path in sorted((shared / "logs").glob("[0-9]*.txt")):
        assert is_compiler_output(path.read_bytes()[: 2**16]), path.name


def _lines(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(change(line) for line in text.split("\n"))


def _wrapped_by_a_terminal(text: str) -> str:
    return "\n".join(
        line[at : at + 80] for line in text.split("\n") for at in range(0, max(len(line), 1), 80)
    )


def _wrapped_by_a_mail_program(text: str) -> str:
    return "\n".join(
        part
        for line in text.split("\n")
        for part in textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False) or [""]
    )


def _rows(pattern: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"(?m)^([A-Z][A-Z0-9_]+) +(\d+) +(\S.*)$", pattern, text)


TRANSLATION = "翻译 操作 3 个, 受支持"
DISGUISES: dict[str, Callable[[str], str]] = {
    "quoted": _lines(lambda line: f"> {line}"),
    "indented": _lines(lambda line: f"\t    {line}"),
    "from Windows": lambda text: text.replace("\n", "\r\n"),
    "from an old Mac": lambda text: text.replace("\r", "").replace("\n", "\r"),
    "wrapped by a terminal": _wrapped_by_a_terminal,
    "wrapped by a mail program": _wrapped_by_a_mail_program,
    "as HTML": lambda text: f"<pre><code>{html.escape(text)}</code></pre>",
    "with line breaks as tags": lambda text: text.replace("\n", "<br>\n"),
    "with a blank line after every line": lambda text: text.replace("\n", "\n\n"),
    "with time stamps": _lines(lambda line: f"2024-01-02T03:04:05.1234567Z {line}"),
    "from docker compose": _lines(lambda line: f"compiler_1  | {line}"),
    "in colour": _lines(lambda line: f"\x1b[0m\x1b[32m{line}\x1b[0m"),
    "in prose": lambda text: f"I have 3 ADD layers. What is More than one subgraph?\n\n{text}\n\nThanks!\n",
    "with a translation below": _lines(lambda line: f"{line}\n{TRANSLATION}" if line.strip() else line),
    "with a translation behind": _lines(lambda line: f"{line}  {TRANSLATION}" if line.strip() else line),
    "cell by cell": _rows(r"\1\n\2\n\3"),
    "as a Markdown table": _rows(r"| \1 | \2 | \3 |"),
    "with commas": _rows(r"\1,\2,\3"),
    "with tabs": _rows(r"\1\t\2\t\3"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_nothing_is_lost_in_a_disguise(shared: Path, disguise: str) -> None:
    for entry in json.loads((shared / "logs" / "index.json").read_text(encoding="utf-8")):
        text = (shared / "logs" / entry["file"]).read_text(encoding="utf-8")
        if len(text) > 200_000:
            continue  # one file, a search of 535 steps: minutes for some disguises, and no row or label in it
        assert _read(DISGUISES[disguise](text)) == _read(text), entry["file"]


def _read(text: str) -> dict[str, Any]:
    data = read_log(text.encode()).to_dict()
    del data["commands"]  # a command line may be wrapped anywhere
    return data


def test_utf_16(shared: Path) -> None:
    text = (shared / "logs" / "025.txt").read_text(encoding="utf-8")
    assert read_log(text.encode("utf-16")).to_dict() == read_log(text.encode()).to_dict()
    assert read_log(text.encode("utf-16-le")).to_dict() == read_log(text.encode()).to_dict()
    assert is_compiler_output(text.encode("utf-16")) and is_compiler_output(text.encode("utf-16-le"))
