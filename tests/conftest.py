"""What many tests share: where the real models are that cannot be shipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data() -> Path | None:
    """The folder with ``corpus`` and ``logs``, real models and compiler outputs under licences of their
    own: named by TFLINT_EDGETPU_CORPUS, or ``shared`` beside the checkout."""
    named = os.environ.get("TFLINT_EDGETPU_CORPUS")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "corpus" / "manifest.json").is_file() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = shared_data()
    if folder is None:
        pytest.skip(
            "the corpus of real models is not here (set TFLINT_EDGETPU_CORPUS to the folder that holds it)"
        )
    return folder
