"""Notebooks built in code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def notebook(
    *cells: str, outputs: Mapping[int, str] | None = None, markdown: str = "", indent: int = 1
) -> str:
    """The text of a notebook with these code cells, as Jupyter writes it. ``outputs``: what a cell printed, by its
    number from 1.
    """
    documents: list[dict[str, Any]] = []
    if markdown:
        documents.append({"cell_type": "markdown", "metadata": {}, "source": _lines(markdown)})
    for number, cell in enumerate(cells, 1):
        printed = (outputs or {}).get(number)
        stream = [{"name": "stderr", "output_type": "stream", "text": _lines(printed)}] if printed else []
        documents.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": stream,
                "source": _lines(cell),
            }
        )
    document = {"cells": documents, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=indent, ensure_ascii=False) + "\n"


def _lines(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)
