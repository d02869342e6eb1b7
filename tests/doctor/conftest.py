"""Machines that are not this one: each test says what is on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.doctor.machine import Machine
from tflint_edgetpu.verify.device import Runtime

NOTHING = Runtime("libedgetpu.so.1", "", None, "", None, (), "cannot open shared object file")


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., Machine]:
    """A Linux PC with an empty disk; ``files``, ``runtime`` and the fields of Machine change it."""

    def make(*, files: Mapping[str, str] | None = None, runtime: Runtime = NOTHING, **fields: Any) -> Machine:
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        write(root, files or {})
        plain = Machine(
            "Linux", "x86_64", "6.1.0", root, (3, 11, 7), "/usr/bin/python3", {}, (tmp_path / "packages",),
            str(tmp_path / "bin"), "ada", frozenset({"ada"}), lambda: runtime,
        )  # fmt: skip
        return plain._replace(**fields)

    return make
